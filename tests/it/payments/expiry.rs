//! Not paid in time: the time is free again, and no money is lost on the way.
use chrono::TimeDelta;
use serde_json::json;
use tithi::jobs::keep_house;
use tithi::ports::payments::sandbox::{FaultRule, Trouble};

use super::{Till, told};
use crate::support::app::Service;

async fn a_quarter_passes(service: &Service, till: &mut Till) {
    service.clock.advance(TimeDelta::minutes(16));
    till.shop.owner = service.owner_of(&till.shop.tenant).await;
}

#[tokio::test]
async fn an_abandoned_booking_fails_and_its_time_is_free() {
    let service = Service::alone().await;
    let mut till = Till::open(&service, json!({"mode": "full"})).await;
    let booking = till.booked().await;
    let checkout = till.checkout(&booking).await;
    keep_house(&service.app).await.unwrap();
    assert_eq!(till.now(&booking).await["status"], "pending", "there is time");
    a_quarter_passes(&service, &mut till).await;
    let late = till.post("/checkout", &json!({"booking_id": booking["id"]})).await;
    late.refused(409, "TITHI_HOLD_EXPIRED");
    keep_house(&service.app).await.unwrap();
    assert_eq!(till.now(&booking).await["status"], "failed");
    assert_eq!(till.payment(&checkout).await["status"], "canceled");
    let starts = till.shop.starts(till.shop.tomorrow).await;
    assert!(starts.contains(&booking["start_at"].as_str().unwrap().to_owned()) || !starts.is_empty());
    assert_eq!(told(&service, &till, "BOOKING_FAILED").await, 1);
    till.confirm(&checkout, "pm_card_visa").await.refused(409, "TITHI_CONFLICT");
    keep_house(&service.app).await.unwrap();
    assert_eq!(told(&service, &till, "BOOKING_FAILED").await, 1);
    assert_eq!(service.stripe.taken(&till.account), 0);
}

#[tokio::test]
async fn what_was_paid_at_the_last_moment_confirms() {
    let service = Service::alone().await;
    let mut till = Till::open(&service, json!({"mode": "full"})).await;
    let booking = till.booked().await;
    let checkout = till.checkout(&booking).await;
    let id = checkout["payment_intent_id"].as_str().unwrap();
    let call = tithi::ports::payments::Call { account: Some(&till.account), key: "test:last" };
    service.app.payments.confirm_intent(call, id, Some("pm_card_visa"), None).await.unwrap();
    a_quarter_passes(&service, &mut till).await;
    keep_house(&service.app).await.unwrap();
    assert_eq!(till.now(&booking).await["status"], "confirmed", "the provider was asked first");
    assert_eq!(service.stripe.taken(&till.account), 4500);
}

#[tokio::test]
async fn a_provider_that_does_not_answer_decides_nothing() {
    let service = Service::alone().await;
    let mut till = Till::open(&service, json!({"mode": "full"})).await;
    let booking = till.booked().await;
    till.checkout(&booking).await;
    a_quarter_passes(&service, &mut till).await;
    service.stripe.trouble(FaultRule::every(Trouble::ErrorBefore).of("/cancel"));
    keep_house(&service.app).await.unwrap();
    assert_eq!(till.now(&booking).await["status"], "pending");
    service.stripe.calm();
    keep_house(&service.app).await.unwrap();
    assert_eq!(till.now(&booking).await["status"], "failed");
}

#[tokio::test]
async fn what_nobody_began_to_pay_fails_too() {
    let service = Service::alone().await;
    let mut till = Till::open(&service, json!({"mode": "deposit", "deposit_cents": 1000})).await;
    let booking = till.booked().await;
    a_quarter_passes(&service, &mut till).await;
    keep_house(&service.app).await.unwrap();
    assert_eq!(till.now(&booking).await["status"], "failed");
    assert!(service.stripe.calls().is_empty());
}

#[tokio::test]
async fn a_page_is_closed_when_the_time_is_over() {
    let service = Service::alone().await;
    let mut till = Till::open(&service, json!({"mode": "full"})).await;
    let booking = till.booked().await;
    let page = json!({"success_url": "https://salon.example/thanks", "cancel_url": "https://salon.example/back"});
    till.post("/checkout", &json!({"booking_id": booking["id"], "page": page})).await.expect(201);
    let session = service.stripe.objects(&till.account, "cs_").remove(0)["id"].as_str().unwrap().to_owned();
    a_quarter_passes(&service, &mut till).await;
    keep_house(&service.app).await.unwrap();
    assert_eq!(till.now(&booking).await["status"], "failed");
    assert!(service.stripe.pay(&till.account, &session, "pm_card_visa").is_err());
}

#[tokio::test]
async fn a_booking_that_is_canceled_meanwhile_is_not_charged() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let booking = till.booked().await;
    let checkout = till.checkout(&booking).await;
    till.shop.act(&booking, "cancel", Some(&json!({}))).await.expect(200);
    // paid all the same, before anybody has called it off: it goes back
    till.confirm(&checkout, "pm_card_visa").await.expect(200);
    assert_eq!(till.now(&booking).await["status"], "canceled");
    keep_house(&service.app).await.unwrap();
    assert_eq!(service.stripe.taken(&till.account), 0);
    // and what was not paid is called off
    let start = till.shop.starts(till.shop.tomorrow).await.remove(0);
    let other = till.shop.visit(&till.shop.wish(&start)).await.expect(201);
    let open = till.checkout(&other).await;
    till.shop.act(&other, "cancel", Some(&json!({}))).await.expect(200);
    keep_house(&service.app).await.unwrap();
    assert_eq!(till.payment(&open).await["status"], "canceled");
}
