//! What the outbox is told about notes: that there is one, not what it says.

use ::entity::customer_notes::Model;
use serde_json::json;

use crate::db::Event;

/// `CUSTOMER_NOTE_ADDED`
pub fn added(row: &Model) -> Event {
    event("CUSTOMER_NOTE_ADDED", row)
}

/// `CUSTOMER_NOTE_UPDATED`
pub fn updated(row: &Model) -> Event {
    event("CUSTOMER_NOTE_UPDATED", row)
}

/// `CUSTOMER_NOTE_DELETED`
pub fn deleted(row: &Model) -> Event {
    event("CUSTOMER_NOTE_DELETED", row)
}

fn event(code: &'static str, row: &Model) -> Event {
    let payload = json!({"note_id": row.id, "customer_id": row.customer_id, "created_by": row.created_by});
    Event { code, tenant: None, aggregate_type: "customer_notes", aggregate_id: row.id.0, payload }
}
