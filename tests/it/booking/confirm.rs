//! pending -> confirmed.
use serde_json::json;

use super::{BOOKINGS, Shop, key};
use crate::support::app::Service;

#[tokio::test]
async fn what_needs_a_word_waits_for_it() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"requires_confirmation": true})).await;
    let starts = shop.starts(shop.tomorrow).await;
    let booking = shop.visit(&shop.wish(&starts[0])).await.expect(201);
    assert_eq!(booking["status"], "pending");
    assert!(!shop.starts(shop.tomorrow).await.contains(&starts[0]), "a pending booking holds its time");
    shop.visit(&shop.wish(&starts[0])).await.refused(409, "TITHI_BOOKING_CONFLICT");
    let confirmed = shop.act(&booking, "confirm", None).await.expect(200);
    assert_eq!(confirmed["status"], "confirmed");
    assert!(confirmed["confirmed_at"].is_string());
    let problem = shop.act(&booking, "confirm", None).await.refused(409, "TITHI_BOOKING_INVALID_STATE");
    assert_eq!(problem["status"], 409, "the problem's own member wins: {problem}");
    // staff decides for itself, and is asked all the same
    assert_eq!(shop.book(&shop.wish(&starts[1])).await.expect(201)["status"], "pending");
}

#[tokio::test]
async fn of_many_who_confirm_at_once_one_does() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"requires_confirmation": true})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let booking = shop.visit(&shop.wish(&start)).await.expect(201);
    let answers = futures_util::future::join_all((0..6).map(|_| shop.act(&booking, "confirm", None))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409, 409, 409]);
}

#[tokio::test]
async fn another_business_neither_sees_nor_moves_it() {
    let service = Service::start().await;
    let (shop, other) =
        (Shop::open(&service, json!({"requires_confirmation": true})).await, Shop::open(&service, json!({})).await);
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let booking = shop.visit(&shop.wish(&start)).await.expect(201);
    let id = booking["id"].as_str().unwrap();
    other.owner.get(&format!("{BOOKINGS}/{id}")).await.refused(404, "TITHI_BOOKING_NOT_FOUND");
    for (verb, body) in [("confirm", None), ("cancel", Some(json!({})))] {
        let answer = other
            .owner
            .key(&key())
            .send(reqwest::Method::POST, &format!("{BOOKINGS}/{id}/{verb}"), body.as_ref())
            .await;
        answer.refused(404, "TITHI_BOOKING_NOT_FOUND");
    }
    assert_eq!(other.owner.get(BOOKINGS).await.expect(200)["data"], json!([]));
    assert_eq!(shop.owner.get(&format!("{BOOKINGS}/{id}")).await.expect(200)["status"], "pending");
}
