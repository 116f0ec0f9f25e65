//! The life of a staff profile and of the resource behind it.
use serde_json::{Value, json};
use uuid::Uuid;

use super::{audited, ids, made, pointers, told};
use crate::support::app::Service;

const STAFF: &str = "/api/v1/staff";
const RESOURCES: &str = "/api/v1/resources";

#[tokio::test]
async fn a_profile_brings_its_resource_and_takes_it_along() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    let first = admin.post(STAFF, &json!({"display_name": "Mia", "bio": "Colours.\nCuts."})).await;
    let (path, tag) = (first.header("location").to_owned(), first.header("etag").to_owned());
    let first = first.expect(201);
    let resource = format!("{RESOURCES}/{}", first["resource_id"].as_str().unwrap());
    let behind = admin.get(&resource).await.expect(200);
    assert_eq!(
        (&behind["type"], &behind["name"], &behind["is_active"]),
        (&"staff".into(), &"Mia".into(), &true.into())
    );
    assert_eq!(admin.get(&path).await.expect(200), first);

    let replaced = admin.put(&path, &json!({"display_name": "Mia Stone", "is_active": false})).await.expect(200);
    assert_eq!((&replaced["bio"], &replaced["resource_id"]), (&Value::Null, &first["resource_id"]));
    let behind = admin.get(&resource).await.expect(200);
    assert_eq!((&behind["name"], &behind["is_active"]), (&"Mia Stone".into(), &false.into()), "the resource follows");
    let stale = admin.clone().with("if-match", &tag);
    stale.put(&path, &json!({"display_name": "X"})).await.refused(412, "TITHI_PRECONDITION_FAILED");
    stale.delete(&path).await.refused(412, "TITHI_PRECONDITION_FAILED");

    admin.delete(&resource).await.refused(409, "TITHI_CONFLICT");
    admin.delete(&path).await.expect(204);
    admin.get(&path).await.refused(404, "TITHI_STAFF_NOT_FOUND");
    admin.get(&resource).await.refused(404, "TITHI_RESOURCE_NOT_FOUND");
    assert!(ids(&admin.get(STAFF).await.expect(200)).is_empty());

    let id = first["id"].as_str().unwrap();
    assert_eq!(audited(&service, &tenant, "staff_profiles", id).await, ["INSERT", "UPDATE", "UPDATE"]);
    let codes: Vec<String> = told(&service, &tenant, id).await.into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["STAFF_CREATED", "STAFF_UPDATED", "STAFF_DELETED"]);
}

#[tokio::test]
async fn one_profile_for_a_resource_and_for_a_membership() {
    let service = Service::start().await;
    let (tenant, other) = (service.tenant().await, service.tenant().await);
    let admin = service.admin_of(&tenant).await;
    let chair = made(&admin, RESOURCES, &json!({"type": "staff", "name": "Chair 1"})).await;
    let room = made(&admin, RESOURCES, &json!({"type": "room", "name": "Garden"})).await;
    let member = async |tenant: Uuid, user: Uuid| -> Uuid {
        sqlx::query_scalar("SELECT id FROM app.memberships WHERE tenant_id = $1 AND user_id = $2")
            .bind(tenant)
            .bind(user)
            .fetch_one(&mut service.platform().await)
            .await
            .unwrap()
    };
    let membership = member(tenant.id.0, tenant.staff.0).await;

    let leo = json!({"display_name": "Leo", "resource_id": chair, "membership_id": membership});
    let first = admin.post(STAFF, &leo).await.expect(201);
    assert_eq!(first["resource_id"], chair.as_str());
    assert_eq!(admin.get(&format!("{RESOURCES}/{chair}")).await.expect(200)["name"], "Leo");
    let again = json!({"display_name": "Two", "resource_id": chair});
    assert_eq!(pointers(&admin.post(STAFF, &again).await.refused(409, "TITHI_CONFLICT")), ["#/resource_id"]);
    let again = json!({"display_name": "Two", "membership_id": membership});
    assert_eq!(pointers(&admin.post(STAFF, &again).await.refused(409, "TITHI_CONFLICT")), ["#/membership_id"]);
    let count = admin.get(&format!("{RESOURCES}?include_total=true")).await.expect(200);
    assert_eq!(count["total"], 2, "a refused profile leaves no resource behind");

    let wrong = json!({"display_name": "Two", "resource_id": room});
    assert_eq!(pointers(&admin.post(STAFF, &wrong).await.refused(422, "TITHI_RULE_VIOLATION")), ["#/resource_id"]);
    let wrong = json!({"display_name": "Two", "resource_id": Uuid::from_u128(7)});
    assert_eq!(pointers(&admin.post(STAFF, &wrong).await.refused(422, "TITHI_REFERENCE_NOT_FOUND")), ["#/resource_id"]);
    let foreign = member(other.id.0, other.staff.0).await;
    let wrong = json!({"display_name": "Two", "membership_id": foreign});
    assert_eq!(
        pointers(&admin.post(STAFF, &wrong).await.refused(422, "TITHI_REFERENCE_NOT_FOUND")),
        ["#/membership_id"]
    );

    // whoever left makes room
    admin.delete(&format!("{STAFF}/{}", first["id"].as_str().unwrap())).await.expect(204);
    admin.post(STAFF, &json!({"display_name": "Two", "membership_id": membership})).await.expect(201);
}

#[tokio::test]
async fn fields_lists_and_who_may_what() {
    let service = Service::start().await;
    let (tenant, other) = (service.tenant().await, service.tenant().await);
    let admin = service.admin_of(&tenant).await;
    let bad = json!({"display_name": " ", "avatar_url": "javascript:alert(1)", "resource_id": "x", "wage": 1});
    let problem = admin.post(STAFF, &bad).await.refused(400, "TITHI_VALIDATION_ERROR");
    assert_eq!(pointers(&problem), ["#/avatar_url", "#/display_name", "#/resource_id", "#/wage"]);
    let mia = made(&admin, STAFF, &json!({"display_name": "Mia"})).await;
    let leo = made(&admin, STAFF, &json!({"display_name": "Leo", "is_active": false})).await;
    let list = async |query: &str| ids(&admin.get(&format!("{STAFF}?{query}")).await.expect(200));
    assert_eq!(list("").await, [leo.clone(), mia.clone()]);
    assert_eq!(list("sort=-display_name&limit=1").await, [mia.as_str()]);
    assert_eq!(list("is_active=false").await, [leo.as_str()]);
    assert_eq!(list("q=mi").await, [mia.as_str()]);

    let path = format!("{STAFF}/{mia}");
    let viewer = service.viewer_of(&tenant).await;
    viewer.get(&path).await.expect(200);
    viewer.post(STAFF, &json!({})).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    viewer.put(&path, &json!({})).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    viewer.delete(&path).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    service.stranger(&tenant).get(STAFF).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    let elsewhere = service.admin_of(&other).await;
    elsewhere.get(&path).await.refused(404, "TITHI_STAFF_NOT_FOUND");
    elsewhere.put(&path, &json!({"display_name": "X"})).await.refused(404, "TITHI_STAFF_NOT_FOUND");
    elsewhere.delete(&path).await.refused(404, "TITHI_STAFF_NOT_FOUND");
}
