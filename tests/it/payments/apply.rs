//! The provider's words, in every order and any number of times.
use ::entity::ids::TenantId;
use serde_json::{Value, json};
use sqlx::Row;
use tithi::db::Access;
use tithi::domains::payments::{self, Dispute};
use tithi::ports::payments::{Intent, IntentStatus, Refund, RefundStatus};

use super::{Till, told};
use crate::support::app::Service;

/// A word of the provider.
#[derive(Clone)]
enum Word {
    Intent(Intent),
    Refund(Refund),
    Dispute(Dispute),
}

async fn take(service: &Service, tenant: TenantId, word: &Word) {
    let scope = service.app.db.scope(tenant, Access::Write);
    match word {
        Word::Intent(intent) => payments::apply_intent(&scope, intent).await,
        Word::Refund(refund) => payments::apply_refund(&scope, refund).await,
        Word::Dispute(dispute) => payments::apply_dispute(&scope, dispute).await,
    }
    .unwrap();
    scope.commit().await.unwrap();
}

/// Every order of these.
fn orders(words: &[Word]) -> Vec<Vec<Word>> {
    if words.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for at in 0..words.len() {
        let mut rest = words.to_vec();
        let first = rest.remove(at);
        for mut order in orders(&rest) {
            order.insert(0, first.clone());
            all.push(order);
        }
    }
    all
}

/// All that matters of a payment, its booking and its refunds.
async fn state(service: &Service, till: &Till, payment: &str) -> Value {
    let sql = "SELECT p.status, p.amount_captured_cents, p.amount_refunded_cents, p.provider_status, p.provider_charge_id,
                 p.dispute_status, p.disputed_at IS NOT NULL AS disputed, b.status AS booking, b.paid_cents, b.refunded_cents,
                 b.payment_status, (SELECT count(*) FROM app.refunds r WHERE r.tenant_id = p.tenant_id AND r.payment_id = p.id) AS refunds
               FROM app.payments p JOIN app.bookings b ON b.tenant_id = p.tenant_id AND b.id = p.booking_id
               WHERE p.tenant_id = $1 AND p.id = $2::uuid";
    let row = sqlx::query(sql)
        .bind(till.shop.tenant.id.0)
        .bind(payment)
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap();
    let mut told_of = Vec::new();
    for code in ["PAYMENT_CAPTURED", "PAYMENT_REFUNDED", "PAYMENT_DISPUTED", "BOOKING_CONFIRMED"] {
        told_of.push(told(service, till, code).await);
    }
    json!({
        "status": row.get::<String, _>("status"), "captured": row.get::<i64, _>("amount_captured_cents"),
        "refunded": row.get::<i64, _>("amount_refunded_cents"), "said": row.get::<Option<String>, _>("provider_status"),
        "charge": row.get::<Option<String>, _>("provider_charge_id"), "disputed": row.get::<bool, _>("disputed"),
        "dispute": row.get::<Option<String>, _>("dispute_status"), "booking": row.get::<String, _>("booking"),
        "paid": row.get::<i64, _>("paid_cents"), "back": row.get::<i64, _>("refunded_cents"),
        "money": row.get::<String, _>("payment_status"), "refunds": row.get::<i64, _>("refunds"), "told": told_of,
    })
}

#[tokio::test]
async fn w05_n06_every_order_of_words_ends_in_the_same_state() {
    let service = Service::alone().await;
    let mut first: Option<Value> = None;
    let count = orders(&example("pi_x", "y")).len();
    assert_eq!(count, 24);
    for at in 0..count {
        let till = Till::open(&service, json!({"mode": "full"})).await;
        let booking = till.booked().await;
        let checkout = till.checkout(&booking).await;
        let words = example(checkout["payment_intent_id"].as_str().unwrap(), checkout["payment_id"].as_str().unwrap());
        let order = orders(&words).swap_remove(at);
        // each comes twice, and an older one again at the end
        for word in order.iter().flat_map(|word| [word, word]).chain([&words[0], &words[1]]) {
            take(&service, till.shop.tenant.id, word).await;
        }
        let end = state(&service, &till, checkout["payment_id"].as_str().unwrap()).await;
        assert_eq!(end["status"], "refunded");
        match &first {
            None => first = Some(end),
            Some(first) => assert_eq!(&end, first, "order {at}"),
        }
    }
    let first = first.unwrap();
    assert_eq!((&first["booking"], &first["money"]), (&json!("confirmed"), &json!("refunded")));
    assert_eq!(first["told"], json!([1, 1, 1, 1]));
}

