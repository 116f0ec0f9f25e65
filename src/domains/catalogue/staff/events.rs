//! What the outbox is told about staff.

use ::entity::staff_profiles::Model;
use serde_json::json;

use crate::db::Event;

/// `STAFF_CREATED`
pub fn created(row: &Model) -> Event {
    event("STAFF_CREATED", row)
}

/// `STAFF_UPDATED`
pub fn updated(row: &Model) -> Event {
    event("STAFF_UPDATED", row)
}

/// `STAFF_DELETED`
pub fn deleted(row: &Model) -> Event {
    event("STAFF_DELETED", row)
}

fn event(code: &'static str, row: &Model) -> Event {
    let payload = json!({
        "staff_id": row.id, "resource_id": row.resource_id, "membership_id": row.membership_id,
        "display_name": row.display_name, "is_active": row.is_active,
    });
    Event { code, tenant: None, aggregate_type: "staff_profiles", aggregate_id: row.id.0, payload }
}
