//! A visitor pays for the own booking.
use serde_json::json;

use super::Till;
use crate::support::app::Service;

#[tokio::test]
async fn a_visitor_pays_by_the_token_that_opens_the_booking() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "deposit", "deposit_cents": 1000})).await;
    let booking = till.booked().await;
    let token = booking["manage_token"].as_str().unwrap();
    let page = format!("{}/{token}", till.shop.page());
    till.shop.stranger.get(&format!("{page}/payment")).await.refused(404, "TITHI_PAYMENT_NOT_FOUND");
    till.shop.own(token, "checkout", &json!({"payment_method": "cash"})).await.refused(422, "TITHI_RULE_VIOLATION");
    let checkout = till.shop.own(token, "checkout", &json!({"tip_cents": 100})).await.expect(201);
    assert_eq!((&checkout["amount_cents"], &checkout["provider_account_id"]), (&json!(1100), &json!(till.account)));
    let confirm = json!({"payment_method_id": "pm_card_chargeDeclined"});
    till.shop.own(token, "payment/confirm", &confirm).await.refused(402, "TITHI_PAYMENT_DECLINED");
    assert_eq!(till.shop.opened(token).await["status"], "pending");
    let confirm = json!({"payment_method_id": "pm_card_visa"});
    assert_eq!(till.shop.own(token, "payment/confirm", &confirm).await.expect(200)["status"], "captured");
    let opened = till.shop.opened(token).await;
    assert_eq!((&opened["status"], &opened["payment"]["paid_cents"]), (&json!("confirmed"), &json!(1000)));
    let answer = till.shop.stranger.get(&format!("{page}/payment")).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.expect(200)["status"], "captured");
    // the rest, by card or in cash
    let rest = till.shop.own(token, "checkout", &json!({"payment_method": "cash"})).await.expect(201);
    assert_eq!(rest["amount_cents"], 3500);
}

#[tokio::test]
async fn nobody_pays_by_a_token_of_another_business() {
    let service = Service::alone().await;
    let (till, other) = (Till::open(&service, json!({"mode": "full"})).await, Till::open(&service, json!({})).await);
    let booking = till.booked().await;
    let token = booking["manage_token"].as_str().unwrap();
    other.shop.own(token, "checkout", &json!({})).await.refused(404, "TITHI_BOOKING_NOT_FOUND");
    assert!(service.stripe.calls().is_empty());
}
