//! What the outbox is told about payments. Nothing personal: ids, states and amounts.

use ::entity::{payments, refunds};
use serde_json::json;

use crate::db::Event;

/// `PAYMENT_INTENT_CREATED`: the provider waits for the payer.
pub fn intent_created(payment: &payments::Model) -> Event {
    event("PAYMENT_INTENT_CREATED", payment)
}

/// `PAYMENT_CAPTURED`: the money is there.
pub fn captured(payment: &payments::Model) -> Event {
    event("PAYMENT_CAPTURED", payment)
}

/// `NO_SHOW_FEE_CAPTURED`: the same for a fee.
pub fn no_show_fee_captured(payment: &payments::Model) -> Event {
    event("NO_SHOW_FEE_CAPTURED", payment)
}

/// `PAYMENT_FAILED`: an attempt was declined; another may be made.
pub fn failed(payment: &payments::Model) -> Event {
    let mut told = event("PAYMENT_FAILED", payment);
    told.payload["failure_code"] = json!(payment.failure_code);
    told
}

/// `PAYMENT_CANCELED`: it was given up before any money came.
pub fn canceled(payment: &payments::Model) -> Event {
    event("PAYMENT_CANCELED", payment)
}

/// `PAYMENT_REFUNDED`: so much went back.
pub fn refunded(payment: &payments::Model, refund: &refunds::Model) -> Event {
    let mut told = event("PAYMENT_REFUNDED", payment);
    told.payload["refund_id"] = json!(refund.id);
    told.payload["refund_cents"] = json!(refund.amount_cents);
    told.payload["refund_type"] = json!(refund.refund_type);
    told
}

/// `PAYMENT_DISPUTED`: the payer asked their bank for the money back.
pub fn disputed(payment: &payments::Model) -> Event {
    let mut told = event("PAYMENT_DISPUTED", payment);
    told.payload["dispute_status"] = json!(payment.dispute_status);
    told
}

fn event(code: &'static str, payment: &payments::Model) -> Event {
    let payload = json!({
        "payment_id": payment.id, "booking_id": payment.booking_id, "purchase_id": payment.purchase_id,
        "gift_card_id": payment.gift_card_id, "customer_id": payment.customer_id, "status": payment.status,
        "method": payment.method, "fee_type": payment.fee_type, "amount_cents": payment.amount_cents,
        "amount_captured_cents": payment.amount_captured_cents, "amount_refunded_cents": payment.amount_refunded_cents,
        "tip_cents": payment.tip_cents, "currency": payment.currency_code,
    });
    Event { code, tenant: None, aggregate_type: "payments", aggregate_id: payment.id.0, payload }
}
