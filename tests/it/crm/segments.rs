//! Segments themselves: made, changed, refused, removed.
use serde_json::{Value, json};

use crate::catalogue::{a_service, audited, ids, made, pointers, told};
use crate::support::app::Service;

pub const SEGMENTS: &str = "/api/v1/crm/segments";

fn regulars() -> Value {
    json!({"name": "Regulars", "description": "They come often", "criteria": {"min_bookings": 3}})
}

#[tokio::test]
async fn a_segment_is_made_read_changed_and_deleted() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    let first = admin.post(SEGMENTS, &regulars()).await;
    let (path, tag) = (first.header("location").to_owned(), first.header("etag").to_owned());
    let first = first.expect(201);
    assert_eq!(first["criteria"], json!({"min_bookings": 3}), "only what was given");
    assert_eq!(admin.get(&path).await.expect(200), first);
    let changed = admin.patch(&path, &json!({"description": null})).await.expect(200);
    assert_eq!((&changed["description"], &changed["criteria"]), (&Value::Null, &first["criteria"]));
    let criteria =
        json!({"no_visit_days": 30, "marketing_opt_in": false, "created_after": "2026-01-01T00:00:00.000000Z"});
    let changed = admin.patch(&path, &json!({"criteria": criteria})).await.expect(200);
    assert_eq!((&changed["criteria"], &changed["name"]), (&criteria, &"Regulars".into()));
    let replaced = admin.put(&path, &json!({"name": "By hand"})).await.expect(200);
    assert_eq!((&replaced["criteria"], &replaced["description"]), (&json!({}), &Value::Null));
    let stale = admin.clone().with("if-match", &tag);
    stale.put(&path, &regulars()).await.refused(412, "TITHI_PRECONDITION_FAILED");
    stale.patch(&path, &json!({})).await.refused(412, "TITHI_PRECONDITION_FAILED");
    stale.delete(&path).await.refused(412, "TITHI_PRECONDITION_FAILED");

    let other = made(&admin, SEGMENTS, &json!({"name": "Another"})).await;
    let taken = admin.post(SEGMENTS, &json!({"name": "By hand"})).await.refused(409, "TITHI_CONFLICT");
    assert_eq!(pointers(&taken), ["#/name"]);
    admin.patch(&format!("{SEGMENTS}/{other}"), &json!({"name": "By hand"})).await.refused(409, "TITHI_CONFLICT");
    let id = first["id"].as_str().unwrap();
    assert_eq!(ids(&admin.get(SEGMENTS).await.expect(200)), [other.as_str(), id], "by name");
    assert_eq!(ids(&admin.get(&format!("{SEGMENTS}?q=HAND")).await.expect(200)), [id]);
    assert!(ids(&admin.get(&format!("{SEGMENTS}?q=%25")).await.expect(200)).is_empty(), "a percent sign is one");
    admin.delete(&path).await.expect(204);
    admin.get(&path).await.refused(404, "TITHI_SEGMENT_NOT_FOUND");
    made(&admin, SEGMENTS, &json!({"name": "By hand"})).await;

    assert_eq!(audited(&service, &tenant, "customer_segments", id).await.len(), 5);
    let told = told(&service, &tenant, id).await;
    let codes: Vec<&str> = told.iter().map(|(code, _)| code.as_str()).collect();
    let updated = "SEGMENT_UPDATED";
    assert_eq!(codes, ["SEGMENT_CREATED", updated, updated, updated, "SEGMENT_DELETED"]);
}

#[tokio::test]
async fn criteria_are_checked() {
    let service = Service::start().await;
    let (tenant, other) = (service.tenant().await, service.tenant().await);
    let admin = service.admin_of(&tenant).await;
    let foreign = made(&service.owner_of(&other).await, "/api/v1/services", &a_service("Cut")).await;
    let preview = format!("{SEGMENTS}/preview");
    let instant = "2026-03-02T09:30:00Z";
    for (criteria, status, at) in [
        (json!({"vip": true}), 400, "#/criteria/vip"),
        (json!({"min_bookings": 0}), 400, "#/criteria/min_bookings"),
        (json!({"min_bookings": "3"}), 400, "#/criteria/min_bookings"),
        (json!({"min_bookings": null}), 400, "#/criteria/min_bookings"),
        (json!({"no_visit_days": 3651}), 400, "#/criteria/no_visit_days"),
        (json!({"last_visit_before": "yesterday"}), 400, "#/criteria/last_visit_before"),
        (json!({"min_bookings": 3, "max_bookings": 2}), 422, "#/criteria/max_bookings"),
        (json!({"last_visit_after": instant, "last_visit_before": instant}), 422, "#/criteria/last_visit_before"),
        (json!({"is_first_time": true, "min_bookings": 1}), 422, "#/criteria/is_first_time"),
        (json!({"service_id": service.new_id()}), 422, "#/criteria/service_id"),
        (json!({"service_id": foreign}), 422, "#/criteria/service_id"),
    ] {
        for answer in [
            admin.post(SEGMENTS, &json!({"name": "Some", "criteria": criteria})).await,
            admin.post(&preview, &json!({"criteria": criteria})).await,
        ] {
            assert_eq!(answer.status.as_u16(), status, "{criteria}: {}", answer.json());
            assert_eq!(pointers(&answer.json()), [at], "{criteria}");
        }
    }
    assert!(ids(&admin.get(SEGMENTS).await.expect(200)).is_empty());
}

#[tokio::test]
async fn who_may_what() {
    let service = Service::start().await;
    let (tenant, other) = (service.tenant().await, service.tenant().await);
    let admin = service.admin_of(&tenant).await;
    let path = format!("{SEGMENTS}/{}", made(&admin, SEGMENTS, &regulars()).await);
    let staff = service.staff_of(&tenant).await;
    staff.get(SEGMENTS).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    staff.get(&format!("{path}/customers")).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    staff.post(&format!("{SEGMENTS}/preview"), &json!({})).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    let elsewhere = service.owner_of(&other).await;
    elsewhere.get(&path).await.refused(404, "TITHI_SEGMENT_NOT_FOUND");
    elsewhere.put(&path, &regulars()).await.refused(404, "TITHI_SEGMENT_NOT_FOUND");
    elsewhere.delete(&path).await.refused(404, "TITHI_SEGMENT_NOT_FOUND");
    elsewhere.get(&format!("{path}/customers")).await.refused(404, "TITHI_SEGMENT_NOT_FOUND");
    made(&elsewhere, SEGMENTS, &regulars()).await;
}
