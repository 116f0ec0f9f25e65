//! Another time for a booking: one that follows it, or nothing at all.
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::{BOOKINGS, Shop, key, overlaps};
use crate::catalogue::{audited, told};
use crate::support::app::Service;
use crate::support::client::Answer;

const WRONG: &str = "TITHI_BOOKING_INVALID_STATE";

async fn to(shop: &Shop, booking: &Value, start: &str) -> Answer {
    shop.act(booking, "reschedule", Some(&json!({"start_at": start}))).await
}

async fn seen(shop: &Shop, booking: &Value) -> Value {
    shop.owner.get(&format!("{BOOKINGS}/{}", booking["id"].as_str().unwrap())).await.expect(200)
}

/// Rows of all that a booking writes, and what is told of them.
async fn rows(service: &Service, shop: &Shop) -> i64 {
    let sql = "SELECT (SELECT count(*) FROM app.bookings WHERE tenant_id = $1) + (SELECT count(*) FROM app.booking_items WHERE tenant_id = $1)
                    + (SELECT count(*) FROM app.booking_allocations WHERE tenant_id = $1) + (SELECT count(*) FROM app.class_sessions WHERE tenant_id = $1)
                    + (SELECT count(*) FROM app.events_outbox WHERE tenant_id = $1) + (SELECT count(*) FROM app.audit_logs WHERE tenant_id = $1)";
    sqlx::query_scalar(sql).bind(shop.tenant.id.0).fetch_one(&mut service.platform().await).await.unwrap()
}

#[tokio::test]
async fn another_one_follows_and_both_are_told_at_once() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"interval_min": 15})).await;
    let starts = shop.starts(shop.tomorrow).await;
    let mut wish = shop.wish(&starts[4]);
    wish["notes"] = "By the window".into();
    wish["client_generated_id"] = "tablet-7".into();
    let old = shop.book(&wish).await.expect(201);
    let path = format!("/api/v1/services/{}", shop.service_id);
    shop.owner.patch(&path, &json!({"price_cents": 5000})).await.expect(200);

    // a quarter of an hour later: over its own time
    let answer = to(&shop, &old, &starts[5]).await;
    let location = answer.header("location").to_owned();
    let new = answer.expect(201);
    assert_eq!(shop.owner.get(&location).await.expect(200), new);
    assert_ne!(new["id"], old["id"]);
    for kept in ["status", "customer_id", "notes", "attendee_count", "resource_id", "booking_tz", "source"] {
        assert_eq!(new[kept], old[kept], "{kept}");
    }
    let (from, start) = (&new["rescheduled_from"], &new["start_at"]);
    assert_eq!((from, start, &new["total_amount_cents"]), (&old["id"], &json!(starts[5]), &json!(5000)));
    assert_eq!(new["client_generated_id"], Value::Null);
    let before = seen(&shop, &old).await;
    assert_eq!((&before["status"], &before["client_generated_id"]), (&json!("canceled"), &json!("tablet-7")));
    let free = shop.starts(shop.tomorrow).await;
    assert!(free.contains(&starts[3]) && !free.contains(&starts[4]) && !free.contains(&starts[6]));
    assert_eq!(overlaps(&service, &shop.tenant).await, 0);

    let (old_id, new_id) = (old["id"].as_str().unwrap(), new["id"].as_str().unwrap());
    let codes = |told: &[(String, Value)]| told.iter().map(|(code, _)| code.clone()).collect::<Vec<_>>();
    let first = told(&service, &shop.tenant, old_id).await;
    assert_eq!(codes(&first), ["BOOKING_CREATED", "BOOKING_CONFIRMED"], "not canceled for whoever listens");
    let second = told(&service, &shop.tenant, new_id).await;
    assert_eq!(codes(&second), ["BOOKING_RESCHEDULED"]);
    let payload = &second[0].1;
    assert_eq!((&payload["booking_id"], &payload["rescheduled_from"]), (&new["id"], &old["id"]));
    assert_eq!((&payload["start_at"], &payload["previous"]["start_at"]), (&new["start_at"], &old["start_at"]));
    assert_eq!(audited(&service, &shop.tenant, "bookings", old_id).await, ["INSERT", "UPDATE"]);
    assert_eq!(audited(&service, &shop.tenant, "bookings", new_id).await, ["INSERT"]);

    // once; the next move starts from the new one
    to(&shop, &old, &starts[9]).await.refused(409, WRONG);
    assert_eq!(to(&shop, &new, &starts[4]).await.expect(201)["rescheduled_from"], new["id"]);
}

#[tokio::test]
async fn what_waits_goes_on_waiting_and_somebody_else_may_take_it() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 2, json!({"requires_confirmation": true})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let old = shop.visit(&shop.wish(&start)).await.expect(201);
    let other = shop.resources.iter().find(|id| **id != old["resource_id"].as_str().unwrap()).unwrap();
    let wanted = json!({"start_at": start, "resource_id": other});
    let new = shop.act(&old, "reschedule", Some(&wanted)).await.expect(201);
    assert_eq!((&new["status"], &new["resource_id"]), (&json!("pending"), &json!(other)));
    assert_eq!(new["confirmed_at"], Value::Null);
    assert_eq!(shop.act(&new, "confirm", None).await.expect(200)["status"], "confirmed");
    let there = shop.act(&new, "check-in", None).await.expect(200);
    assert_eq!(to(&shop, &there, &start).await.refused(409, WRONG)["state"], "checked_in");
}

