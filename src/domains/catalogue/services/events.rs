//! What the outbox is told about services.

use ::entity::services::Model;
use serde_json::json;

use crate::db::Event;

/// `SERVICE_CREATED`
pub fn created(row: &Model) -> Event {
    event("SERVICE_CREATED", row)
}

/// `SERVICE_UPDATED`: its own fields or the set of its resources.
pub fn updated(row: &Model) -> Event {
    event("SERVICE_UPDATED", row)
}

/// `SERVICE_DELETED`
pub fn deleted(row: &Model) -> Event {
    event("SERVICE_DELETED", row)
}

fn event(code: &'static str, row: &Model) -> Event {
    let payload = json!({
        "service_id": row.id, "slug": row.slug, "name": row.name, "duration_min": row.duration_min,
        "price_cents": row.price_cents, "currency": row.currency, "active": row.active,
    });
    Event { code, tenant: None, aggregate_type: "services", aggregate_id: row.id.0, payload }
}
