//! Many bookings that move together: over each other's times, and never over anybody else's.
use serde_json::{Value, json};

use super::{all_told, booked, everything, id, noted, post};
use crate::booking::{BOOKINGS, Shop, overlaps};
use crate::catalogue::pointers;
use crate::support::app::Service;

async fn starts_of(shop: &Shop, ids: &Value) -> Vec<String> {
    let mut starts = Vec::new();
    for id in ids.as_array().unwrap() {
        let booking = shop.owner.get(&format!("{BOOKINGS}/{}", id.as_str().unwrap())).await.expect(200);
        assert_eq!(booking["status"], "confirmed");
        starts.push(booking["start_at"].as_str().unwrap().to_owned());
    }
    starts
}

#[tokio::test]
async fn two_change_places() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let bookings = booked(&shop, 2).await;
    let starts: Vec<&str> = bookings.iter().map(|booking| booking["start_at"].as_str().unwrap()).collect();
    let wanted = json!({
        "action": "reschedule", "booking_ids": [id(&bookings[0]), id(&bookings[1])],
        "action_data": {"start_at": {id(&bookings[0]): starts[1], id(&bookings[1]): starts[0]}},
    });
    let before = all_told(&service, &shop).await.len();
    let done = post(&shop.owner, "bulk-actions", &wanted).await.expect(200);
    assert_eq!(done["message"], "2 bookings were rescheduled.");
    assert_eq!(starts_of(&shop, &done["booking_ids"]).await, [starts[1], starts[0]]);
    assert_eq!(overlaps(&service, &shop.tenant).await, 0);
    for (old, new) in bookings.iter().zip(done["booking_ids"].as_array().unwrap()) {
        let now = shop.owner.get(&format!("{BOOKINGS}/{}", new.as_str().unwrap())).await.expect(200);
        assert_eq!((&now["rescheduled_from"], &now["customer_id"]), (&old["id"], &old["customer_id"]));
    }
    let told = all_told(&service, &shop).await.split_off(before);
    let codes: Vec<&str> = told.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["BOOKING_RESCHEDULED", "BOOKING_RESCHEDULED", "BULK_BOOKING_ACTION"]);
    assert_eq!(told[2].1["booking_ids"], done["booking_ids"]);
    assert_eq!(noted(&service, &shop, "BULK_RESCHEDULE").await.len(), 2);
    // what was given up is held again, and nothing of the old ones is
    let held: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM app.booking_allocations a JOIN app.bookings b ON b.tenant_id = a.tenant_id AND b.id = a.booking_id
         WHERE a.tenant_id = $1 AND a.state = b.status AND b.status IN ('confirmed', 'canceled')",
    )
    .bind(shop.tenant.id.0)
    .fetch_one(&mut service.platform().await)
    .await
    .unwrap();
    assert_eq!(held, 4);
}

#[tokio::test]
async fn a_full_morning_moves_by_half_an_hour_either_way() {
    let service = Service::start().await;
    for wanted in [json!({}), json!({"capacity": 1, "interval_min": 15}), json!({"capacity": 2})] {
        let shop = Shop::open(&service, wanted.clone()).await;
        let first = shop.starts(shop.tomorrow).await;
        let step = if wanted["interval_min"] == 15 { 2 } else { 1 };
        let mut bookings = Vec::new();
        for number in 1..6 {
            for _ in 0..wanted["capacity"].as_u64().unwrap_or(1) {
                bookings.push(shop.book(&shop.wish(&first[number * step])).await.expect(201));
            }
        }
        let mut ids: Value = bookings.iter().map(|booking| booking["id"].clone()).collect();
        for minutes in [30, -60] {
            let before = starts_of(&shop, &ids).await;
            let wanted = json!({"action": "reschedule", "booking_ids": ids, "action_data": {"shift_minutes": minutes}});
            let done = post(&shop.owner, "bulk-actions", &wanted).await.expect(200);
            ids = done["booking_ids"].clone();
            for (before, after) in before.iter().zip(starts_of(&shop, &ids).await) {
                let at = |text: &str| chrono::DateTime::parse_from_rfc3339(text).unwrap();
                assert_eq!((at(&after) - at(before)).num_minutes(), minutes);
            }
            assert_eq!(overlaps(&service, &shop.tenant).await, 0);
        }
    }
}

#[tokio::test]
async fn nobody_else_is_pushed_aside() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let bookings = booked(&shop, 4).await;
    let before = everything(&service, &shop).await;
    let ids: Vec<&str> = bookings[..3].iter().map(id).collect();
    let wanted = json!({"action": "reschedule", "booking_ids": ids, "action_data": {"shift_minutes": 30}});
    let problem = post(&shop.owner, "bulk-actions", &wanted).await.refused(409, "TITHI_BOOKING_CONFLICT");
    assert_eq!((pointers(&problem), &problem["booking_id"]), (vec!["#/booking_ids/2".to_owned()], &bookings[2]["id"]));
    assert!(!problem["next_free"].as_array().unwrap().is_empty());
    // out of the opening hours, and into the past
    for minutes in [9 * 60, -30 * 24 * 60] {
        let wanted = json!({"action": "reschedule", "booking_ids": ids, "action_data": {"shift_minutes": minutes}});
        post(&shop.owner, "bulk-actions", &wanted).await.refused(409, "TITHI_SLOT_UNAVAILABLE");
    }
    assert_eq!(everything(&service, &shop).await, before);
}

/// What the first leaves is what the next wants: nobody in line is asked before all have moved.
#[tokio::test]
async fn whoever_waits_does_not_get_what_the_next_one_moves_to() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let bookings = booked(&shop, 2).await;
    let wait = json!({
        "service_id": shop.service_id, "from_at": service.clock.now(),
        "until_at": service.clock.now() + chrono::TimeDelta::days(5),
        "customer": {"display_name": "Mia Stone", "email": "mia@visitors.example"},
    });
    let entry = shop.stranger.post("/api/v1/waitlist", &wait).await.expect(201);
    let wanted = json!({
        "action": "reschedule", "booking_ids": [id(&bookings[0]), id(&bookings[1])],
        "action_data": {"shift_minutes": 30},
    });
    post(&shop.owner, "bulk-actions", &wanted).await.expect(200);
    assert_eq!(overlaps(&service, &shop.tenant).await, 0);
    let path = format!("/api/v1/waitlist/{}", entry["entry_token"].as_str().unwrap());
    let entry = shop.stranger.get(&path).await.expect(200);
    assert_eq!(entry["status"], "offered", "what was left in the end is offered");
}
