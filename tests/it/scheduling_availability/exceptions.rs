//! Dates that differ from the weekly hours.
use serde_json::{Value, json};
use uuid::Uuid;

use crate::catalogue::{audited, ids, made, pointers, told};
use crate::support::app::Service;

const EXCEPTIONS: &str = "/api/v1/availability/exceptions";

fn closed(date: &str) -> Value {
    json!({"exception_date": date, "is_available": false})
}

#[tokio::test]
async fn a_date_differs_and_is_ordinary_again() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    let room = made(&admin, "/api/v1/resources", &json!({"type": "room", "name": "Garden"})).await;

    let first = admin.post(EXCEPTIONS, &closed("2026-12-25")).await;
    let (path, tag) = (first.header("location").to_owned(), first.header("etag").to_owned());
    let first = first.expect(201);
    assert_eq!(
        (&first["resource_id"], &first["start_time"], &first["reason"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!(admin.get(&path).await.expect(200), first);
    let late = json!({
        "resource_id": room, "exception_date": "2026-12-24", "is_available": true,
        "start_time": "18:00", "end_time": "24:00", "reason": "Long evening",
    });
    let second = admin.post(EXCEPTIONS, &late).await.expect(201);
    assert_eq!((&second["end_time"], &second["resource_id"]), (&"24:00".into(), &room.as_str().into()));

    admin.clone().with("if-match", "\"other\"").delete(&path).await.refused(412, "TITHI_PRECONDITION_FAILED");
    admin.clone().with("if-match", &tag).delete(&path).await.expect(204);
    admin.get(&path).await.refused(404, "TITHI_NOT_FOUND");
    admin.delete(&path).await.refused(404, "TITHI_NOT_FOUND");
    let id = first["id"].as_str().unwrap();
    assert_eq!(audited(&service, &tenant, "availability_exceptions", id).await, ["INSERT", "DELETE"]);
    let codes: Vec<String> = told(&service, &tenant, id).await.into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["STAFF_AVAILABILITY_UPDATED", "STAFF_AVAILABILITY_UPDATED"]);
}

#[tokio::test]
async fn times_come_in_pairs_and_resources_exist() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    let refused = async |change: Value| -> Vec<String> {
        let mut body = closed("2026-12-25");
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        pointers(&admin.post(EXCEPTIONS, &body).await.refused(400, "TITHI_VALIDATION_ERROR"))
    };
    assert_eq!(refused(json!({"start_time": "09:00"})).await, ["#/end_time"]);
    assert_eq!(refused(json!({"end_time": "09:00"})).await, ["#/start_time"]);
    assert_eq!(refused(json!({"start_time": "09:00", "end_time": "09:00"})).await, ["#/end_time"]);
    assert_eq!(
        refused(json!({"exception_date": "2026-02-30", "is_available": null, "why": 1})).await,
        ["#/exception_date", "#/is_available", "#/why"]
    );
    let mut body = closed("2026-12-25");
    body["resource_id"] = Uuid::from_u128(7).to_string().into();
    assert_eq!(
        pointers(&admin.post(EXCEPTIONS, &body).await.refused(422, "TITHI_REFERENCE_NOT_FOUND")),
        ["#/resource_id"]
    );
}

#[tokio::test]
async fn lists_are_narrowed_by_date_and_resource() {
    let service = Service::start().await;
    let (tenant, other) = (service.tenant().await, service.tenant().await);
    let admin = service.admin_of(&tenant).await;
    let room = made(&admin, "/api/v1/resources", &json!({"type": "room", "name": "Garden"})).await;
    let mut made_ = Vec::new();
    for date in ["2026-12-24", "2026-12-25", "2026-12-25", "2026-12-31"] {
        let mut body = closed(date);
        if date.ends_with("24") {
            body["resource_id"] = room.as_str().into();
        }
        made_.push(made(&admin, EXCEPTIONS, &body).await);
    }
    let list = async |query: &str| ids(&admin.get(&format!("{EXCEPTIONS}?{query}")).await.expect(200));
    assert_eq!(list(&format!("resource_id={room}")).await, [made_[0].clone()]);
    assert_eq!(list("start_date=2026-12-26").await, [made_[3].clone()]);
    assert_eq!(list("start_date=2026-12-25&end_date=2026-12-25").await.len(), 2);
    let first = admin.get(&format!("{EXCEPTIONS}?limit=2&sort=-exception_date")).await.expect(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = list(&format!("limit=2&sort=-exception_date&cursor={cursor}")).await;
    let mut all = [ids(&first), rest.clone()].concat();
    assert_eq!((all[0].clone(), rest[1].clone()), (made_[3].clone(), made_[0].clone()), "two equal dates on two pages");
    all.sort();
    made_.sort();
    assert_eq!(all, made_);

    let path = format!("{EXCEPTIONS}/{}", made_[0]);
    let staff = service.staff_of(&tenant).await;
    staff.get(&path).await.expect(200);
    staff.post(EXCEPTIONS, &json!({})).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    staff.delete(&path).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    service.stranger(&tenant).get(EXCEPTIONS).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    let elsewhere = service.admin_of(&other).await;
    elsewhere.get(&path).await.refused(404, "TITHI_NOT_FOUND");
    elsewhere.delete(&path).await.refused(404, "TITHI_NOT_FOUND");
    assert!(ids(&elsewhere.get(EXCEPTIONS).await.expect(200)).is_empty());
}
