//! The fee for not coming.
use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::methods::{consent, keeps};
use super::{Till, told};
use crate::support::app::Service;

/// The time of a booking has come.
async fn begins(service: &Service, till: &mut Till, booking: &Value) {
    let start: DateTime<Utc> = booking["start_at"].as_str().unwrap().parse().unwrap();
    service.clock.advance(start - service.clock.now());
    till.shop.owner = service.owner_of(&till.shop.tenant).await;
}

/// A booking to which nobody came; its customer left a card, or none.
async fn missed(service: &Service, till: &mut Till, card: Option<&str>) -> Value {
    let booking = till.booked().await;
    match card {
        Some(card) => {
            keeps(till, &booking, card).await;
        }
        None => {
            let checkout = till.checkout(&booking).await;
            till.confirm(&checkout, "pm_card_visa").await.expect(200);
        }
    }
    begins(service, till, &booking).await;
    let missed = till.shop.act(&booking, "no-show", None).await.expect(200);
    assert_eq!(missed["payment"]["no_show_fee_status"], "due");
    booking
}

async fn fee(till: &Till, booking: &Value, cents: Option<i64>) -> crate::support::client::Answer {
    let mut body = json!({"booking_id": booking["id"]});
    if let Some(cents) = cents {
        body["no_show_fee_cents"] = cents.into();
    }
    till.post("/no-show-fee", &body).await
}

#[tokio::test]
async fn s08_the_card_is_charged_without_its_owner() {
    let service = Service::alone().await;
    let mut till = Till::open(&service, json!({"mode": "full", "no_show_fee_cents": 2000})).await;
    let booking = missed(&service, &mut till, Some("pm_card_visa")).await;
    let charged = fee(&till, &booking, Some(1500)).await.expect(200);
    assert_eq!((&charged["amount_cents"], &charged["status"]), (&json!(1500), &json!("captured")));
    let now = till.now(&booking).await;
    assert_eq!((&now["status"], &now["payment"]["no_show_fee_status"]), (&json!("no_show"), &json!("charged")));
    assert_eq!(told(&service, &till, "NO_SHOW_FEE_CAPTURED").await, 1);
    let call = service
        .stripe
        .calls_of("POST /v1/payment_intents")
        .into_iter()
        .find(|call| call.body.contains("off_session=true"))
        .unwrap();
    assert!(call.body.contains("confirm=true"), "{}", call.body);
    // and goes back alone, by the booking's own payment
    let payments = till
        .shop
        .owner
        .get(&format!("/api/v1/payments?booking_id={}", booking["id"].as_str().unwrap()))
        .await
        .expect(200);
    let own =
        payments["data"].as_array().unwrap().iter().find(|payment| payment["fee_type"] == "booking").unwrap().clone();
    let back = till.refund(&own, &json!({"refund_type": "no_show_fee_only"})).await.expect(201);
    assert_eq!((&back["amount_cents"], &back["payment_id"]), (&json!(1500), &charged["payment_id"]));
    assert_eq!(service.stripe.taken(&till.account), 4500);
}

#[tokio::test]
async fn s07_without_an_agreement_nobody_is_asked() {
    let service = Service::alone().await;
    let mut till = Till::open(&service, json!({"mode": "full"})).await;
    let booking = missed(&service, &mut till, None).await;
    let before = service.stripe.calls().len();
    let refused = fee(&till, &booking, None).await.refused(422, "TITHI_PAYMENT_CONSENT_MISSING");
    assert_eq!(refused["reason"], "no_card");
    assert_eq!(service.stripe.calls().len(), before, "zero calls");
    assert_eq!(till.now(&booking).await["payment"]["no_show_fee_status"], "due");
}

#[tokio::test]
async fn s08_a_decline_is_remembered_and_may_be_tried_again() {
    let service = Service::alone().await;
    let mut till = Till::open(&service, json!({"no_show_fee_bps": 5000})).await;
    let booking = left_a_card(&service, &mut till, "pm_card_chargeCustomerFail").await;
    let refused = fee(&till, &booking, None).await.refused(402, "TITHI_PAYMENT_DECLINED");
    assert_eq!(refused["decline_code"], "generic_decline");
    assert_eq!(till.now(&booking).await["payment"]["no_show_fee_status"], "failed");
    fee(&till, &booking, None).await.refused(402, "TITHI_PAYMENT_DECLINED");
    assert_eq!(service.stripe.taken(&till.account), 0);
    assert_eq!(told(&service, &till, "NO_SHOW_FEE_CAPTURED").await, 0);
    till.post("/no-show-fee/waive", &json!({"booking_id": booking["id"]})).await.expect(200);
    assert_eq!(till.now(&booking).await["payment"]["no_show_fee_status"], "waived");
    fee(&till, &booking, None).await.refused(409, "TITHI_CONFLICT");
}

