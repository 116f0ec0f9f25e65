//! What happens on the day: there, done, or not come.
use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tithi::domains::booking::rules::MOVES;

use super::{BOOKINGS, Shop, key};
use crate::catalogue::{audited, told};
use crate::support::app::Service;

const WRONG: &str = "TITHI_BOOKING_INVALID_STATE";

/// Lets the booking begin, and gives the shop an owner whose token is of that day.
async fn begin(service: &Service, shop: &mut Shop, booking: &Value) {
    let start: DateTime<Utc> = booking["start_at"].as_str().unwrap().parse().unwrap();
    service.clock.advance(start - service.clock.now());
    shop.owner = service.owner_of(&shop.tenant).await;
}

async fn booked(shop: &Shop) -> Value {
    let start = shop.starts(shop.tomorrow).await.remove(0);
    shop.visit(&shop.wish(&start)).await.expect(201)
}

#[tokio::test]
async fn a_visit_is_checked_in_and_completed() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let booking = booked(&shop).await;
    let refused = shop.act(&booking, "complete", None).await.refused(409, WRONG);
    assert_eq!(refused["state"], "confirmed");
    // early is there, too
    let there = shop.act(&booking, "check-in", None).await.expect(200);
    assert_eq!(there["status"], "checked_in");
    assert!(there["checked_in_at"].is_string() && there["completed_at"].is_null());
    for (verb, body) in [("check-in", None), ("no-show", None), ("confirm", None), ("cancel", Some(json!({})))] {
        shop.act(&booking, verb, body.as_ref()).await.refused(409, WRONG);
    }
    let done = shop.act(&booking, "complete", None).await.expect(200);
    assert_eq!((&done["status"], &done["checked_in_at"]), (&json!("completed"), &there["checked_in_at"]));
    assert!(done["completed_at"].is_string());
    shop.act(&booking, "complete", None).await.refused(409, WRONG);

    let id = booking["id"].as_str().unwrap();
    let told = told(&service, &shop.tenant, id).await;
    let codes: Vec<&str> = told.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["BOOKING_CREATED", "BOOKING_CONFIRMED", "BOOKING_CHECKED_IN", "BOOKING_COMPLETED"]);
    assert_eq!(told[3].1["status"], "completed");
    assert_eq!(audited(&service, &shop.tenant, "bookings", id).await, ["INSERT", "UPDATE", "UPDATE"]);
}

#[tokio::test]
async fn nobody_fails_to_come_before_the_time() {
    let service = Service::start().await;
    let mut shop = Shop::open(&service, json!({})).await;
    let booking = booked(&shop).await;
    let early = shop.act(&booking, "no-show", None).await.refused(409, WRONG);
    assert!(early["detail"].as_str().unwrap().contains("has not begun"), "{early}");
    begin(&service, &mut shop, &booking).await;
    assert_eq!(shop.act(&booking, "no-show", None).await.expect(200)["status"], "no_show");
    shop.act(&booking, "check-in", None).await.refused(409, WRONG);
    let id = booking["id"].as_str().unwrap();
    let (flag, state): (bool, String) = sqlx::query_as(
        "SELECT b.no_show_flag, a.state FROM app.bookings b
         JOIN app.booking_allocations a ON a.tenant_id = b.tenant_id AND a.booking_id = b.id
         WHERE b.tenant_id = $1 AND b.id = $2::uuid",
    )
    .bind(shop.tenant.id.0)
    .bind(id)
    .fetch_one(&mut service.platform().await)
    .await
    .unwrap();
    assert_eq!((flag, state.as_str()), (true, "no_show"));
    let told = told(&service, &shop.tenant, id).await;
    assert_eq!(told.last().unwrap().0, "BOOKING_NO_SHOW");
}

