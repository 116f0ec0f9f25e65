//! The life of a resource, and which resources perform a service.
use serde_json::{Value, json};
use uuid::Uuid;

use super::{a_service, audited, ids, made, pointers, told};
use crate::support::app::Service;

const RESOURCES: &str = "/api/v1/resources";

#[tokio::test]
async fn a_resource_is_made_read_changed_and_deleted() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    let first = admin.post(RESOURCES, &json!({"type": "room", "name": "Garden", "tz": "Europe/Berlin"})).await;
    let (path, tag) = (first.header("location").to_owned(), first.header("etag").to_owned());
    let first = first.expect(201);
    assert_eq!(
        (&first["tz"], &first["capacity"], &first["is_active"]),
        (&"Europe/Berlin".into(), &1.into(), &true.into())
    );
    assert_eq!(admin.get(&path).await.expect(200), first);
    let changed =
        admin.patch(&path, &json!({"tz": null, "capacity": 4, "metadata_json": {"floor": 2}})).await.expect(200);
    assert_eq!((&changed["tz"], &changed["capacity"], &changed["name"]), (&Value::Null, &4.into(), &"Garden".into()));
    assert_eq!(changed["metadata_json"]["floor"], 2);
    admin.clone().with("if-match", &tag).patch(&path, &json!({})).await.refused(412, "TITHI_PRECONDITION_FAILED");
    let replaced = admin.put(&path, &json!({"type": "room", "name": "Attic"})).await.expect(200);
    assert_eq!((&replaced["capacity"], &replaced["metadata_json"]), (&1.into(), &json!({})));
    let problem =
        admin.put(&path, &json!({"type": "staff", "name": "Attic"})).await.refused(422, "TITHI_RULE_VIOLATION");
    assert_eq!(pointers(&problem), ["#/type"]);
    admin.delete(&path).await.expect(204);
    admin.get(&path).await.refused(404, "TITHI_RESOURCE_NOT_FOUND");
    assert!(ids(&admin.get(RESOURCES).await.expect(200)).is_empty());

    let id = first["id"].as_str().unwrap();
    assert_eq!(audited(&service, &tenant, "resources", id).await, ["INSERT", "UPDATE", "UPDATE", "UPDATE"]);
    let codes: Vec<String> = told(&service, &tenant, id).await.into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["RESOURCE_CREATED", "RESOURCE_UPDATED", "RESOURCE_UPDATED", "RESOURCE_DELETED"]);
}

#[tokio::test]
async fn zones_and_fields_are_checked() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    let bad = json!({"type": "ship", "name": " ", "capacity": 0, "colour": 1});
    let problem = admin.post(RESOURCES, &bad).await.refused(400, "TITHI_VALIDATION_ERROR");
    assert_eq!(pointers(&problem), ["#/capacity", "#/colour", "#/name", "#/type"]);
    let mars = json!({"type": "room", "name": "Base", "tz": "Mars/Olympus"});
    assert_eq!(pointers(&admin.post(RESOURCES, &mars).await.refused(400, "TITHI_VALIDATION_ERROR")), ["#/tz"]);
    let path = format!("{RESOURCES}/{}", made(&admin, RESOURCES, &json!({"type": "room", "name": "Base"})).await);
    let problem = admin.patch(&path, &json!({"tz": "Nowhere"})).await.refused(400, "TITHI_VALIDATION_ERROR");
    assert_eq!(pointers(&problem), ["#/tz"]);
}

