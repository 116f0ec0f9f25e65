//! Several changes of one booking: all of them, or none.
use serde_json::{Value, json};

use super::{DESK, all_told, booked, everything, id};
use crate::booking::{BOOKINGS, Shop};
use crate::catalogue::pointers;
use crate::support::app::Service;
use crate::support::client::Answer;

async fn put(shop: &Shop, booking: &Value, fields: Value) -> Answer {
    shop.owner.put(&format!("{DESK}/{}", id(booking)), &json!({"update_fields": fields})).await
}

#[tokio::test]
async fn state_time_and_notes_change_together() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"requires_confirmation": true})).await;
    let starts = shop.starts(shop.tomorrow).await;
    let old = booked(&shop, 1).await.remove(0);
    let before = all_told(&service, &shop).await.len();
    let end = starts[5].as_str();
    let fields = json!({"status": "confirmed", "start_at": starts[4], "end_at": end, "notes": "With a child"});
    let answer = put(&shop, &old, fields).await;
    let tag = answer.header("etag").to_owned();
    let new = answer.expect(200);
    assert_eq!(
        (&new["status"], &new["start_at"], &new["notes"]),
        (&json!("confirmed"), &json!(starts[4]), &json!("With a child"))
    );
    assert_eq!(new["rescheduled_from"], old["id"]);
    assert_eq!(shop.owner.get(&format!("{BOOKINGS}/{}", id(&new))).await.header("etag"), tag);
    let told = all_told(&service, &shop).await.split_off(before);
    let codes: Vec<&str> = told.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["BOOKING_UPDATED", "BOOKING_RESCHEDULED", "BOOKING_CONFIRMED"]);

    // what it is already is no change
    let count = all_told(&service, &shop).await.len();
    let same = json!({"status": "confirmed", "start_at": starts[4], "end_at": end, "notes": "With a child"});
    assert_eq!(put(&shop, &new, same).await.expect(200), new);
    assert_eq!(all_told(&service, &shop).await.len(), count);
    let canceled = put(&shop, &new, json!({"status": "canceled"})).await.expect(200);
    assert_eq!(canceled["status"], "canceled");
    assert!(shop.starts(shop.tomorrow).await.contains(&starts[4]), "the time is free");
}

#[tokio::test]
async fn one_change_that_is_refused_leaves_all_as_it_was() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let starts = shop.starts(shop.tomorrow).await;
    let bookings = booked(&shop, 2).await;
    let before = everything(&service, &shop).await;
    let cases = [
        (json!({"notes": "x", "status": "completed"}), 409, "TITHI_BOOKING_INVALID_STATE"),
        (json!({"notes": "x", "start_at": starts[5], "status": "completed"}), 409, "TITHI_BOOKING_INVALID_STATE"),
        (json!({"notes": "x", "status": "pending"}), 409, "TITHI_BOOKING_INVALID_STATE"),
        (json!({"notes": "x", "status": "failed"}), 409, "TITHI_BOOKING_INVALID_STATE"),
        (json!({"notes": "x", "status": "no_show"}), 409, "TITHI_BOOKING_INVALID_STATE"),
        (json!({"notes": "x", "start_at": starts[1]}), 409, "TITHI_BOOKING_CONFLICT"),
        (json!({"notes": "x", "start_at": starts[5], "end_at": starts[7]}), 400, "TITHI_VALIDATION_ERROR"),
        (json!({"notes": "x", "end_at": starts[7]}), 400, "TITHI_VALIDATION_ERROR"),
        (json!({"start_at": starts[5], "status": "canceled"}), 400, "TITHI_VALIDATION_ERROR"),
        (json!({}), 400, "TITHI_VALIDATION_ERROR"),
    ];
    for (fields, status, code) in cases {
        let problem = put(&shop, &bookings[0], fields.clone()).await.refused(status, code);
        if status == 400 {
            assert!(pointers(&problem)[0].starts_with("#/update_fields"), "{problem}");
        }
        assert_eq!(everything(&service, &shop).await, before, "{fields}");
    }
}

#[tokio::test]
async fn nobody_overwrites_what_he_has_not_seen() {
    let service = Service::start().await;
    let (shop, other) = (Shop::open(&service, json!({})).await, Shop::open(&service, json!({})).await);
    let booking = booked(&shop, 1).await.remove(0);
    let path = format!("{DESK}/{}", id(&booking));
    let body = json!({"update_fields": {"notes": "x"}});
    let tag = shop.owner.get(&format!("{BOOKINGS}/{}", id(&booking))).await.header("etag").to_owned();
    service.clock.advance(chrono::TimeDelta::seconds(1));
    shop.owner.clone().with("if-match", &tag).put(&path, &body).await.expect(200);
    shop.owner.clone().with("if-match", &tag).put(&path, &body).await.refused(412, "TITHI_PRECONDITION_FAILED");
    other.owner.put(&path, &body).await.refused(404, "TITHI_BOOKING_NOT_FOUND");
    for client in [service.viewer_of(&shop.tenant).await, service.staff_of(&shop.tenant).await] {
        client.put(&path, &body).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    }
}
