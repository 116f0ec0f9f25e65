//! pending or confirmed -> canceled: the time is free at once.
use serde_json::json;

use super::Shop;
use crate::support::app::Service;

#[tokio::test]
async fn a_canceled_time_is_free_at_once() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let starts = shop.starts(shop.tomorrow).await;
    let booking = shop.visit(&shop.wish(&starts[3])).await.expect(201);
    assert!(!shop.starts(shop.tomorrow).await.contains(&starts[3]));
    let canceled = shop.act(&booking, "cancel", Some(&json!({"reason": "The customer called"}))).await.expect(200);
    assert_eq!((&canceled["status"], &canceled["cancel_reason"]), (&json!("canceled"), &json!("The customer called")));
    assert!(canceled["canceled_at"].is_string());
    assert_eq!(shop.starts(shop.tomorrow).await, starts);
    shop.visit(&shop.wish(&starts[3])).await.expect(201);
    shop.act(&booking, "cancel", Some(&json!({}))).await.refused(409, "TITHI_BOOKING_INVALID_STATE");
    shop.act(&booking, "confirm", None).await.refused(409, "TITHI_BOOKING_INVALID_STATE");
    // the visitor's link still opens it, and says so
    let path = format!("{}/{}", shop.page(), booking["manage_token"].as_str().unwrap());
    assert_eq!(shop.stranger.get(&path).await.expect(200)["status"], "canceled");
}
