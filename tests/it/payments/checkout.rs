//! By card: begun, confirmed, declined, tried again, called off.
use futures_util::future::join_all;
use serde_json::json;
use tithi::ports::payments::sandbox::{FaultRule, Trouble};

use super::{PAYMENTS, Till, told};
use crate::booking::key;
use crate::support::app::Service;

#[tokio::test]
async fn what_is_paid_confirms_the_booking() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let booking = till.booked().await;
    assert_eq!((&booking["status"], &booking["payment"]["status"]), (&json!("pending"), &json!("due")));
    assert_eq!(booking["payment"]["due_cents"], 4500);
    let checkout = till.checkout(&booking).await;
    assert_eq!((&checkout["amount_cents"], &checkout["currency"]), (&json!(4500), &json!("USD")));
    assert_eq!(checkout["lines"], json!([{"kind": "price", "amount_cents": 4500}]));
    assert!(checkout["client_secret"].is_string() && checkout["payment_intent_id"].is_string());
    assert_eq!(till.now(&booking).await["status"], "pending", "nothing was paid yet");
    let confirmed = till.confirm(&checkout, "pm_card_visa").await.expect(200);
    assert_eq!((&confirmed["status"], &confirmed["provider_status"]), (&json!("captured"), &json!("succeeded")));
    let now = till.now(&booking).await;
    assert_eq!((&now["status"], &now["payment"]["status"]), (&json!("confirmed"), &json!("paid")));
    assert_eq!(now["payment_intent_id"], checkout["payment_intent_id"]);
    let payment = till.payment(&checkout).await;
    assert_eq!((&payment["amount_captured_cents"], &payment["method"]), (&json!(4500), &json!("card")));
    assert_eq!(service.stripe.taken(&till.account), 4500);
    for code in ["PAYMENT_INTENT_CREATED", "PAYMENT_CAPTURED", "BOOKING_CONFIRMED"] {
        assert_eq!(told(&service, &till, code).await, 1, "{code}");
    }
    // again: nothing more
    till.confirm(&checkout, "pm_card_visa").await.expect(200);
    assert_eq!(told(&service, &till, "PAYMENT_CAPTURED").await, 1);
    till.post("/checkout", &json!({"booking_id": booking["id"]})).await.refused(409, "TITHI_PAYMENT_SETTLED");
    assert_eq!(service.stripe.taken(&till.account), 4500);
}

#[tokio::test]
async fn a_decline_keeps_the_time_and_another_card_may_be_tried() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let booking = till.booked().await;
    let checkout = till.checkout(&booking).await;
    for _ in 0..2 {
        let refused = till
            .confirm(&checkout, "pm_card_chargeDeclinedInsufficientFunds")
            .await
            .refused(402, "TITHI_PAYMENT_DECLINED");
        assert_eq!(refused["decline_code"], "insufficient_funds");
    }
    let payment = till.payment(&checkout).await;
    assert_eq!((&payment["status"], &payment["failure_code"]), (&json!("failed"), &json!("insufficient_funds")));
    assert_eq!(till.now(&booking).await["status"], "pending", "the time is kept");
    assert!(told(&service, &till, "PAYMENT_FAILED").await >= 1);
    till.confirm(&checkout, "pm_card_visa").await.expect(200);
    assert_eq!(till.now(&booking).await["status"], "confirmed");
    assert_eq!(service.stripe.charges(&till.account).len(), 1);
    assert_eq!(till.payment(&checkout).await["failure_code"], json!(null));
}

#[tokio::test]
async fn whoever_must_confirm_is_told_where() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let booking = till.booked().await;
    let checkout = till.checkout(&booking).await;
    let asked =
        till.confirm(&checkout, "pm_card_authenticationRequired").await.refused(402, "TITHI_PAYMENT_REQUIRES_ACTION");
    assert_eq!(asked["payment_intent_id"], checkout["payment_intent_id"]);
    assert_eq!(till.payment(&checkout).await["status"], "requires_action");
    service.stripe.answer(&till.account, checkout["payment_intent_id"].as_str().unwrap(), true).unwrap();
    // looked at, not charged again
    let body = json!({"payment_intent_id": checkout["payment_intent_id"]});
    assert_eq!(till.post("/confirm", &body).await.expect(200)["status"], "captured");
    assert_eq!(till.now(&booking).await["status"], "confirmed");
    assert_eq!(service.stripe.charges(&till.account).len(), 1);
}

