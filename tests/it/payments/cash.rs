//! Cash: promised, then handed over.
use futures_util::future::join_all;
use serde_json::json;

use super::{PAYMENTS, Till, told};
use crate::booking::key;
use crate::support::app::Service;

#[tokio::test]
async fn cash_waits_until_it_is_marked_as_paid() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({})).await;
    let booking = till.booked().await;
    let cash = json!({"booking_id": booking["id"], "amount_cents": 4500, "currency": "USD"});
    let made = till.post("/cash", &cash).await.expect(201);
    assert_eq!((&made["status"], &made["booking_id"]), (&json!("pending"), &booking["id"]));
    till.post("/cash", &cash).await.refused(409, "TITHI_PAYMENT_SETTLED");
    let staff = service.staff_of(&till.shop.tenant).await;
    let path = format!("{PAYMENTS}/{}/mark-paid", made["payment_id"].as_str().unwrap());
    staff.key(&key()).send(reqwest::Method::POST, &path, None).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    let owner = &till.shop.owner;
    let answers =
        join_all((0..6).map(async |_| owner.key(&key()).send(reqwest::Method::POST, &path, None).await)).await;
    assert_eq!(answers.iter().filter(|answer| answer.status.as_u16() == 200).count(), 1);
    assert_eq!(till.now(&booking).await["payment"]["status"], "paid");
    assert_eq!(told(&service, &till, "PAYMENT_CAPTURED").await, 1);
    // and goes back without anybody outside
    let back = till.refund(&made, &json!({"amount_cents": 500})).await.expect(201);
    assert_eq!(back["status"], "succeeded");
    assert!(service.stripe.calls().is_empty());
}

#[tokio::test]
async fn no_more_is_promised_than_is_left() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({})).await;
    let booking = till.booked().await;
    let of = |amount: i64| json!({"booking_id": booking["id"], "amount_cents": amount, "currency": "USD"});
    let refused = till.post("/cash", &of(4501)).await.refused(422, "TITHI_RULE_VIOLATION");
    assert_eq!(refused["left_cents"], 4500);
    let thousand = of(1000);
    let answers = join_all((0..10).map(|_| till.post("/cash", &thousand))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status.as_u16() == 201).count(), 4);
    let other = json!({"booking_id": booking["id"], "amount_cents": 100, "currency": "EUR"});
    till.post("/cash", &other).await.refused(422, "TITHI_RULE_VIOLATION");
}

#[tokio::test]
async fn cash_that_comes_after_a_card_is_not_taken() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({})).await;
    let booking = till.booked().await;
    let cash = json!({"booking_id": booking["id"], "amount_cents": 4500, "currency": "USD"});
    let cash = till.post("/cash", &cash).await.expect(201);
    let checkout = till.checkout(&booking).await;
    till.confirm(&checkout, "pm_card_visa").await.expect(200);
    let path = format!("/{}/mark-paid", cash["payment_id"].as_str().unwrap());
    till.post(&path, &json!(null)).await.refused(409, "TITHI_PAYMENT_SETTLED");
}
