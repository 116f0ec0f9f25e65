//! Cards that customers leave.
use ::entity::ids::TenantId;
use serde_json::{Value, json};
use tithi::db::Access;
use tithi::domains::payments;

use super::{PAYMENTS, Till};
use crate::support::app::Service;

/// What a customer agrees to.
pub fn consent() -> Value {
    json!({"accepted": true, "version": "2026-01", "text": "The fee that was shown may be charged to this card."})
}

/// Pays the booking with a card that is kept, as its owner agreed to.
pub async fn keeps(till: &Till, booking: &Value, card: &str) -> Value {
    let body = json!({"booking_id": booking["id"], "consent": consent()});
    let checkout = till.post("/checkout", &body).await.expect(201);
    till.confirm(&checkout, card).await.expect(200);
    checkout
}

/// The ways to pay of the booking's customer.
async fn listed(till: &Till, booking: &Value) -> Vec<Value> {
    let path = format!("{PAYMENTS}/methods?customer_id={}", till.now(booking).await["customer_id"].as_str().unwrap());
    till.shop.owner.get(&path).await.expect(200)["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn s07_a_card_is_kept_with_the_words_that_were_agreed_to() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let booking = till.booked().await;
    keeps(&till, &booking, "pm_card_visa").await;
    let kept = listed(&till, &booking).await.remove(0);
    assert_eq!((&kept["is_default"], &kept["explicit_consent_flag"]), (&json!(true), &json!(true)));
    let row: (String, String, Option<String>, bool) = sqlx::query_as(
        "SELECT consent_version, consent_text, consent_ip, consent_at IS NOT NULL FROM app.payment_methods WHERE tenant_id = $1",
    )
    .bind(till.shop.tenant.id.0)
    .fetch_one(&mut service.platform().await)
    .await
    .unwrap();
    assert_eq!((row.0.as_str(), row.2.as_deref(), row.3), ("2026-01", Some("127.0.0.1"), true));
    assert!(row.1.starts_with("The fee"));
    // what may be shown of it is looked up by the round
    tithi::jobs::keep_house(&service.app).await.unwrap();
    let kept = listed(&till, &booking).await.remove(0);
    assert_eq!((&kept["last4"], &kept["brand"]), (&json!("4242"), &json!("visa")));
}

#[tokio::test]
async fn without_an_agreement_no_card_is_kept() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let booking = till.booked().await;
    let refused = json!({"accepted": false, "version": "1", "text": "No."});
    let body = json!({"booking_id": booking["id"], "consent": refused});
    let checkout = till.post("/checkout", &body).await.expect(201);
    till.confirm(&checkout, "pm_card_visa").await.expect(200);
    assert!(listed(&till, &booking).await.is_empty());
}

#[tokio::test]
async fn a_card_is_left_by_a_setup_made_the_default_and_forgotten() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let booking = till.booked().await;
    keeps(&till, &booking, "pm_card_visa").await;
    let customer = till.now(&booking).await["customer_id"].clone();
    let made = till.post("/methods", &json!({"customer_id": customer, "consent": consent()})).await.expect(201);
    let setup = json!({"setup_intent_id": made["setup_intent_id"]});
    till.post("/methods/confirm", &setup).await.refused(422, "TITHI_RULE_VIOLATION");
    given(&service, &till, made["setup_intent_id"].as_str().unwrap(), "pm_card_mastercard").await;
    let second = till.post("/methods/confirm", &setup).await.expect(200);
    assert_eq!((&second["is_default"], &second["last4"]), (&json!(false), &json!("4444")));
    let path = format!("{PAYMENTS}/methods/{}", second["id"].as_str().unwrap());
    assert_eq!(till.shop.owner.put(&format!("{path}/default"), &json!(null)).await.expect(200)["is_default"], true);
    let all = listed(&till, &booking).await;
    assert_eq!(all.iter().filter(|method| method["is_default"] == true).count(), 1);
    assert_eq!(all[0]["id"], second["id"], "the default first");
    till.shop.owner.delete(&path).await.expect(204);
    till.shop.owner.delete(&path).await.refused(404, "TITHI_PAYMENT_METHOD_NOT_FOUND");
    assert_eq!(listed(&till, &booking).await.len(), 1);
    assert_eq!(service.stripe.calls_of("/detach").len(), 1);
}

/// The customer gives a card to the provider.
pub async fn given(service: &Service, till: &Till, setup: &str, card: &str) {
    give(service, &till.account, setup, card).await;
}

/// The same on any account.
pub async fn give(service: &Service, account: &str, setup: &str, card: &str) {
    let url = format!("{}v1/setup_intents/{setup}/confirm", service.stripe.url());
    let answer = reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .post(url)
        .bearer_auth(crate::support::stripe::KEY)
        .header("stripe-account", account)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("payment_method={card}"))
        .send()
        .await
        .unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
}

#[tokio::test]
async fn process_pays_with_the_card_that_was_left() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let first = till.booked().await;
    till.post("/process", &json!({"booking_id": first["id"]})).await.refused(404, "TITHI_PAYMENT_METHOD_NOT_FOUND");
    keeps(&till, &first, "pm_card_visa").await;
    let customer = till.now(&first).await["customer_id"].clone();
    let start = till.shop.starts(till.shop.tomorrow).await.remove(0);
    let wish = json!({"service_id": till.shop.service_id, "start_at": start, "customer_id": customer});
    let second = till.shop.book(&wish).await.expect(201);
    assert_eq!(second["status"], "confirmed", "whom the business books pays later");
    let body = json!({"booking_id": second["id"], "tip_cents": 500});
    let (one, two) = tokio::join!(till.post("/process", &body), till.post("/process", &body));
    let paid = [one, two].into_iter().filter(|answer| answer.status.as_u16() == 200).count();
    assert!(paid >= 1);
    assert_eq!(service.stripe.taken(&till.account), 4500 + 5000, "once");
    assert_eq!(till.now(&second).await["payment"]["status"], "paid");
}

#[tokio::test]
async fn words_of_a_setup_are_taken_in_once() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let booking = till.booked().await;
    let customer = till.now(&booking).await["customer_id"].clone();
    let made = till.post("/methods", &json!({"customer_id": customer})).await.expect(201);
    let id = made["setup_intent_id"].as_str().unwrap();
    given(&service, &till, id, "pm_card_visa").await;
    let setup = service.app.payments.setup(Some(&till.account), id).await.unwrap();
    let tenant: TenantId = till.shop.tenant.id;
    let mut words = Vec::new();
    for _ in 0..2 {
        let scope = service.app.db.scope(tenant, Access::Write);
        words.push(payments::apply_setup(&scope, &setup).await.unwrap());
        scope.commit().await.unwrap();
    }
    assert_eq!(words, [payments::Applied::Changed, payments::Applied::Same]);
    assert_eq!(listed(&till, &booking).await.len(), 1);
}
