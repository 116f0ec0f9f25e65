//! What the outbox is told about packages.

use ::entity::packages::Model;
use serde_json::json;

use crate::db::Event;

/// `PACKAGE_CREATED`
pub fn created(row: &Model) -> Event {
    event("PACKAGE_CREATED", row)
}

/// `PACKAGE_UPDATED`
pub fn updated(row: &Model) -> Event {
    event("PACKAGE_UPDATED", row)
}

/// `PACKAGE_DELETED`
pub fn deleted(row: &Model) -> Event {
    event("PACKAGE_DELETED", row)
}

fn event(code: &'static str, row: &Model) -> Event {
    let payload = json!({
        "package_id": row.id, "type": row.r#type, "name": row.name, "sessions": row.sessions,
        "price_cents": row.price_cents, "currency": row.currency, "valid_days": row.valid_days, "active": row.active,
    });
    Event { code, tenant: None, aggregate_type: "packages", aggregate_id: row.id.0, payload }
}
