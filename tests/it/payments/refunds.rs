//! What goes back was there.
use futures_util::future::join_all;
use serde_json::json;
use tithi::ports::payments::sandbox::{FaultRule, Trouble};

use super::{PAYMENTS, Till, told};
use crate::booking::key;
use crate::support::app::Service;

const TOO_MUCH: &str = "TITHI_REFUND_EXCEEDS_PAYMENT";

#[tokio::test]
async fn a_part_goes_back_and_then_the_rest() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let (booking, checkout) = till.paid().await;
    let part = till.refund(&checkout, &json!({"amount_cents": 1000, "reason": "Too short"})).await.expect(201);
    assert_eq!((&part["status"], &part["refund_type"]), (&json!("succeeded"), &json!("partial")));
    assert_eq!((&part["refundable_cents"], &part["amount_cents"]), (&json!(3500), &json!(1000)));
    assert_eq!(till.payment(&checkout).await["status"], "partially_refunded");
    assert_eq!(till.now(&booking).await["payment"]["status"], "partially_refunded");
    let refused = till.refund(&checkout, &json!({"amount_cents": 3501})).await.refused(422, TOO_MUCH);
    assert_eq!(refused["refundable_cents"], 3500);
    let rest = till.refund(&checkout, &json!({"refund_type": "full"})).await.expect(201);
    assert_eq!((&rest["amount_cents"], &rest["refundable_cents"]), (&json!(3500), &json!(0)));
    let payment = till.payment(&checkout).await;
    assert_eq!((&payment["status"], &payment["amount_refunded_cents"]), (&json!("refunded"), &json!(4500)));
    assert_eq!(till.now(&booking).await["payment"]["status"], "refunded");
    till.refund(&checkout, &json!({})).await.refused(422, TOO_MUCH);
    assert_eq!(service.stripe.taken(&till.account), 0);
    assert_eq!(told(&service, &till, "PAYMENT_REFUNDED").await, 2);
    let list = till.shop.owner.get(&format!("{PAYMENTS}/{}/refunds", checkout["payment_id"].as_str().unwrap())).await;
    assert_eq!(list.expect(200)["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn s12_n10_of_twenty_refunds_of_thirty_percent_three_succeed() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let (_, checkout) = till.paid().await;
    let body = json!({"amount_cents": 1350});
    let answers = join_all((0..20).map(|_| till.refund(&checkout, &body))).await;
    let done = answers.iter().filter(|answer| answer.status.as_u16() == 201).count();
    for answer in answers.into_iter().filter(|answer| answer.status.as_u16() != 201) {
        answer.refused(422, TOO_MUCH);
    }
    assert_eq!(done, 3);
    assert_eq!(service.stripe.taken(&till.account), 450);
    assert_eq!(till.payment(&checkout).await["amount_refunded_cents"], 4050);
}

#[tokio::test]
async fn twins_of_one_key_give_back_once() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let (_, checkout) = till.paid().await;
    let path = format!("{PAYMENTS}/{}/refund", checkout["payment_id"].as_str().unwrap());
    let (key, body) = (key(), json!({"amount_cents": 1000}));
    let keyed = till.shop.owner.key(&key);
    let answers = join_all((0..6).map(|_| keyed.post(&path, &body))).await;
    for answer in answers {
        assert!(matches!(answer.status.as_u16(), 201 | 409), "{}", answer.json());
    }
    keyed.post(&path, &body).await.expect(201);
    assert_eq!(service.stripe.taken(&till.account), 3500);
}

#[tokio::test]
async fn an_answer_that_is_lost_gives_back_once() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let (_, checkout) = till.paid().await;
    service.stripe.trouble(FaultRule::every(Trouble::DropAfter).of("POST /v1/refunds"));
    let path = format!("{PAYMENTS}/{}/refund", checkout["payment_id"].as_str().unwrap());
    let (one, body) = (key(), json!({"amount_cents": 1000}));
    till.shop.owner.key(&one).post(&path, &body).await.refused(502, "TITHI_PAYMENT_STRIPE_ERROR");
    service.stripe.calm();
    // what is on its way counts
    till.refund(&checkout, &json!({"amount_cents": 3501})).await.refused(422, TOO_MUCH);
    till.shop.owner.key(&one).post(&path, &body).await.expect(201);
    assert_eq!(service.stripe.taken(&till.account), 3500);
    // left lying: the round sends it, once
    service.stripe.trouble(FaultRule::every(Trouble::DropAfter).of("POST /v1/refunds"));
    till.refund(&checkout, &json!({"amount_cents": 500})).await.refused(502, "TITHI_PAYMENT_STRIPE_ERROR");
    service.stripe.calm();
    service.clock.advance(chrono::TimeDelta::seconds(61));
    tithi::jobs::keep_house(&service.app).await.unwrap();
    assert_eq!(till.payment(&checkout).await["amount_refunded_cents"], 1500);
    assert_eq!(service.stripe.taken(&till.account), 3000);
}

#[tokio::test]
async fn what_has_not_come_does_not_go_back() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let booking = till.booked().await;
    let checkout = till.checkout(&booking).await;
    till.refund(&checkout, &json!({})).await.refused(409, "TITHI_CONFLICT");
    till.confirm(&checkout, "pm_card_visa").await.expect(200);
    till.refund(&checkout, &json!({"refund_type": "no_show_fee_only"})).await.refused(422, "TITHI_RULE_VIOLATION");
    till.refund(&checkout, &json!({"refund_type": "partial"})).await.refused(400, "TITHI_VALIDATION_ERROR");
    assert_eq!(service.stripe.taken(&till.account), 4500);
}

#[tokio::test]
async fn a_canceled_booking_gives_back_by_the_rules_of_the_business() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    // in time, by the visitor
    let (booking, first) = till.paid().await;
    till.shop.own(booking["manage_token"].as_str().unwrap(), "cancel", &json!({})).await.expect(200);
    assert_eq!(service.stripe.taken(&till.account), 4500, "not inside the request");
    tithi::jobs::keep_house(&service.app).await.unwrap();
    assert_eq!(till.payment(&first).await["status"], "refunded");
    assert_eq!(till.now(&booking).await["payment"]["status"], "refunded");
    // too late: half of it
    let path = format!("/api/v1/tenants/{}", till.shop.tenant.id);
    till.shop
        .owner
        .patch(&path, &json!({"payments": {"refund_late_bps": 5000}, "booking": {"cancel_window_min": 20160}}))
        .await
        .expect(200);
    let (late, second) = till.paid().await;
    till.shop
        .own(late["manage_token"].as_str().unwrap(), "cancel", &json!({}))
        .await
        .refused(422, "TITHI_RULE_VIOLATION");
    // the business cancels: all of it
    till.shop.act(&late, "cancel", Some(&json!({}))).await.expect(200);
    tithi::jobs::keep_house(&service.app).await.unwrap();
    assert_eq!(till.payment(&second).await["status"], "refunded");
    tithi::jobs::keep_house(&service.app).await.unwrap();
    assert_eq!(service.stripe.taken(&till.account), 0);
    assert_eq!(told(&service, &till, "PAYMENT_REFUNDED").await, 2, "once each");
}
