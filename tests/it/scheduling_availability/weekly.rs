//! The hours of a resource as one rule.
use serde_json::{Value, json};
use uuid::Uuid;

use crate::catalogue::{ids, made, pointers, told};
use crate::support::app::Service;
use crate::support::client::Client;

const RULES: &str = "/api/v1/availability/rules";

async fn room(client: &Client, name: &str) -> String {
    made(client, "/api/v1/resources", &json!({"type": "room", "name": name})).await
}

fn window(weekday: i32, start: &str, end: &str) -> Value {
    json!({"weekday": weekday, "start_time": start, "end_time": end})
}

fn rule(schedule: &[Value]) -> Value {
    json!({"rule_type": "weekly", "schedule": schedule})
}

fn rule_of(resource: &str, schedule: &[Value]) -> Value {
    json!({"resource_id": resource, "rule_type": "weekly", "schedule": schedule})
}

#[tokio::test]
async fn hours_are_set_read_replaced_and_taken_away() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    let resource = room(&admin, "Garden").await;
    let week = [
        window(2, "13:00", "24:00"),
        window(0, "09:00", "12:00"),
        window(4, "22:00", "02:00"),
        window(0, "12:00", "17:00"),
    ];
    let first = admin.post(RULES, &rule_of(&resource, &week)).await;
    let (path, tag) = (first.header("location").to_owned(), first.header("etag").to_owned());
    let first = first.expect(201);
    assert_eq!((&first["id"], &first["resource_id"]), (&resource.as_str().into(), &resource.as_str().into()));
    let times: Vec<(i64, &str, &str)> = first["schedule"]
        .as_array()
        .unwrap()
        .iter()
        .map(|w| (w["weekday"].as_i64().unwrap(), w["start_time"].as_str().unwrap(), w["end_time"].as_str().unwrap()))
        .collect();
    assert_eq!(times, [(0, "09:00", "12:00"), (0, "12:00", "17:00"), (2, "13:00", "24:00"), (4, "22:00", "02:00")]);
    let read = admin.get(&path).await;
    assert_eq!(read.header("etag"), tag);
    assert_eq!(read.expect(200), first);
    let problem = admin.post(RULES, &rule_of(&resource, &week)).await.refused(409, "TITHI_CONFLICT");
    assert_eq!(pointers(&problem), ["#/resource_id"]);

    service.clock.advance(chrono::TimeDelta::seconds(1));
    let summer = json!({"weekday": 0, "start_time": "08:00", "end_time": "20:00", "valid_from": "2026-06-01", "valid_until": "2026-08-31"});
    let replaced = admin.put(&path, &rule(std::slice::from_ref(&summer))).await.expect(200);
    assert_eq!(replaced["schedule"], json!([summer]), "what was sent comes back");
    let stale = admin.clone().with("if-match", &tag);
    stale.put(&path, &rule(&week)).await.refused(412, "TITHI_PRECONDITION_FAILED");
    stale.delete(&path).await.refused(412, "TITHI_PRECONDITION_FAILED");
    admin.delete(&path).await.expect(204);
    admin.get(&path).await.refused(404, "TITHI_NOT_FOUND");
    admin.put(&path, &rule(&week)).await.refused(404, "TITHI_NOT_FOUND");
    admin.post(RULES, &rule_of(&resource, &week)).await.expect(201);

    let codes: Vec<String> = told(&service, &tenant, &resource).await.into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes.iter().filter(|code| *code == "STAFF_AVAILABILITY_UPDATED").count(), 4);
    let audited: Vec<String> = sqlx::query_scalar(
        "SELECT operation FROM app.audit_logs WHERE tenant_id = $1 AND table_name = 'availability_rules' ORDER BY id",
    )
    .bind(tenant.id.0)
    .fetch_all(&mut service.platform().await)
    .await
    .unwrap();
    let count = |operation: &str| audited.iter().filter(|o| *o == operation).count();
    assert_eq!((count("INSERT"), count("DELETE")), (9, 5));
}

