//! The life of a service.
use serde_json::{Value, json};
use uuid::Uuid;

use super::{a_service, audited, made, pointers, told};
use crate::support::app::Service;

const SERVICES: &str = "/api/v1/services";

#[tokio::test]
async fn a_service_is_made_read_changed_and_deleted() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;

    let answer = admin.post(SERVICES, &a_service("Zoë's Cut")).await;
    let (location, tag) = (answer.header("location").to_owned(), answer.header("etag").to_owned());
    let first = answer.expect(201);
    let id = first["id"].as_str().unwrap().to_owned();
    assert_eq!(location, format!("{SERVICES}/{id}"));
    assert_eq!(first["slug"], "zoes-cut");
    assert_eq!(first["currency"], "USD", "the business's own");
    assert_eq!(
        (&first["grid"], &first["active"], &first["capacity"]),
        (&"opening_start".into(), &true.into(), &1.into())
    );
    assert_eq!(first["description"], Value::Null, "null is sent");

    let read = admin.get(&location).await;
    assert_eq!(read.header("etag"), tag);
    assert_eq!(read.expect(200), first);

    let changed = admin.patch(&location, &json!({"category": "Hair", "interval_min": 15, "name": "Cut"})).await;
    let tag_2 = changed.header("etag").to_owned();
    let changed = changed.expect(200);
    assert_ne!(tag, tag_2);
    assert_eq!((&changed["category"], &changed["interval_min"]), (&"Hair".into(), &15.into()));
    assert_eq!(changed["slug"], "zoes-cut", "addresses hang on it");
    assert_eq!(changed["duration_min"], 60, "absent keeps");
    let cleared = admin.patch(&location, &json!({"category": null})).await.expect(200);
    assert_eq!((&cleared["category"], &cleared["interval_min"]), (&Value::Null, &15.into()), "null clears");

    let replaced = admin.put(&location, &a_service("Long cut")).await.expect(200);
    assert_eq!(replaced["interval_min"], Value::Null, "PUT replaces all");

    admin.delete(&location).await.expect(204);
    admin.get(&location).await.refused(404, "TITHI_SERVICE_NOT_FOUND");
    admin.delete(&location).await.refused(404, "TITHI_SERVICE_NOT_FOUND");
    admin.patch(&location, &json!({})).await.refused(404, "TITHI_SERVICE_NOT_FOUND");

    assert_eq!(audited(&service, &tenant, "services", &id).await, ["INSERT", "UPDATE", "UPDATE", "UPDATE", "UPDATE"]);
    let told = told(&service, &tenant, &id).await;
    let codes: Vec<&str> = told.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["SERVICE_CREATED", "SERVICE_UPDATED", "SERVICE_UPDATED", "SERVICE_UPDATED", "SERVICE_DELETED"]);
    assert_eq!(told[0].1["service_id"], id.as_str());
}

#[tokio::test]
async fn slugs_are_unique_among_the_living() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    let mut slugs = Vec::new();
    for _ in 0..3 {
        slugs.push(admin.post(SERVICES, &a_service("Cut")).await.expect(201));
    }
    assert_eq!(slugs.iter().map(|s| s["slug"].as_str().unwrap()).collect::<Vec<_>>(), ["cut", "cut-2", "cut-3"]);
    admin.delete(&format!("{SERVICES}/{}", slugs[1]["id"].as_str().unwrap())).await.expect(204);
    assert_eq!(admin.post(SERVICES, &a_service("Cut!")).await.expect(201)["slug"], "cut-2");
    assert_eq!(admin.post(SERVICES, &a_service("整体")).await.expect(201)["slug"], "service");

    // many at once: each gets one of its own
    let body = a_service("Rush");
    let at_once = (0..8).map(|_| admin.post(SERVICES, &body));
    let mut slugs: Vec<String> = Vec::new();
    for answer in futures_util::future::join_all(at_once).await {
        slugs.push(answer.expect(201)["slug"].as_str().unwrap().to_owned());
    }
    slugs.sort();
    slugs.dedup();
    assert_eq!(slugs.len(), 8, "{slugs:?}");
}

