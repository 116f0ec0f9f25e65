//! What the outbox is told about coupons: what they are worth, not how they are spelt.

use ::entity::coupon_redemptions;
use ::entity::coupons::Model;
use serde_json::json;

use crate::db::Event;

/// `COUPON_CREATED`
pub fn created(row: &Model) -> Event {
    event("COUPON_CREATED", row)
}

/// `COUPON_UPDATED`
pub fn updated(row: &Model) -> Event {
    event("COUPON_UPDATED", row)
}

/// `COUPON_DELETED`
pub fn deleted(row: &Model) -> Event {
    event("COUPON_DELETED", row)
}

/// `COUPON_REDEEMED`: it went with a payment.
pub fn redeemed(row: &coupon_redemptions::Model) -> Event {
    redemption("COUPON_REDEEMED", row)
}

/// `COUPON_RELEASED`: the payment failed.
pub fn released(row: &coupon_redemptions::Model) -> Event {
    redemption("COUPON_RELEASED", row)
}

fn redemption(code: &'static str, row: &coupon_redemptions::Model) -> Event {
    let payload = json!({
        "coupon_id": row.coupon_id, "redemption_id": row.id, "customer_id": row.customer_id,
        "payment_id": row.payment_id, "booking_id": row.booking_id, "amount_cents": row.amount_cents,
        "currency": row.currency,
    });
    Event { code, tenant: None, aggregate_type: "coupons", aggregate_id: row.coupon_id.0, payload }
}

fn event(code: &'static str, row: &Model) -> Event {
    let payload = json!({
        "coupon_id": row.id, "kind": row.kind, "percent_bps": row.percent_bps, "amount_cents": row.amount_cents,
        "currency": row.currency, "active": row.active, "customer_id": row.customer_id,
    });
    Event { code, tenant: None, aggregate_type: "coupons", aggregate_id: row.id.0, payload }
}