#[tokio::test]
async fn every_fault_of_a_week_is_named() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    let resource = room(&admin, "Garden").await;
    let shape = [window(7, "9:00", "25:00"), json!({"weekday": 0, "start_time": "09:00", "colour": 1})];
    let problem = admin.post(RULES, &rule_of(&resource, &shape)).await.refused(400, "TITHI_VALIDATION_ERROR");
    assert_eq!(
        pointers(&problem),
        [
            "#/schedule/0/end_time",
            "#/schedule/0/start_time",
            "#/schedule/0/weekday",
            "#/schedule/1/colour",
            "#/schedule/1/end_time"
        ]
    );
    let meaning = [window(0, "09:00", "12:00"), window(0, "11:00", "13:00"), window(1, "10:00", "10:00")];
    let problem = admin.post(RULES, &rule_of(&resource, &meaning)).await.refused(400, "TITHI_VALIDATION_ERROR");
    assert_eq!(pointers(&problem), ["#/schedule/1", "#/schedule/2/end_time"]);
    let unknown = rule_of(&Uuid::from_u128(7).to_string(), &[window(0, "09:00", "12:00")]);
    let problem = admin.post(RULES, &unknown).await.refused(422, "TITHI_REFERENCE_NOT_FOUND");
    assert_eq!(pointers(&problem), ["#/resource_id"]);
    admin.post(RULES, &rule_of(&resource, &[])).await.refused(400, "TITHI_VALIDATION_ERROR");
    assert!(ids(&admin.get(RULES).await.expect(200)).is_empty());
}

#[tokio::test]
async fn a_resource_gets_one_rule_even_from_many_at_once() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    let resource = room(&admin, "Garden").await;
    let body = rule_of(&resource, &[window(0, "09:00", "12:00")]);
    let answers = futures_util::future::join_all((0..5).map(|_| admin.post(RULES, &body))).await;
    let made = answers.iter().filter(|answer| answer.status.as_u16() == 201).count();
    assert_eq!(made, 1);
    assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 201 | 409)));
    assert_eq!(admin.get(RULES).await.expect(200)["data"][0]["schedule"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn lists_have_one_rule_a_resource_and_none_of_the_deleted() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    let mut rooms = Vec::new();
    for name in ["A", "B", "C", "D", "E"] {
        let resource = room(&admin, name).await;
        let week = [window(0, "09:00", "12:00"), window(1, "09:00", "12:00")];
        admin.post(RULES, &rule_of(&resource, &week)).await.expect(201);
        rooms.push(resource);
    }
    admin.delete(&format!("/api/v1/resources/{}", rooms.remove(2))).await.expect(204);
    rooms.sort();
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = admin.get(&format!("{RULES}?limit=2&include_total=true{cursor}")).await.expect(200);
        assert_eq!(page["total"], 4);
        seen.extend(ids(&page));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, rooms);
    let one = admin.get(&format!("{RULES}?resource_id={}", rooms[1])).await.expect(200);
    assert_eq!(ids(&one), [rooms[1].clone()]);
    assert_eq!(one["data"][0]["schedule"].as_array().unwrap().len(), 2);
    admin.get(&format!("{RULES}?resource_id={}{cursor}", rooms[1])).await.refused(400, "TITHI_CURSOR_INVALID");
}

#[tokio::test]
async fn who_may_what() {
    let service = Service::start().await;
    let (tenant, other) = (service.tenant().await, service.tenant().await);
    let admin = service.admin_of(&tenant).await;
    let resource = room(&admin, "Garden").await;
    let body = rule_of(&resource, &[window(0, "09:00", "12:00")]);
    admin.post(RULES, &body).await.expect(201);
    let path = format!("{RULES}/{resource}");
    let staff = service.staff_of(&tenant).await;
    staff.get(&path).await.expect(200);
    staff.post(RULES, &json!({})).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    staff.put(&path, &json!({})).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    staff.delete(&path).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    service.stranger(&tenant).get(RULES).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    let elsewhere = service.admin_of(&other).await;
    elsewhere.get(&path).await.refused(404, "TITHI_NOT_FOUND");
    elsewhere.put(&path, &rule(&[window(0, "09:00", "12:00")])).await.refused(404, "TITHI_NOT_FOUND");
    elsewhere.delete(&path).await.refused(404, "TITHI_NOT_FOUND");
    elsewhere.post(RULES, &body).await.refused(422, "TITHI_REFERENCE_NOT_FOUND");
    assert_eq!(admin.get(&path).await.expect(200)["schedule"].as_array().unwrap().len(), 1);
}