#[tokio::test]
async fn reading_a_payment_asks_the_provider() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let booking = till.booked().await;
    let checkout = till.checkout(&booking).await;
    let refused = till.confirm(&checkout, "pm_usBankAccount_success").await.expect(200);
    assert_eq!(refused["status"], "processing");
    service.stripe.settle();
    let answer = till.shop.owner.get(&format!("{PAYMENTS}/{}", checkout["payment_id"].as_str().unwrap())).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.expect(200)["status"], "captured");
    assert_eq!(till.now(&booking).await["status"], "confirmed", "whoever hears of it first confirms it");
}

#[tokio::test]
async fn s01_many_who_begin_at_once_find_one_payment() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let booking = till.booked().await;
    let body = json!({"booking_id": booking["id"]});
    let answers = join_all((0..8).map(|_| till.post("/checkout", &body))).await;
    let mut seen = std::collections::BTreeSet::new();
    for answer in answers {
        seen.insert(answer.expect(201)["payment_intent_id"].as_str().unwrap().to_owned());
    }
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert_eq!(service.stripe.objects(&till.account, "pi_").len(), 1);
    let accounts = service.stripe.calls_of("/v1/payment_intents").into_iter().map(|call| call.account);
    assert!(accounts.into_iter().all(|account| account.as_deref() == Some(till.account.as_str())), "S13");
}

#[tokio::test]
async fn other_terms_call_the_first_one_off() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let booking = till.booked().await;
    let first = till.checkout(&booking).await;
    let tipped = till.post("/checkout", &json!({"booking_id": booking["id"], "tip_cents": 500})).await.expect(201);
    assert_eq!((&tipped["amount_cents"], &tipped["lines"][1]["kind"]), (&json!(5000), &json!("tip")));
    assert_ne!(first["payment_id"], tipped["payment_id"]);
    assert_eq!(till.payment(&first).await["status"], "canceled");
    till.confirm(&first, "pm_card_visa").await.refused(409, "TITHI_CONFLICT");
    till.confirm(&tipped, "pm_card_visa").await.expect(200);
    let now = till.now(&booking).await;
    assert_eq!(
        (&now["payment"]["paid_cents"], &now["status"]),
        (&json!(4500), &json!("confirmed")),
        "a tip pays nothing"
    );
    assert_eq!(service.stripe.taken(&till.account), 5000);
}

#[tokio::test]
async fn s02_an_answer_that_is_lost_charges_once() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let booking = till.booked().await;
    // done there, and never answered: not by the retries of the client either
    service.stripe.trouble(FaultRule::every(Trouble::DropAfter).of("POST /v1/payment_intents"));
    let (key, body) = (key(), json!({"booking_id": booking["id"]}));
    let path = format!("{PAYMENTS}/checkout");
    till.shop.owner.key(&key).post(&path, &body).await.refused(502, "TITHI_PAYMENT_STRIPE_ERROR");
    service.stripe.calm();
    let checkout = till.shop.owner.key(&key).post(&path, &body).await.expect(201);
    assert_eq!(service.stripe.objects(&till.account, "pi_").len(), 1, "the same call under the same key");
    service.stripe.trouble(FaultRule::every(Trouble::DropAfter).of("/confirm"));
    let confirm = json!({"payment_intent_id": checkout["payment_intent_id"], "payment_method_id": "pm_card_visa"});
    till.post("/confirm", &confirm).await.refused(502, "TITHI_PAYMENT_STRIPE_ERROR");
    service.stripe.calm();
    assert_eq!(till.post("/confirm", &confirm).await.expect(200)["status"], "captured");
    assert_eq!(service.stripe.charges(&till.account).len(), 1);
    assert_eq!(till.now(&booking).await["status"], "confirmed");
}

