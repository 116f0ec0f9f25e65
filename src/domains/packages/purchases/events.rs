//! What the outbox is told about purchases.

use ::entity::purchases::Model;
use serde_json::json;

use crate::db::Event;

/// `PURCHASE_CREATED`: it waits to be paid.
pub fn created(row: &Model) -> Event {
    event("PURCHASE_CREATED", row)
}

/// `PURCHASE_PAID`: what it gives was granted.
pub fn paid(row: &Model) -> Event {
    event("PURCHASE_PAID", row)
}

/// `PURCHASE_CANCELED`: it was not paid.
pub fn canceled(row: &Model) -> Event {
    event("PURCHASE_CANCELED", row)
}

/// `PURCHASE_UNDONE`: the money went back; `taken_back` is what was left of it.
pub fn undone(row: &Model, taken_back: i64) -> Event {
    let mut told = event("PURCHASE_UNDONE", row);
    told.payload["taken_back"] = json!(taken_back);
    told
}

fn event(code: &'static str, row: &Model) -> Event {
    let payload = json!({
        "purchase_id": row.id, "kind": row.kind, "status": row.status, "customer_id": row.customer_id,
        "package_id": row.package_id, "membership_id": row.membership_id, "quantity": row.quantity,
        "amount_cents": row.amount_cents, "currency": row.currency, "paid_with": row.paid_with,
        "payment_id": row.payment_id,
    });
    Event { code, tenant: None, aggregate_type: "purchases", aggregate_id: row.id.0, payload }
}
