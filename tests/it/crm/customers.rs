//! The life of a customer, and lists of them.
use serde_json::{Value, json};

use crate::catalogue::{audited, ids, made, pointers, told};
use crate::support::app::Service;

const CUSTOMERS: &str = "/api/v1/customers";

fn ana() -> Value {
    json!({"display_name": "Ana", "email": "Ana@Example.com"})
}

#[tokio::test]
async fn a_customer_is_made_read_changed_and_deleted() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let staff = service.staff_of(&tenant).await;
    let first = staff.post(CUSTOMERS, &ana()).await;
    let (path, tag) = (first.header("location").to_owned(), first.header("etag").to_owned());
    let first = first.expect(201);
    assert_eq!(first["email"], "Ana@Example.com", "as it was typed");
    assert_eq!(first["notification_preferences"], json!({"email": true, "sms": false, "push": false}));
    assert_eq!(
        (&first["marketing_opt_in"], &first["is_first_time"], &first["phone"]),
        (&false.into(), &true.into(), &Value::Null)
    );
    assert_eq!(staff.get(&path).await.expect(200), first);

    let preferences = json!({"sms": true});
    let change = json!({"phone": "+1 212 555 0134", "marketing_opt_in": true, "notification_preferences": preferences});
    let changed = staff.patch(&path, &change).await.expect(200);
    assert_eq!(changed["notification_preferences"], json!({"email": true, "sms": true, "push": false}));
    assert_eq!(changed["display_name"], "Ana");
    let cleared = staff.patch(&path, &json!({"phone": null, "email": null})).await.expect(200);
    assert_eq!(
        (&cleared["phone"], &cleared["email"], &cleared["marketing_opt_in"]),
        (&Value::Null, &Value::Null, &true.into())
    );
    let replaced = staff.put(&path, &ana()).await.expect(200);
    assert_eq!((&replaced["email"], &replaced["marketing_opt_in"]), (&"Ana@Example.com".into(), &false.into()));

    let stale = staff.clone().with("if-match", &tag);
    stale.put(&path, &ana()).await.refused(412, "TITHI_PRECONDITION_FAILED");
    stale.patch(&path, &json!({})).await.refused(412, "TITHI_PRECONDITION_FAILED");
    stale.delete(&path).await.refused(412, "TITHI_PRECONDITION_FAILED");
    staff.delete(&path).await.expect(204);
    staff.get(&path).await.refused(404, "TITHI_CUSTOMER_NOT_FOUND");
    made(&staff, CUSTOMERS, &ana()).await;

    let id = first["id"].as_str().unwrap();
    assert_eq!(audited(&service, &tenant, "customers", id).await, ["INSERT", "UPDATE", "UPDATE", "UPDATE", "UPDATE"]);
    let told = told(&service, &tenant, id).await;
    let codes: Vec<&str> = told.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(
        codes,
        ["CUSTOMER_CREATED", "CUSTOMER_UPDATED", "CUSTOMER_UPDATED", "CUSTOMER_UPDATED", "CUSTOMER_DELETED"]
    );
    assert!(told.iter().all(|(_, payload)| *payload == json!({"customer_id": id})), "events name nobody");
}

#[tokio::test]
async fn an_address_is_one_customer_of_a_business() {
    let service = Service::start().await;
    let (tenant, other) = (service.tenant().await, service.tenant().await);
    let staff = service.staff_of(&tenant).await;
    let path = format!("{CUSTOMERS}/{}", made(&staff, CUSTOMERS, &ana()).await);
    let again = json!({"display_name": "Somebody else", "email": "ANA@example.COM"});
    let problem = staff.post(CUSTOMERS, &again).await.refused(409, "TITHI_EMAIL_TAKEN");
    assert_eq!(pointers(&problem), ["#/email"]);
    let bob = format!(
        "{CUSTOMERS}/{}",
        made(&staff, CUSTOMERS, &json!({"display_name": "Bob", "email": "bob@example.com"})).await
    );
    staff.patch(&bob, &json!({"email": "ana@EXAMPLE.com"})).await.refused(409, "TITHI_EMAIL_TAKEN");
    assert_eq!(staff.get(&path).await.expect(200)["display_name"], "Ana");
    made(&service.staff_of(&other).await, CUSTOMERS, &again).await;

    let keyed = staff.key("0198c0de-7000-7000-8000-000000000003");
    let eve = json!({"display_name": "Eve", "email": "eve@example.com"});
    let (one, two) = (keyed.post(CUSTOMERS, &eve).await, keyed.post(CUSTOMERS, &eve).await);
    assert_eq!((one.status.as_u16(), &one.body, two.header("idempotent-replayed")), (201, &two.body, "true"));
}