#[tokio::test]
async fn a_business_without_an_account_takes_no_cards_and_asks_for_none() {
    let service = Service::alone().await;
    let shop = crate::booking::Shop::open(&service, json!({"payment": {"mode": "full"}})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let booking = shop.visit(&shop.wish(&start)).await.expect(201);
    assert_eq!((&booking["status"], &booking["payment"]["status"]), (&json!("confirmed"), &json!("none")), "S14");
    let body = json!({"booking_id": booking["id"]});
    shop.owner.key(&key()).post("/api/v1/payments/checkout", &body).await.refused(409, "TITHI_PAYMENTS_UNAVAILABLE");
    let cash = json!({"booking_id": booking["id"], "payment_method": "cash"});
    let cash = shop.owner.key(&key()).post("/api/v1/payments/checkout", &cash).await.expect(201);
    assert_eq!((&cash["status"], &cash["payment_intent_id"]), (&json!("pending"), &json!(null)));
    assert!(service.stripe.calls().is_empty(), "nobody outside was asked");
}

#[tokio::test]
async fn the_older_spellings_are_served() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let booking = till.booked().await;
    let owner = &till.shop.owner;
    let made = owner.key(&key()).post("/api/payments/intents", &json!({"booking_id": booking["id"]})).await.expect(201);
    let path = format!("/api/payments/intent/{}/confirm", made["payment_id"].as_str().unwrap());
    let answer = owner.key(&key()).post(&path, &json!({"payment_method_id": "pm_card_visa"})).await;
    assert!(!answer.header("deprecation").is_empty());
    let confirmed = answer.expect(200);
    assert_eq!((&confirmed["status"], &confirmed["booking_id"]), (&json!("captured"), &booking["id"]));
    assert_eq!(confirmed["id"], made["payment_id"]);
}

#[tokio::test]
async fn a_deposit_comes_first_and_the_rest_at_the_counter() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "deposit", "deposit_bps": 2000, "tax_bps": 1000})).await;
    let path = format!("/api/v1/tenants/{}", till.shop.tenant.id);
    till.shop.owner.patch(&path, &json!({"payments": {"tax_included": false}})).await.expect(200);
    let booking = till.booked().await;
    assert_eq!((&booking["payment"]["owed_cents"], &booking["payment"]["due_cents"]), (&json!(4950), &json!(990)));
    let deposit = till.checkout(&booking).await;
    assert_eq!(deposit["amount_cents"], 990);
    till.confirm(&deposit, "pm_card_visa").await.expect(200);
    let now = till.now(&booking).await;
    assert_eq!((&now["status"], &now["payment"]["status"]), (&json!("confirmed"), &json!("partly_paid")));
    let rest = json!({"booking_id": booking["id"], "amount_cents": 3960, "currency": "USD"});
    let rest = till.post("/cash", &rest).await.expect(201);
    till.post(&format!("/{}/mark-paid", rest["payment_id"].as_str().unwrap()), &json!(null)).await.expect(200);
    assert_eq!(till.now(&booking).await["payment"]["status"], "paid");
}

#[tokio::test]
async fn s15_a_page_is_paid_when_the_provider_says_so() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let booking = till.booked().await;
    let page = json!({"success_url": "https://salon.example/thanks", "cancel_url": "https://salon.example/back"});
    let body = json!({"booking_id": booking["id"], "page": page});
    let checkout = till.post("/checkout", &body).await.expect(201);
    assert!(checkout["checkout_url"].is_string() && checkout["payment_intent_id"].is_null());
    assert_eq!(till.post("/checkout", &body).await.expect(201)["checkout_url"], checkout["checkout_url"]);
    assert_eq!(till.payment(&checkout).await["status"], "pending", "coming back proves nothing");
    let session = service.stripe.objects(&till.account, "cs_").remove(0);
    service.stripe.pay(&till.account, session["id"].as_str().unwrap(), "pm_card_visa").unwrap();
    assert_eq!(till.now(&booking).await["status"], "pending");
    assert_eq!(till.payment(&checkout).await["status"], "captured");
    assert_eq!(till.now(&booking).await["status"], "confirmed");
    assert_eq!(told(&service, &till, "PAYMENT_CAPTURED").await, 1);
}
