//! Coupons and gift cards in a checkout, and gift cards that are bought.
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::Till;
use crate::promotions::{CARDS, COUPONS, balances, card, key};
use crate::support::app::Service;

async fn coupon(till: &Till, body: Value) {
    till.shop.owner.key(&key()).post(COUPONS, &body).await.expect(201);
}

#[tokio::test]
async fn a_coupon_takes_something_off_and_comes_back_when_it_is_given_up() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    coupon(&till, json!({"code": "TEN", "percent_bps": 1000, "max_redemptions": 1})).await;
    let booking = till.booked().await;
    let body = json!({"booking_id": booking["id"], "coupon_code": "TEN"});
    let checkout = till.post("/checkout", &body).await.expect(201);
    assert_eq!(checkout["amount_cents"], 4050);
    assert_eq!(checkout["lines"][1], json!({"kind": "discount", "amount_cents": -450}));
    // the same again finds the same, although nobody could use the coupon any more
    assert_eq!(till.post("/checkout", &body).await.expect(201)["payment_id"], checkout["payment_id"]);
    let other = till.booked_at(1).await;
    let refused = till.post("/checkout", &json!({"booking_id": other["id"], "coupon_code": "TEN"})).await;
    refused.refused(422, "TITHI_COUPON_INVALID");
    // without it: the one before is called off, and the coupon is free
    let plain = till.checkout(&booking).await;
    assert_eq!(plain["amount_cents"], 4500);
    let taken = till.post("/checkout", &json!({"booking_id": other["id"], "coupon_code": "TEN"})).await.expect(201);
    till.confirm(&taken, "pm_card_visa").await.expect(200);
    let now = till.now(&other).await;
    assert_eq!((&now["status"], &now["payment"]["status"]), (&json!("confirmed"), &json!("paid")));
    assert_eq!((&now["payment"]["owed_cents"], &now["payment"]["paid_cents"]), (&json!(4050), &json!(4050)));
}

#[tokio::test]
async fn a_gift_card_pays_as_far_as_it_goes() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let (_, code) = card(&till.shop.owner, &json!({"amount_cents": 2000})).await;
    let booking = till.booked().await;
    let body = json!({"booking_id": booking["id"], "gift_card_code": code, "tip_cents": 500});
    let checkout = till.post("/checkout", &body).await.expect(201);
    assert_eq!(checkout["amount_cents"], 3000);
    assert_eq!(balances(&service, &till.shop.tenant).await, [0], "taken with the payment");
    till.confirm(&checkout, "pm_card_visa").await.expect(200);
    let now = till.now(&booking).await;
    assert_eq!((&now["payment"]["status"], &now["payment"]["paid_cents"]), (&json!("paid"), &json!(4500)));
    // all of it goes back: the card has its part again
    till.refund(&checkout, &json!({})).await.expect(201);
    assert_eq!(balances(&service, &till.shop.tenant).await, [2000]);
    assert_eq!(till.now(&booking).await["payment"]["status"], "refunded");
    assert_eq!(service.stripe.taken(&till.account), 0);
}

#[tokio::test]
async fn a_gift_card_alone_needs_nobody_outside() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let (_, code) = card(&till.shop.owner, &json!({"amount_cents": 10_000})).await;
    let booking = till.booked().await;
    let body = json!({"booking_id": booking["id"], "gift_card_code": code});
    let answers = join_all((0..4).map(|_| till.post("/checkout", &body))).await;
    let paid = answers.iter().filter(|answer| answer.status.as_u16() == 201).count();
    assert!(paid >= 1);
    assert_eq!(till.now(&booking).await["status"], "confirmed");
    assert_eq!(balances(&service, &till.shop.tenant).await, [5500], "once");
    assert!(service.stripe.calls().is_empty());
}

#[tokio::test]
async fn a_gift_card_is_bought_by_card() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({})).await;
    let bought = json!({"amount_cents": 5000, "purchaser": {"display_name": "Ana", "email": "ana@example.com"}});
    let path = format!("/v1/b/{}/gift-cards", till.shop.tenant.slug);
    till.shop.stranger.key(&key()).post(&path, &bought).await.expect(201);
    let listed = till.shop.owner.get(CARDS).await.expect(200)["data"][0].clone();
    let body = json!({"gift_card_id": listed["id"]});
    let refused = json!({"gift_card_id": listed["id"], "tip_cents": 100});
    till.post("/checkout", &refused).await.refused(422, "TITHI_RULE_VIOLATION");
    let checkout = till.post("/checkout", &body).await.expect(201);
    assert_eq!((&checkout["amount_cents"], &checkout["booking_id"]), (&json!(5000), &json!(null)));
    till.confirm(&checkout, "pm_card_visa").await.expect(200);
    let now = till.shop.owner.get(&format!("{CARDS}/{}", listed["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(now["status"], "active");
    till.refund(&checkout, &json!({})).await.expect(201);
    let now = till.shop.owner.get(&format!("{CARDS}/{}", listed["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(now["status"], "void");
}