/// A booking that was missed, by a customer who left this card by a setup.
async fn left_a_card(service: &Service, till: &mut Till, card: &str) -> Value {
    let booking = till.booked().await;
    let customer = till.now(&booking).await["customer_id"].clone();
    let made = till.post("/methods", &json!({"customer_id": customer, "consent": consent()})).await.expect(201);
    let setup = made["setup_intent_id"].as_str().unwrap();
    super::methods::given(service, till, setup, card).await;
    till.post("/methods/confirm", &json!({"setup_intent_id": setup})).await.expect(200);
    begins(service, till, &booking).await;
    till.shop.act(&booking, "no-show", None).await.expect(200);
    booking
}

#[tokio::test]
async fn s08_where_the_bank_wants_the_payer_they_get_a_link() {
    let service = Service::alone().await;
    let mut till = Till::open(&service, json!({"mode": "full", "no_show_fee_bps": 5000})).await;
    let booking = till.booked().await;
    let checkout =
        till.post("/checkout", &json!({"booking_id": booking["id"], "consent": consent()})).await.expect(201);
    let card = "pm_card_authenticationRequired";
    till.confirm(&checkout, card).await.refused(402, "TITHI_PAYMENT_REQUIRES_ACTION");
    service.stripe.answer(&till.account, checkout["payment_intent_id"].as_str().unwrap(), true).unwrap();
    assert_eq!(till.payment(&checkout).await["status"], "captured");
    begins(&service, &mut till, &booking).await;
    till.shop.act(&booking, "no-show", None).await.expect(200);
    let asked = fee(&till, &booking, None).await.refused(402, "TITHI_PAYMENT_REQUIRES_ACTION");
    assert!(asked["payment_url"].as_str().unwrap().contains("/bookings/"), "{asked}");
    let attempts = service.stripe.calls_of("POST /v1/payment_intents").len();
    // clicked again: looked at, not charged behind the payer's back
    fee(&till, &booking, None).await.refused(402, "TITHI_PAYMENT_REQUIRES_ACTION");
    assert_eq!(service.stripe.calls_of("POST /v1/payment_intents").len(), attempts);
    assert_eq!(service.stripe.taken(&till.account), 4500);
}

#[tokio::test]
async fn s09_of_fifty_clicks_one_is_charged_and_never_more_than_agreed() {
    let service = Service::alone().await;
    let mut till = Till::open(&service, json!({"mode": "full", "no_show_fee_bps": 5000})).await;
    let booking = missed(&service, &mut till, Some("pm_card_visa")).await;
    // the business asks for more today: it was booked on other terms
    let path = format!("/api/v1/services/{}", till.shop.service_id);
    till.shop
        .owner
        .clone()
        .with("if-match", "*")
        .patch(&path, &json!({"payment": {"no_show_fee_bps": 10000}}))
        .await
        .expect(200);
    till.shop.owner = service.owner_of(&till.shop.tenant).await;
    let refused = fee(&till, &booking, Some(2251)).await.refused(422, "TITHI_RULE_VIOLATION");
    assert_eq!(refused["most_cents"], 2250);
    let answers = join_all((0..50).map(|_| fee(&till, &booking, None))).await;
    let done = answers.iter().filter(|answer| answer.status.as_u16() == 200).count();
    assert!(done >= 1, "{:?}", answers.iter().map(|answer| answer.status.as_u16()).collect::<Vec<_>>());
    assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 200 | 409)));
    assert_eq!(service.stripe.taken(&till.account), 4500 + 2250);
    assert_eq!(service.stripe.objects(&till.account, "pi_").len(), 2, "one for the booking, one for the fee");
    assert_eq!(told(&service, &till, "NO_SHOW_FEE_CAPTURED").await, 1);
    till.post("/no-show-fee/waive", &json!({"booking_id": booking["id"]})).await.refused(409, "TITHI_CONFLICT");
}

#[tokio::test]
async fn who_came_pays_no_fee() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let (booking, _) = till.paid().await;
    fee(&till, &booking, Some(100)).await.refused(409, "TITHI_BOOKING_INVALID_STATE");
    let staff = service.staff_of(&till.shop.tenant).await;
    let body = json!({"booking_id": booking["id"]});
    staff.key("a-key").post("/api/v1/payments/no-show-fee", &body).await.refused(403, "TITHI_AUTH_FORBIDDEN");
}
