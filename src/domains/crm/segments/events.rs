//! What the outbox is told about segments.

use ::entity::customer_segments::Model;
use ::entity::ids::CustomerId;
use serde_json::json;

use crate::db::Event;

/// `SEGMENT_CREATED`
pub fn created(row: &Model) -> Event {
    event("SEGMENT_CREATED", row)
}

/// `SEGMENT_UPDATED`
pub fn updated(row: &Model) -> Event {
    event("SEGMENT_UPDATED", row)
}

/// `SEGMENT_DELETED`
pub fn deleted(row: &Model) -> Event {
    event("SEGMENT_DELETED", row)
}

/// `SEGMENT_CUSTOMER_ADDED`: by hand.
pub fn picked(row: &Model, customer: CustomerId) -> Event {
    about("SEGMENT_CUSTOMER_ADDED", row, customer)
}

/// `SEGMENT_CUSTOMER_REMOVED`: by hand.
pub fn dropped(row: &Model, customer: CustomerId) -> Event {
    about("SEGMENT_CUSTOMER_REMOVED", row, customer)
}

fn about(code: &'static str, row: &Model, customer: CustomerId) -> Event {
    let mut told = event(code, row);
    told.payload["customer_id"] = json!(customer);
    told
}

fn event(code: &'static str, row: &Model) -> Event {
    let payload = json!({"segment_id": row.id, "name": row.name});
    Event { code, tenant: None, aggregate_type: "customer_segments", aggregate_id: row.id.0, payload }
}