#[tokio::test]
async fn every_refused_field_is_named_at_once() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    let bad = json!({
        "name": " ", "duration_min": 0, "price_cents": -1, "currency": "eur", "capacity": 0, "grid": "sometimes", "colour": "red",
    });
    let problem = admin.post(SERVICES, &bad).await.refused(400, "TITHI_VALIDATION_ERROR");
    assert_eq!(
        pointers(&problem),
        ["#/capacity", "#/colour", "#/currency", "#/duration_min", "#/grid", "#/name", "#/price_cents"]
    );
    let problem = admin.post(SERVICES, &json!({})).await.refused(400, "TITHI_VALIDATION_ERROR");
    assert_eq!(pointers(&problem), ["#/duration_min", "#/name", "#/price_cents"]);

    // longer than a day only together with its buffers
    let mut long = a_service("Retreat");
    long["duration_min"] = 1400.into();
    long["buffer_after_min"] = 41.into();
    assert_eq!(pointers(&admin.post(SERVICES, &long).await.refused(400, "TITHI_VALIDATION_ERROR")), ["#/duration_min"]);
    long["buffer_after_min"] = 40.into();
    let id = made(&admin, SERVICES, &long).await;
    let path = format!("{SERVICES}/{id}");
    let problem = admin.patch(&path, &json!({"buffer_before_min": 1})).await.refused(400, "TITHI_VALIDATION_ERROR");
    assert_eq!(pointers(&problem), ["#/duration_min"], "PATCH looks at the whole");
    let problem =
        admin.patch(&path, &json!({"slug": "mine", "name": null})).await.refused(400, "TITHI_VALIDATION_ERROR");
    assert_eq!(pointers(&problem), ["#/name", "#/slug"]);
}

#[tokio::test]
async fn nobody_overwrites_what_he_has_not_seen() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    let made = admin.post(SERVICES, &a_service("Cut")).await;
    let (path, seen) = (made.header("location").to_owned(), made.header("etag").to_owned());
    admin.clone().with("if-match", &seen).patch(&path, &json!({"price_cents": 1})).await.expect(200);
    let stale = admin.clone().with("if-match", &seen);
    stale.patch(&path, &json!({"price_cents": 2})).await.refused(412, "TITHI_PRECONDITION_FAILED");
    stale.put(&path, &a_service("Cut")).await.refused(412, "TITHI_PRECONDITION_FAILED");
    stale.delete(&path).await.refused(412, "TITHI_PRECONDITION_FAILED");
    assert_eq!(admin.get(&path).await.expect(200)["price_cents"], 1);
}

#[tokio::test]
async fn a_repeated_post_makes_one_service() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await.key("0198c0de-7000-7000-8000-000000000001");
    let first = admin.post(SERVICES, &a_service("Cut")).await;
    let again = admin.post(SERVICES, &a_service("Cut")).await;
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(again.header("idempotent-replayed"), "true");
    admin.post(SERVICES, &a_service("Other")).await.refused(422, "TITHI_IDEMPOTENCY_KEY_REUSED");
    assert_eq!(admin.get(SERVICES).await.expect(200)["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn who_may_what() {
    let service = Service::start().await;
    let (tenant, other) = (service.tenant().await, service.tenant().await);
    let admin = service.admin_of(&tenant).await;
    let id = made(&admin, SERVICES, &a_service("Cut")).await;
    let path = format!("{SERVICES}/{id}");

    for low in [service.viewer_of(&tenant).await, service.staff_of(&tenant).await] {
        assert_eq!(low.get(&path).await.expect(200)["active"], true);
        low.post(SERVICES, &json!({"nonsense": 1})).await.refused(403, "TITHI_AUTH_FORBIDDEN");
        low.put(&path, &a_service("Mine")).await.refused(403, "TITHI_AUTH_FORBIDDEN");
        low.patch(&path, &json!({})).await.refused(403, "TITHI_AUTH_FORBIDDEN");
        low.delete(&path).await.refused(403, "TITHI_AUTH_FORBIDDEN");
        low.put(&format!("{path}/resources"), &json!({"resource_ids": []})).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    }
    let stranger = service.stranger(&tenant);
    stranger.post(SERVICES, &json!({"nonsense": 1})).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    stranger.delete(&path).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    stranger.get(&format!("{path}/resources")).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    let seen = stranger.get(&path).await.expect(200);
    for hidden in ["active", "buffer_before_min", "sort_order", "metadata_json", "created_at"] {
        assert!(seen.get(hidden).is_none(), "{hidden}");
    }

    // another business: the same words as for an id that never was
    let elsewhere = service.admin_of(&other).await;
    let unsaid = |mut problem: Value| {
        for member in ["instance", "request_id"] {
            problem[member] = Value::Null;
        }
        problem
    };
    let foreign = unsaid(elsewhere.get(&path).await.refused(404, "TITHI_SERVICE_NOT_FOUND"));
    let missing = unsaid(
        elsewhere.get(&format!("{SERVICES}/{}", Uuid::from_u128(1))).await.refused(404, "TITHI_SERVICE_NOT_FOUND"),
    );
    assert_eq!(foreign, missing);
    elsewhere.put(&path, &a_service("Mine")).await.refused(404, "TITHI_SERVICE_NOT_FOUND");
    elsewhere.delete(&path).await.refused(404, "TITHI_SERVICE_NOT_FOUND");
    elsewhere
        .put(&format!("{path}/resources"), &json!({"resource_ids": []}))
        .await
        .refused(404, "TITHI_SERVICE_NOT_FOUND");
    assert_eq!(admin.get(&path).await.expect(200)["name"], "Cut");

    admin.patch(&path, &json!({"active": false})).await.expect(200);
    stranger.get(&path).await.refused(404, "TITHI_SERVICE_NOT_FOUND");
}
