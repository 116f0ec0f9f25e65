//! A program that fills in what people never see: answered like anybody, and nothing comes of it.
use serde_json::{Value, json};

use super::{Shop, key};
use crate::support::app::Service;

/// Rows of everything that a booking leaves behind.
async fn rows(service: &Service, shop: &Shop) -> i64 {
    let sql = "SELECT (SELECT count(*) FROM app.bookings WHERE tenant_id = $1) + (SELECT count(*) FROM app.booking_items WHERE tenant_id = $1)
                    + (SELECT count(*) FROM app.booking_allocations WHERE tenant_id = $1) + (SELECT count(*) FROM app.class_sessions WHERE tenant_id = $1)
                    + (SELECT count(*) FROM app.customers WHERE tenant_id = $1)
                    + (SELECT count(*) FROM app.events_outbox WHERE tenant_id = $1) + (SELECT count(*) FROM app.audit_logs WHERE tenant_id = $1)";
    sqlx::query_scalar(sql).bind(shop.tenant.id.0).fetch_one(&mut service.platform().await).await.unwrap()
}

/// Members and the kinds of their values.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), shape(value))).collect(),
        Value::String(_) => json!("text"),
        Value::Number(_) => json!("number"),
        other => other.clone(),
    }
}

#[tokio::test]
async fn a_program_gets_an_answer_and_nothing_else() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let starts = shop.starts(shop.tomorrow + chrono::Days::new(3)).await;
    let real = shop.visit(&shop.wish(&starts[5])).await.expect(201);
    let before = rows(&service, &shop).await;
    let mut wish = shop.wish(&starts[0]);
    wish["website"] = json!("https://buy.example");
    let once = key();
    let answer = shop.stranger.key(&once).post(&shop.page(), &wish).await;
    let again = shop.stranger.key(&once).post(&shop.page(), &wish).await;
    assert_eq!((again.header("idempotent-replayed"), &again.body), ("true", &answer.body));
    let location = answer.header("location").to_owned();
    let mut booking = answer.expect(201);
    assert_eq!(shape(&booking), shape(&real));
    assert_eq!((&booking["start_at"], &booking["service_name"]), (&json!(starts[0]), &real["service_name"]));
    assert_eq!(rows(&service, &shop).await, before);
    let free = shop.starts(shop.tomorrow + chrono::Days::new(3)).await;
    assert!(free.contains(&starts[0]), "the time is still free");
    // what it got leads nowhere
    shop.stranger.get(&location).await.refused(404, "TITHI_BOOKING_NOT_FOUND");
    let token = booking["manage_token"].take();
    shop.own(token.as_str().unwrap(), "cancel", &json!({})).await.refused(404, "TITHI_BOOKING_NOT_FOUND");
    assert_eq!(rows(&service, &shop).await, before);
}

#[tokio::test]
async fn it_is_refused_like_anybody_and_an_empty_field_is_no_trap() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let starts = shop.starts(shop.tomorrow + chrono::Days::new(3)).await;
    let mut wish = shop.wish(&starts[0]);
    for empty in [json!(""), json!("  "), json!(null)] {
        wish["website"] = empty;
        let booking = shop.visit(&wish).await.expect(201);
        shop.opened(booking["manage_token"].as_str().unwrap()).await;
        shop.own(booking["manage_token"].as_str().unwrap(), "cancel", &json!({})).await.expect(200);
    }
    shop.book(&shop.wish(&starts[0])).await.expect(201);
    wish["website"] = json!("x");
    let problem = shop.visit(&wish).await.refused(409, "TITHI_BOOKING_CONFLICT");
    assert!(!problem["next_free"].as_array().unwrap().is_empty());
    wish["service_id"] = json!(service.new_id());
    shop.visit(&wish).await.refused(404, "TITHI_SERVICE_NOT_FOUND");
}
