//! What the outbox is told about resources.

use ::entity::resources::Model;
use serde_json::json;

use crate::db::Event;

/// `RESOURCE_CREATED`
pub fn created(row: &Model) -> Event {
    event("RESOURCE_CREATED", row)
}

/// `RESOURCE_UPDATED`
pub fn updated(row: &Model) -> Event {
    event("RESOURCE_UPDATED", row)
}

/// `RESOURCE_DELETED`
pub fn deleted(row: &Model) -> Event {
    event("RESOURCE_DELETED", row)
}

fn event(code: &'static str, row: &Model) -> Event {
    let payload = json!({"resource_id": row.id, "type": row.kind, "name": row.name, "is_active": row.is_active});
    Event { code, tenant: None, aggregate_type: "resources", aggregate_id: row.id.0, payload }
}
