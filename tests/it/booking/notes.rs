//! Notes are changed in place, in any state, and nothing else is.
use serde_json::{Value, json};

use super::{BOOKINGS, Shop};
use crate::catalogue::told;
use crate::support::app::Service;

#[tokio::test]
async fn notes_change_in_any_state_and_nothing_else_does() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let booking = shop.book(&shop.wish(&start)).await.expect(201);
    let path = format!("{BOOKINGS}/{}", booking["id"].as_str().unwrap());
    let staff = service.staff_of(&shop.tenant).await;
    let old = shop.owner.get(&path).await;
    let tag = old.header("etag").to_owned();
    service.clock.advance(chrono::TimeDelta::seconds(1));
    let changed = staff.patch(&path, &json!({"notes": "By the window"})).await.expect(200);
    assert_eq!(changed["notes"], "By the window");
    for kept in ["status", "start_at", "customer_id", "created_at"] {
        assert_eq!(changed[kept], booking[kept], "{kept}");
    }
    staff
        .clone()
        .with("if-match", &tag)
        .patch(&path, &json!({"notes": "Late"}))
        .await
        .refused(412, "TITHI_PRECONDITION_FAILED");
    // what it says already is no change
    assert_eq!(staff.patch(&path, &json!({"notes": "By the window"})).await.expect(200), changed);
    assert_eq!(staff.patch(&path, &json!({})).await.expect(200), changed);
    shop.act(&booking, "cancel", Some(&json!({}))).await.expect(200);
    let cleared = staff.patch(&path, &json!({"notes": null})).await.expect(200);
    assert_eq!((&cleared["notes"], &cleared["status"]), (&Value::Null, &json!("canceled")));
    let codes: Vec<String> =
        told(&service, &shop.tenant, booking["id"].as_str().unwrap()).await.into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes.iter().filter(|code| *code == "BOOKING_UPDATED").count(), 2);

    let viewer = service.viewer_of(&shop.tenant).await;
    viewer.patch(&path, &json!({"notes": "x"})).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    staff.patch(&path, &json!({"notes": "x".repeat(5001)})).await.refused(400, "TITHI_VALIDATION_ERROR");
    let other = Shop::open(&service, json!({})).await;
    other.owner.patch(&path, &json!({"notes": "x"})).await.refused(404, "TITHI_BOOKING_NOT_FOUND");
}