/// Made, paid, given back, disputed.
fn example(intent: &str, payment: &str) -> Vec<Word> {
    let made = Intent {
        id: intent.to_owned(),
        status: IntentStatus::RequiresPaymentMethod,
        amount: 4500,
        amount_received: 0,
        currency: None,
        client_secret: None,
        customer: None,
        method: None,
        latest_charge: None,
        next_action_url: None,
        last_error: None,
        metadata: [("payment_id".to_owned(), payment.to_owned())].into(),
        live: false,
    };
    let charge = Some(format!("ch_of_{intent}").replace("ch_of_pi_", "ch_"));
    let charge = charge.map(|_| "ch_one".to_owned());
    let paid = Intent {
        status: IntentStatus::Succeeded,
        amount_received: 4500,
        latest_charge: charge.clone(),
        ..made.clone()
    };
    let back = Refund {
        id: "re_one".into(),
        status: RefundStatus::Succeeded,
        amount: 4500,
        intent: Some(intent.to_owned()),
        charge: charge.clone(),
        failure_reason: None,
        metadata: Default::default(),
    };
    let dispute =
        Dispute { id: "dp_one".into(), status: "needs_response".into(), intent: Some(intent.to_owned()), charge };
    vec![Word::Intent(made), Word::Intent(paid), Word::Refund(back), Word::Dispute(dispute)]
}

#[tokio::test]
async fn a_refund_that_fails_later_is_money_again() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let (booking, checkout) = till.paid().await;
    till.refund(&checkout, &json!({"amount_cents": 1000})).await.expect(201);
    let made = service.stripe.objects(&till.account, "re_").remove(0);
    let failed = Refund {
        id: made["id"].as_str().unwrap().to_owned(),
        status: RefundStatus::Failed,
        amount: 1000,
        intent: None,
        charge: None,
        failure_reason: Some("lost_or_stolen_card".into()),
        metadata: Default::default(),
    };
    take(&service, till.shop.tenant.id, &Word::Refund(failed.clone())).await;
    let payment = till.payment(&checkout).await;
    assert_eq!((&payment["status"], &payment["amount_refunded_cents"]), (&json!("captured"), &json!(0)));
    assert_eq!(till.now(&booking).await["payment"]["status"], "paid");
    // word of its success comes late
    take(&service, till.shop.tenant.id, &Word::Refund(Refund { status: RefundStatus::Succeeded, ..failed })).await;
    assert_eq!(till.payment(&checkout).await["amount_refunded_cents"], 0);
}

#[tokio::test]
async fn s10_each_state_of_an_intent_has_its_own() {
    let service = Service::alone().await;
    let cases = [
        (IntentStatus::RequiresPaymentMethod, "pending"),
        (IntentStatus::RequiresConfirmation, "pending"),
        (IntentStatus::RequiresAction, "requires_action"),
        (IntentStatus::Processing, "processing"),
        (IntentStatus::RequiresCapture, "authorized"),
        (IntentStatus::Succeeded, "captured"),
        (IntentStatus::Canceled, "canceled"),
        (IntentStatus::Unknown("requires_patience".into()), "pending"),
    ];
    for (status, expected) in cases {
        let till = Till::open(&service, json!({"mode": "full"})).await;
        let booking = till.booked().await;
        let checkout = till.checkout(&booking).await;
        let id = checkout["payment_intent_id"].as_str().unwrap();
        let Word::Intent(intent) = example(id, checkout["payment_id"].as_str().unwrap()).swap_remove(0) else {
            panic!("the first word is an intent's");
        };
        take(&service, till.shop.tenant.id, &Word::Intent(Intent { status, ..intent })).await;
        let stored: String =
            sqlx::query_scalar("SELECT status FROM app.payments WHERE tenant_id = $1 AND id = $2::uuid")
                .bind(till.shop.tenant.id.0)
                .bind(checkout["payment_id"].as_str().unwrap())
                .fetch_one(&mut service.platform().await)
                .await
                .unwrap();
        assert_eq!(stored, expected);
    }
}
