//! A program that fills in what people never see: answered like anybody, and nothing comes of it.
use serde_json::{Value, json};

use super::{Shop, key};
use crate::support::app::Service;

/// Rows of everything that a booking leaves behind.
async fn rows(service: &Service, shop: &Shop) -> i64 {
    let sql = "SELECT (SELECT count(*) FROM app.bookings WHERE tenant_id = $1) + (SELECT count(*) FROM app.booking_items WHERE tenant_id = $1)
                    + (SELECT count(*) FROM app.booking_allocations WHERE tenant_id = $1) + (SELECT count(*) FROM app.class_sessions WHERE tenant_id = $1)
                    + (SELECT count(*) FROM app.customers WHERE tenant_id = $1) + (SELECT count(*) FROM app.booking_holds WHERE tenant_id = $1)
                    + (SELECT count(*) FROM app.waitlist_entries WHERE tenant_id = $1)
                    + (SELECT count(*) FROM app.events_outbox WHERE tenant_id = $1) + (SELECT count(*) FROM app.audit_logs WHERE tenant_id = $1)";
    sqlx::query_scalar(sql).bind(shop.tenant.id.0).fetch_one(&mut service.platform().await).await.unwrap()
}

/// Members and the kinds of their values.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), shape(value))).collect(),
        Value::Array(items) => items.iter().map(shape).collect(),
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

/// Sends a body as somebody honest and as a program, each with its own email; the answers must look alike.
async fn alike(service: &Service, shop: &Shop, path: &str, honest: Value, program: Value) -> Value {
    let real = shop.stranger.key(&key()).post(path, &honest).await;
    let before = rows(service, shop).await;
    let mut trapped = program;
    trapped["website"] = json!("https://buy.example");
    let fake = shop.stranger.key(&key()).post(path, &trapped).await;
    assert_eq!(fake.status, real.status, "{path}: {} {}", fake.json(), real.json());
    assert_eq!(fake.header("location").is_empty(), real.header("location").is_empty(), "{path}");
    assert_eq!(shape(&fake.json()), shape(&real.json()), "{path}");
    assert_eq!(rows(service, shop).await, before, "{path}");
    fake.json()
}

#[tokio::test]
async fn wherever_strangers_book_hold_or_wait_there_is_the_same_trap() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let starts = shop.starts(shop.tomorrow + chrono::Days::new(3)).await;
    let slug = &shop.tenant.slug;
    let mut at = starts.iter();
    let mut next = || at.next().unwrap().clone();
    let path = crate::booking::BOOKINGS;
    let real = shop.stranger.key(&key()).post(path, &shop.wish(&next())).await.expect(201);
    shop.opened(real["manage_token"].as_str().unwrap()).await;
    let fake = alike(&service, &shop, path, shop.wish(&next()), shop.wish(&next())).await;
    let token = fake["manage_token"].as_str().unwrap();
    shop.own(token, "cancel", &json!({})).await.refused(404, "TITHI_BOOKING_NOT_FOUND");

    let held = |start: String| json!({"service_id": shop.service_id, "start_at": start});
    for path in ["/api/v1/availability/holds".to_owned(), format!("/v1/b/{slug}/holds")] {
        let fake = alike(&service, &shop, &path, held(next()), held(next())).await;
        let token = fake["hold_token"].as_str().unwrap();
        shop.stranger.get(&format!("{path}/{token}")).await.refused(404, "TITHI_HOLD_NOT_FOUND");
    }
    let waits = || {
        let customer = shop.wish(&starts[0])["customer"].clone();
        json!({"service_id": shop.service_id, "customer": customer, "from_at": starts[0], "until_at": starts[5]})
    };
    for path in ["/api/v1/waitlist".to_owned(), format!("/v1/b/{slug}/waitlist")] {
        alike(&service, &shop, &path, waits(), waits()).await;
    }
    let mut visit = || {
        let legs = [held(next()), held(next())];
        json!({"legs": legs, "customer": shop.wish(&starts[0])["customer"]})
    };
    for path in ["/api/v1/booking-itineraries".to_owned(), format!("/v1/b/{slug}/booking-itineraries")] {
        let (honest, program) = (visit(), visit());
        // the answer of a program names times that are still free
        let fake = alike(&service, &shop, &path, honest, program).await;
        let start = fake["bookings"][0]["start_at"].as_str().unwrap().to_owned();
        assert!(shop.starts(shop.tomorrow + chrono::Days::new(3)).await.contains(&start));
    }
    // a member may write there what they like
    let mut wish = shop.wish(&starts[15]);
    wish["website"] = json!("https://buy.example");
    let booked = shop.book(&wish).await.expect(201);
    shop.act(&booked, "cancel", Some(&json!({}))).await.expect(200);
}

#[tokio::test]
async fn a_hold_or_too_many_heads_do_not_tell_either() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let starts = shop.starts(shop.tomorrow + chrono::Days::new(3)).await;
    let hold = async |start: &String| {
        let wish = json!({"service_id": shop.service_id, "start_at": start});
        shop.stranger.key(&key()).post("/api/v1/availability/holds", &wish).await.expect(201)
    };
    let by = |hold: &Value| json!({"hold_token": hold["hold_token"], "customer": shop.wish(&starts[0])["customer"]});
    for path in [shop.page(), crate::booking::BOOKINGS.to_owned()] {
        let free = shop.starts(shop.tomorrow + chrono::Days::new(3)).await;
        let (first, second) = (hold(&free[0]).await, hold(&free[1]).await);
        let fake = alike(&service, &shop, &path, by(&first), by(&second)).await;
        assert_eq!(fake["start_at"], second["start_at"]);
        // the same hold again: it was booked, and it was not
        alike(&service, &shop, &path, by(&first), by(&first)).await;
        shop.visit(&by(&second)).await.expect(201);
        let many = |start: &String| {
            let mut wish = shop.wish(start);
            wish["attendee_count"] = 3.into();
            wish
        };
        let refused = alike(&service, &shop, &path, many(&free[2]), many(&free[2])).await;
        assert_eq!(refused["code"], "TITHI_RULE_VIOLATION");
    }
}
