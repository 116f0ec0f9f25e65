//! What the outbox is told about the account of a business.

use ::entity::tenant_billing::Model;
use serde_json::json;

use crate::db::Event;

/// `PAYMENT_ACCOUNT_UPDATED`: what it may do has changed.
pub fn updated(row: &Model) -> Event {
    event("PAYMENT_ACCOUNT_UPDATED", row)
}

/// `PAYMENT_ACCOUNT_DEAUTHORIZED`: it is closed to us.
pub fn deauthorized(row: &Model) -> Event {
    event("PAYMENT_ACCOUNT_DEAUTHORIZED", row)
}

fn event(code: &'static str, row: &Model) -> Event {
    let payload = json!({
        "account_id": row.stripe_account_id, "charges_enabled": row.charges_enabled,
        "payouts_enabled": row.payouts_enabled, "details_submitted": row.details_submitted,
    });
    Event { code, tenant: None, aggregate_type: "tenant_billing", aggregate_id: row.id.0, payload }
}