#[tokio::test]
async fn a_request_that_waits_is_neither_there_nor_missing() {
    let service = Service::start().await;
    let mut shop = Shop::open(&service, json!({"requires_confirmation": true})).await;
    let booking = booked(&shop).await;
    begin(&service, &mut shop, &booking).await;
    for verb in ["check-in", "complete", "no-show"] {
        assert_eq!(shop.act(&booking, verb, None).await.refused(409, WRONG)["state"], "pending");
    }
}

#[tokio::test]
async fn seats_of_a_class_stay_taken() {
    let service = Service::start().await;
    let mut shop = Shop::open(&service, json!({"capacity": 3})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let (there, missing) =
        (shop.visit(&shop.wish(&start)).await.expect(201), shop.visit(&shop.wish(&start)).await.expect(201));
    begin(&service, &mut shop, &there).await;
    shop.act(&there, "check-in", None).await.expect(200);
    shop.act(&there, "complete", None).await.expect(200);
    shop.act(&missing, "no-show", None).await.expect(200);
    let (taken, state): (i32, String) = sqlx::query_as(
        "SELECT s.taken, a.state FROM app.class_sessions s
         JOIN app.booking_allocations a ON a.tenant_id = s.tenant_id AND a.class_session_id = s.id WHERE s.tenant_id = $1",
    )
    .bind(shop.tenant.id.0)
    .fetch_one(&mut service.platform().await)
    .await
    .unwrap();
    assert_eq!((taken, state.as_str()), (2, "confirmed"));
}

#[tokio::test]
async fn of_all_who_move_it_at_once_one_does() {
    let service = Service::start().await;
    let mut shop = Shop::open(&service, json!({})).await;
    let booking = booked(&shop).await;
    begin(&service, &mut shop, &booking).await;
    let reason = json!({});
    let verbs = [("check-in", None), ("no-show", None), ("cancel", Some(&reason))].repeat(3);
    let answers = join_all(verbs.iter().map(|(verb, body)| shop.act(&booking, verb, *body))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409, 409, 409, 409, 409, 409]);
    let told = told(&service, &shop.tenant, booking["id"].as_str().unwrap()).await;
    assert_eq!(told.len(), 3, "made, confirmed and one more: {told:?}");
}

#[tokio::test]
async fn whoever_only_reads_moves_nothing() {
    let service = Service::start().await;
    let (shop, other) = (Shop::open(&service, json!({})).await, Shop::open(&service, json!({})).await);
    let booking = booked(&shop).await;
    let viewer = service.viewer_of(&shop.tenant).await;
    for verb in ["check-in", "complete", "no-show"] {
        let path = format!("{BOOKINGS}/{}/{verb}", booking["id"].as_str().unwrap());
        viewer.key(&key()).send(Method::POST, &path, None).await.refused(403, "TITHI_AUTH_FORBIDDEN");
        other.owner.key(&key()).send(Method::POST, &path, None).await.refused(404, "TITHI_BOOKING_NOT_FOUND");
        shop.owner.send(Method::POST, &path, None).await.refused(400, "TITHI_IDEMPOTENCY_KEY_MISSING");
    }
}

/// What the code believes and what the database guards are one table.
#[tokio::test]
async fn the_table_of_moves_is_the_triggers() {
    let service = Service::start().await;
    let source: String = sqlx::query_scalar("SELECT prosrc FROM pg_proc WHERE oid = 'app.booking_transition'::regproc")
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap();
    let pairs = source.split_once(") IN (\n").unwrap().1.split_once(") THEN").unwrap().0;
    let words: Vec<&str> = pairs.split('\'').skip(1).step_by(2).collect();
    let guarded: BTreeSet<(&str, &str)> = words.chunks(2).map(|pair| (pair[0], pair[1])).collect();
    let mut known: BTreeSet<(&str, &str)> =
        MOVES.iter().flat_map(|step| step.from.iter().map(|from| (from.as_str(), step.to.as_str()))).collect();
    // nobody asks for this one: it is what becomes of a booking whose payment fails
    known.insert(("pending", "failed"));
    assert_eq!(known, guarded);
}
