//! Who waits is asked in the order of the line, about times that became free, one offer at a time.
use chrono::{Days, TimeDelta};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::hold::{HOLDS, redeem};
use super::{Shop, key};
use crate::support::app::Service;

const WAITLIST: &str = "/api/v1/waitlist";

/// Waits for any time of tomorrow, as a visitor.
async fn wait(shop: &Shop, service: &Service) -> Value {
    let customer = json!({"display_name": "Ana Torres", "email": format!("{}@visitors.example", key())});
    wait_as(shop, service, customer).await.expect(201)
}

async fn wait_as(shop: &Shop, service: &Service, customer: Value) -> crate::support::client::Answer {
    let wish = json!({"service_id": shop.service_id, "customer": customer, "from_at": service.clock.now(),
        "until_at": service.clock.now() + TimeDelta::days(5)});
    shop.stranger.post(WAITLIST, &wish).await
}

async fn seen(shop: &Shop, entry: &Value) -> Value {
    shop.stranger.get(&format!("{WAITLIST}/{}", entry["entry_token"].as_str().unwrap())).await.expect(200)
}

/// Books the first time of tomorrow.
async fn booked(shop: &Shop) -> Value {
    let start = shop.starts(shop.tomorrow).await.remove(0);
    shop.visit(&shop.wish(&start)).await.expect(201)
}

async fn cancel(service: &Service, shop: &Shop, booking: &Value) {
    let owner = service.owner_of(&shop.tenant).await;
    let path = format!("{}/{}/cancel", super::BOOKINGS, booking["id"].as_str().unwrap());
    owner.key(&key()).post(&path, &json!({})).await.expect(200);
}

#[tokio::test]
async fn a_freed_time_goes_to_the_first_in_line_and_then_to_the_next() {
    let service = Service::alone().await;
    let shop = Shop::open(&service, json!({})).await;
    let booking = booked(&shop).await;
    let (first, second) = (wait(&shop, &service).await, {
        service.clock.advance(TimeDelta::seconds(1));
        wait(&shop, &service).await
    });
    assert_eq!(first["customer_id"], Value::Null, "whose address it is, is not told");
    cancel(&service, &shop, &booking).await;
    let offered = seen(&shop, &first).await;
    assert_eq!((&offered["status"], &offered["offers"]), (&json!("offered"), &json!(1)));
    assert_eq!(seen(&shop, &second).await["status"], "waiting");
    assert!(!shop.starts(shop.tomorrow).await.contains(&booking["start_at"].as_str().unwrap().to_owned()));
    // an hour later nobody has taken it: the round asks the next
    service.clock.advance(TimeDelta::minutes(60));
    tithi::jobs::keep_house(&service.app).await.unwrap();
    assert_eq!(seen(&shop, &first).await["status"], "waiting");
    let offered = seen(&shop, &second).await;
    assert_eq!(offered["status"], "offered");
    let path = format!("{HOLDS}/{}", offered["hold_token"].as_str().unwrap());
    assert_eq!(shop.stranger.get(&path).await.expect(200)["start_at"], booking["start_at"]);
    let taken = redeem(&shop, &offered).await.expect(201);
    assert_eq!(taken["start_at"], booking["start_at"]);
    let done = seen(&shop, &second).await;
    assert_eq!((&done["status"], &done["booking_id"]), (&json!("booked"), &taken["id"]));
    let told = "SELECT payload FROM app.events_outbox WHERE event_code = 'WAITLIST_OFFERED' ORDER BY id";
    let told: Vec<Value> = sqlx::query_scalar(told).fetch_all(&mut service.platform().await).await.unwrap();
    assert_eq!(told.len(), 2);
    for member in ["entry_id", "hold_id", "customer_id", "start_at", "expires_at", "total_amount_cents"] {
        assert!(!told[0][member].is_null(), "{member}: {}", told[0]);
    }
}

#[tokio::test]
async fn who_leaves_lets_the_next_have_it_and_after_three_offers_one_waits_no_more() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let booking = booked(&shop).await;
    let first = wait(&shop, &service).await;
    service.clock.advance(TimeDelta::seconds(1));
    let second = wait(&shop, &service).await;
    cancel(&service, &shop, &booking).await;
    let path = format!("{WAITLIST}/{}", first["entry_token"].as_str().unwrap());
    for _ in 0..2 {
        shop.stranger.delete(&path).await.expect(204);
    }
    assert_eq!(seen(&shop, &first).await["status"], "left");
    for offers in 1..=3 {
        let offered = seen(&shop, &second).await;
        assert_eq!((&offered["status"], &offered["offers"]), (&json!("offered"), &json!(offers)));
        // declined, and not asked about the same time again
        shop.stranger.delete(&format!("{HOLDS}/{}", offered["hold_token"].as_str().unwrap())).await.expect(204);
        let again = seen(&shop, &second).await["status"].clone();
        assert_eq!(again, if offers < 3 { "waiting" } else { "expired" });
        if offers < 3 {
            let booking = booked(&shop).await;
            cancel(&service, &shop, &booking).await;
        }
    }
}

/// A time that is moved away from, and one whose hold is given up, are offered too; what nobody may book is not.
#[tokio::test]
async fn every_way_of_freeing_a_time_counts_and_notice_too() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let booking = booked(&shop).await;
    let first = wait(&shop, &service).await;
    let to = shop.starts(shop.tomorrow + Days::new(1)).await.remove(3);
    shop.act(&booking, "reschedule", Some(&json!({"start_at": to}))).await.expect(201);
    assert_eq!(seen(&shop, &first).await["status"], "offered");

    let strict = Shop::open(&service, json!({"notice_min": 14_400})).await;
    let start = strict.starts(strict.tomorrow).await.remove(0);
    let customer = json!({"display_name": "Ana Torres", "email": "ana@visitors.example"});
    let wish = json!({"service_id": strict.service_id, "start_at": start, "customer": customer});
    let booking = strict.book(&wish).await.expect(201);
    let entry = wait(&strict, &service).await;
    cancel(&service, &strict, &booking).await;
    assert_eq!(seen(&strict, &entry).await["status"], "waiting", "too soon for the public");
}