#[tokio::test]
async fn lists_narrow_by_type_activity_and_name() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    for (kind, name, active) in [("room", "Blue", true), ("room", "Red", false), ("equipment", "Blue lamp", true)] {
        made(&admin, RESOURCES, &json!({"type": kind, "name": name, "is_active": active})).await;
    }
    let names = async |query: &str| -> Vec<String> {
        let list = admin.get(&format!("{RESOURCES}?{query}")).await.expect(200);
        list["data"].as_array().unwrap().iter().map(|r| r["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("").await, ["Blue", "Blue lamp", "Red"]);
    assert_eq!(names("type=room").await, ["Blue", "Red"]);
    assert_eq!(names("type=room&type=equipment&is_active=true&sort=-name").await, ["Blue lamp", "Blue"]);
    assert_eq!(names("q=blue&type=room").await, ["Blue"]);
    assert_eq!(
        pointers(&admin.get(&format!("{RESOURCES}?type=ship")).await.refused(400, "TITHI_VALIDATION_ERROR")),
        ["query/type"]
    );
}

#[tokio::test]
async fn who_may_what() {
    let service = Service::start().await;
    let (tenant, other) = (service.tenant().await, service.tenant().await);
    let admin = service.admin_of(&tenant).await;
    let body = json!({"type": "room", "name": "Garden"});
    let path = format!("{RESOURCES}/{}", made(&admin, RESOURCES, &body).await);
    let viewer = service.viewer_of(&tenant).await;
    viewer.get(&path).await.expect(200);
    viewer.post(RESOURCES, &body).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    viewer.put(&path, &body).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    viewer.patch(&path, &json!({})).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    viewer.delete(&path).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    let stranger = service.stranger(&tenant);
    stranger.get(RESOURCES).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    stranger.delete(&path).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    let elsewhere = service.admin_of(&other).await;
    elsewhere.get(&path).await.refused(404, "TITHI_RESOURCE_NOT_FOUND");
    elsewhere.put(&path, &body).await.refused(404, "TITHI_RESOURCE_NOT_FOUND");
    elsewhere.delete(&path).await.refused(404, "TITHI_RESOURCE_NOT_FOUND");
    let keyed = admin.key("0198c0de-7000-7000-8000-000000000002");
    let (one, two) = (keyed.post(RESOURCES, &body).await, keyed.post(RESOURCES, &body).await);
    assert_eq!((one.body, two.header("idempotent-replayed")), (two.body.clone(), "true"));
}

#[tokio::test]
async fn the_set_of_a_service_is_replaced_as_one() {
    let service = Service::start().await;
    let (tenant, other) = (service.tenant().await, service.tenant().await);
    let (admin, elsewhere) = (service.admin_of(&tenant).await, service.admin_of(&other).await);
    let mut rooms = Vec::new();
    for name in ["A", "B", "C"] {
        rooms.push(made(&admin, RESOURCES, &json!({"type": "room", "name": name})).await);
    }
    rooms.sort();
    let id = made(&admin, "/api/v1/services", &a_service("Massage")).await;
    let path = format!("/api/v1/services/{id}/resources");
    let empty = admin.get(&path).await;
    let tag = empty.header("etag").to_owned();
    assert_eq!(empty.expect(200)["resource_ids"], json!([]));

    let set = admin.put(&path, &json!({"resource_ids": [rooms[1], rooms[0]]})).await;
    let tag_2 = set.header("etag").to_owned();
    assert_eq!(set.expect(200)["resource_ids"], json!([rooms[0], rooms[1]]));
    let read = admin.get(&path).await;
    assert_eq!(read.header("etag"), tag_2);
    assert_eq!(read.expect(200)["resource_ids"], json!([rooms[0], rooms[1]]));
    let stale = admin.clone().with("if-match", &tag);
    stale.put(&path, &json!({"resource_ids": []})).await.refused(412, "TITHI_PRECONDITION_FAILED");
    let current = admin.clone().with("if-match", &tag_2);
    let next = current.put(&path, &json!({"resource_ids": [rooms[1], rooms[2]]})).await.expect(200);
    assert_eq!(next["resource_ids"], json!([rooms[1], rooms[2]]));

    // unknown and foreign ids are named together, and nothing is changed
    let foreign = made(&elsewhere, RESOURCES, &json!({"type": "room", "name": "X"})).await;
    let wrong = json!({"resource_ids": [foreign, rooms[0], Uuid::from_u128(7)]});
    let problem = admin.put(&path, &wrong).await.refused(422, "TITHI_REFERENCE_NOT_FOUND");
    assert_eq!(pointers(&problem), ["#/resource_ids/0", "#/resource_ids/2"]);
    assert_eq!(admin.get(&path).await.expect(200)["resource_ids"], json!([rooms[1], rooms[2]]));
    let twice = json!({"resource_ids": [rooms[0], rooms[0]]});
    admin.put(&path, &twice).await.refused(400, "TITHI_VALIDATION_ERROR");

    admin.delete(&format!("{RESOURCES}/{}", rooms[2])).await.expect(204);
    assert_eq!(admin.get(&path).await.expect(200)["resource_ids"], json!([rooms[1]]), "a deleted one performs nothing");
    let links: Vec<(String,)> = sqlx::query_as(
        "SELECT operation FROM app.audit_logs WHERE tenant_id = $1 AND table_name = 'service_resources' ORDER BY id",
    )
    .bind(tenant.id.0)
    .fetch_all(&mut service.platform().await)
    .await
    .unwrap();
    let count = |operation: &str| links.iter().filter(|(o,)| o == operation).count();
    assert_eq!((count("INSERT"), count("DELETE")), (3, 1), "what stays is not touched");
}