#[tokio::test]
async fn every_refused_field_is_named_at_once() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let staff = service.staff_of(&tenant).await;
    let bad = json!({
        "display_name": " ", "email": "nobody", "phone": 7, "marketing_opt_in": "yes", "vip": true,
        "notification_preferences": {"pigeon": true},
    });
    let problem = staff.post(CUSTOMERS, &bad).await.refused(400, "TITHI_VALIDATION_ERROR");
    assert_eq!(
        pointers(&problem),
        ["#/display_name", "#/email", "#/marketing_opt_in", "#/notification_preferences/pigeon", "#/phone", "#/vip"]
    );
    // a form that passes the format and cannot be an address
    let odd = json!({"display_name": "Ana", "email": "a..b@example.com"});
    assert_eq!(pointers(&staff.post(CUSTOMERS, &odd).await.refused(400, "TITHI_VALIDATION_ERROR")), ["#/email"]);
}

#[tokio::test]
async fn lists_are_narrowed_searched_and_walked() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let staff = service.staff_of(&tenant).await;
    let mut all = Vec::new();
    for at in 0..9 {
        // three names for nine people
        let body = json!({"display_name": format!("Person {}", at % 3), "email": format!("p{at}@example.com")});
        all.push(made(&staff, CUSTOMERS, &body).await);
        service.clock.advance(chrono::TimeDelta::seconds(1));
    }
    let list = async |query: &str| ids(&staff.get(&format!("{CUSTOMERS}?{query}")).await.expect(200));
    let newest: Vec<String> = all.iter().rev().cloned().collect();
    assert_eq!(list("").await, newest);
    assert_eq!(list("email=P4%40EXAMPLE.com").await, [all[4].clone()]);
    assert_eq!(list("q=p7%40").await, [all[7].clone()]);
    assert_eq!(list("q=person%201&sort=created_at").await, [all[1].clone(), all[4].clone(), all[7].clone()]);
    let since =
        staff.get(&format!("{CUSTOMERS}/{}", all[6])).await.expect(200)["updated_at"].as_str().unwrap().to_owned();
    assert_eq!(list(&format!("updated_since={since}&sort=created_at")).await, all[6..]);

    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = staff.get(&format!("{CUSTOMERS}?limit=2&sort=-display_name{cursor}")).await.expect(200);
        seen.extend(ids(&page));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
        // behind whoever walks: not seen, and nobody is pushed onto a page twice
        let body = json!({"display_name": "Zoe", "email": format!("z{}@example.com", seen.len())});
        made(&staff, CUSTOMERS, &body).await;
    }
    let mut sorted = seen.clone();
    sorted.sort();
    all.sort();
    assert_eq!(sorted, all);
    staff.get(&format!("{CUSTOMERS}?limit=2{cursor}")).await.refused(400, "TITHI_CURSOR_INVALID");
    staff.get(&format!("{CUSTOMERS}?updated_since=yesterday")).await.refused(400, "TITHI_VALIDATION_ERROR");
}

#[tokio::test]
async fn who_may_what() {
    let service = Service::start().await;
    let (tenant, other) = (service.tenant().await, service.tenant().await);
    let path = format!("{CUSTOMERS}/{}", made(&service.staff_of(&tenant).await, CUSTOMERS, &ana()).await);
    let viewer = service.viewer_of(&tenant).await;
    viewer.get(CUSTOMERS).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    viewer.get(&path).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    viewer.post(CUSTOMERS, &json!({})).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    viewer.delete(&path).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    let stranger = service.stranger(&tenant);
    stranger.get(CUSTOMERS).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    stranger.post(CUSTOMERS, &json!({})).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    let elsewhere = service.owner_of(&other).await;
    elsewhere.get(&path).await.refused(404, "TITHI_CUSTOMER_NOT_FOUND");
    elsewhere.put(&path, &ana()).await.refused(404, "TITHI_CUSTOMER_NOT_FOUND");
    elsewhere.patch(&path, &json!({})).await.refused(404, "TITHI_CUSTOMER_NOT_FOUND");
    elsewhere.delete(&path).await.refused(404, "TITHI_CUSTOMER_NOT_FOUND");
    assert!(ids(&elsewhere.get(CUSTOMERS).await.expect(200)).is_empty());
}