#[tokio::test]
async fn of_thirty_cancels_at_once_ten_in_line_get_one_each() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 2, json!({})).await;
    let mut bookings = Vec::new();
    for start in shop.starts(shop.tomorrow).await.into_iter().take(15) {
        for resource in &shop.resources {
            let mut wish = shop.wish(&start);
            wish["resource_id"] = resource.clone().into();
            bookings.push(shop.visit(&wish).await.expect(201));
        }
    }
    assert_eq!(bookings.len(), 30);
    for _ in 0..10 {
        wait(&shop, &service).await;
    }
    join_all(bookings.iter().map(|booking| cancel(&service, &shop, booking))).await;
    let (offered, holds, times): (i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM app.waitlist_entries WHERE tenant_id = $1 AND status = 'offered' AND offers = 1),
                (SELECT count(*) FROM app.booking_holds WHERE tenant_id = $1),
                (SELECT count(DISTINCT (resource_id, start_at)) FROM app.booking_holds WHERE tenant_id = $1)",
    )
    .bind(shop.tenant.id.0)
    .fetch_one(&mut service.platform().await)
    .await
    .unwrap();
    assert_eq!((offered, holds, times), (10, 10, 10));
    assert_eq!(super::overlaps(&service, &shop.tenant).await, 0);
}

#[tokio::test]
async fn one_waits_five_times_at_most_and_for_times_that_are_to_come() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let customer = json!({"display_name": "Ana Torres", "email": "ana@visitors.example"});
    for _ in 0..5 {
        wait_as(&shop, &service, customer.clone()).await.expect(201);
    }
    wait_as(&shop, &service, customer.clone()).await.refused(422, "TITHI_RULE_VIOLATION");
    let listed = shop.owner.get(&format!("{WAITLIST}?status=waiting")).await.expect(200);
    assert_eq!(listed["data"].as_array().unwrap().len(), 5);
    assert!(listed["data"][0]["customer_id"].is_string());
    let now = service.clock.now();
    for (from, until) in [(now, now), (now - TimeDelta::days(2), now), (now, now + TimeDelta::days(93))] {
        let wish = json!({"service_id": shop.service_id, "customer": customer, "from_at": from, "until_at": until});
        let problem = shop.stranger.post(WAITLIST, &wish).await.refused(400, "TITHI_VALIDATION_ERROR");
        assert_eq!(problem["errors"][0]["pointer"], "#/until_at");
    }
}

/// Each time of a series that is canceled is free, and somebody's.
#[tokio::test]
async fn a_series_that_is_canceled_is_offered() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let customer = json!({"display_name": "Ana Torres", "email": "ana@customers.example"});
    let series =
        json!({"service_id": shop.service_id, "start_at": start, "rrule": "FREQ=DAILY;COUNT=2", "customer": customer});
    let made = shop.owner.key(&key()).post("/api/v1/booking-series", &series).await.expect(201);
    let first = wait(&shop, &service).await;
    service.clock.advance(TimeDelta::seconds(1));
    let second = wait(&shop, &service).await;
    let path = format!("/api/v1/booking-series/{}/cancel", made["series"]["id"].as_str().unwrap());
    shop.owner.key(&key()).post(&path, &json!({})).await.expect(200);
    for (entry, booking) in [&first, &second].into_iter().zip(made["booked"].as_array().unwrap()) {
        let offered = seen(&shop, entry).await;
        assert_eq!(offered["status"], "offered");
        let path = format!("{HOLDS}/{}", offered["hold_token"].as_str().unwrap());
        assert_eq!(shop.stranger.get(&path).await.expect(200)["start_at"], booking["start_at"]);
    }
}

#[tokio::test]
async fn who_takes_an_offer_that_has_just_expired_waits_no_more() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let booking = booked(&shop).await;
    let entry = wait(&shop, &service).await;
    cancel(&service, &shop, &booking).await;
    let offered = seen(&shop, &entry).await;
    service.clock.advance(TimeDelta::minutes(60));
    let taken = redeem(&shop, &offered).await.expect(201);
    assert_eq!(taken["start_at"], booking["start_at"]);
    let done = seen(&shop, &entry).await;
    assert_eq!((&done["status"], &done["booking_id"]), (&json!("booked"), &taken["id"]));
}

#[tokio::test]
async fn a_deleted_customer_is_in_no_line() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let booking = booked(&shop).await;
    let customer = json!({"display_name": "Ana Torres", "email": "ana@visitors.example"});
    let first = wait_as(&shop, &service, customer.clone()).await.expect(201);
    service.clock.advance(TimeDelta::seconds(1));
    let second = wait_as(&shop, &service, customer).await.expect(201);
    cancel(&service, &shop, &booking).await;
    assert_eq!(seen(&shop, &first).await["status"], "offered");
    let listed = shop.owner.get(&format!("{WAITLIST}?status=waiting")).await.expect(200);
    let ana = listed["data"][0]["customer_id"].as_str().unwrap();
    shop.owner.delete(&format!("/api/v1/customers/{ana}")).await.expect(204);
    for entry in [&first, &second] {
        assert_eq!(seen(&shop, entry).await["status"], "left");
    }
}