#[tokio::test]
async fn a_refusal_names_others_and_changes_nothing() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let starts = shop.starts(shop.tomorrow).await;
    let (one, two) =
        (shop.book(&shop.wish(&starts[0])).await.expect(201), shop.book(&shop.wish(&starts[1])).await.expect(201));
    let before = rows(&service, &shop).await;
    let problem = to(&shop, &one, two["start_at"].as_str().unwrap()).await.refused(409, "TITHI_BOOKING_CONFLICT");
    assert_eq!(problem["next_free"][0]["start"], json!(starts[2]), "{problem}");
    let closed = starts[0].replace(&starts[0][11..16], "04:00");
    let problem = to(&shop, &one, &closed).await.refused(409, "TITHI_SLOT_UNAVAILABLE");
    assert!(!problem["next_free"].as_array().unwrap().is_empty(), "{problem}");
    let nobody = json!({"start_at": starts[3], "resource_id": service.new_id()});
    shop.act(&one, "reschedule", Some(&nobody)).await.refused(404, "TITHI_RESOURCE_NOT_FOUND");
    assert_eq!(rows(&service, &shop).await, before);
    assert_eq!(seen(&shop, &one).await, one);
    assert!(!shop.starts(shop.tomorrow).await.contains(&starts[0]), "it still has its time");
}

#[tokio::test]
async fn seats_of_a_class_move_too() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"capacity": 3})).await;
    let starts = shop.starts(shop.tomorrow).await;
    let party = async |start: &str, size: u32| {
        let mut wish = shop.wish(start);
        wish["attendee_count"] = size.into();
        shop.visit(&wish).await.expect(201)
    };
    let (two, _full) = (party(&starts[0], 2).await, party(&starts[1], 2).await);
    let taken = async || -> Vec<i32> {
        let sql = "SELECT taken FROM app.class_sessions WHERE tenant_id = $1 ORDER BY start_at";
        sqlx::query_scalar(sql).bind(shop.tenant.id.0).fetch_all(&mut service.platform().await).await.unwrap()
    };
    to(&shop, &two, &starts[1]).await.refused(409, "TITHI_BOOKING_CONFLICT");
    assert_eq!(taken().await, [2, 2]);
    let new = to(&shop, &two, &starts[5]).await.expect(201);
    assert_eq!((taken().await, &new["attendee_count"]), (vec![0, 2, 2], &json!(2)));
    // within one class nothing is taken twice
    let same = to(&shop, &new, &starts[5]).await.expect(201);
    assert_eq!(taken().await, [0, 2, 2]);
    to(&shop, &same, &starts[0]).await.expect(201);
    assert_eq!(taken().await, [2, 2, 0]);
    assert_eq!(overlaps(&service, &shop.tenant).await, 0);
}

#[tokio::test]
async fn many_who_move_at_once_never_meet() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"interval_min": 15})).await;
    let starts = shop.starts(shop.tomorrow).await;
    let mut all = Vec::new();
    for number in 0..6 {
        all.push(shop.book(&shop.wish(&starts[number * 2])).await.expect(201));
    }
    // everybody wants to be near the fourth, and each twice
    let wishes = (0..12).map(|number| to(&shop, &all[number % 6], &starts[12 + number % 4]));
    let answers = join_all(wishes.collect::<Vec<_>>()).await;
    let moved = answers.iter().filter(|answer| answer.status.as_u16() == 201).count();
    assert!((1..=2).contains(&moved), "{moved} moved");
    assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 201 | 409)));
    assert_eq!(overlaps(&service, &shop.tenant).await, 0);
    let live: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM app.bookings b JOIN app.booking_allocations a ON a.tenant_id = b.tenant_id AND a.booking_id = b.id
         WHERE b.tenant_id = $1 AND b.status = 'confirmed' AND a.state = 'confirmed'",
    )
    .bind(shop.tenant.id.0)
    .fetch_one(&mut service.platform().await)
    .await
    .unwrap();
    assert_eq!(live, 6, "nobody lost an appointment");
}

#[tokio::test]
async fn another_business_moves_nothing() {
    let service = Service::start().await;
    let (shop, other) = (Shop::open(&service, json!({})).await, Shop::open(&service, json!({})).await);
    let starts = shop.starts(shop.tomorrow).await;
    let booking = shop.book(&shop.wish(&starts[0])).await.expect(201);
    let (path, body) =
        (format!("{BOOKINGS}/{}/reschedule", booking["id"].as_str().unwrap()), json!({"start_at": starts[2]}));
    other.owner.key(&key()).send(Method::POST, &path, Some(&body)).await.refused(404, "TITHI_BOOKING_NOT_FOUND");
    let foreign = json!({"start_at": starts[2], "resource_id": other.resources[0]});
    shop.act(&booking, "reschedule", Some(&foreign)).await.refused(404, "TITHI_RESOURCE_NOT_FOUND");
    assert_eq!(seen(&shop, &booking).await, booking);
}
