//! What the outbox is told about invoices. Who the buyer is stands in the document alone.

use ::entity::invoices::Model;
use serde_json::json;

use crate::db::Event;

/// `INVOICE_ISSUED`, of invoices and of credit notes: all that a message about it needs but the address.
pub fn issued(row: &Model) -> Event {
    event("INVOICE_ISSUED", row)
}

/// `INVOICE_PAID`
pub fn paid(row: &Model) -> Event {
    event("INVOICE_PAID", row)
}

/// `INVOICE_VOIDED`
pub fn voided(row: &Model) -> Event {
    event("INVOICE_VOIDED", row)
}

fn event(code: &'static str, row: &Model) -> Event {
    let payload = json!({
        "invoice_id": row.id, "kind": row.kind, "status": row.status, "reference": row.reference,
        "customer_id": row.customer_id, "booking_id": row.booking_id, "payment_id": row.payment_id,
        "refund_id": row.refund_id, "credits_invoice_id": row.invoice_id, "currency": row.currency,
        "total_cents": row.total_cents, "due_at": row.due_at,
    });
    Event { code, tenant: None, aggregate_type: "invoices", aggregate_id: row.id.0, payload }
}
