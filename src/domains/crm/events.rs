//! What the outbox is told about customers: that there is one, not who.

use ::entity::ids::CustomerId;
use serde_json::json;

use crate::db::Event;

/// `CUSTOMER_CREATED`
pub fn created(id: CustomerId) -> Event {
    event("CUSTOMER_CREATED", id)
}

/// `CUSTOMER_UPDATED`
pub fn updated(id: CustomerId) -> Event {
    event("CUSTOMER_UPDATED", id)
}

/// `CUSTOMER_DELETED`
pub fn deleted(id: CustomerId) -> Event {
    event("CUSTOMER_DELETED", id)
}

/// `CUSTOMER_PSEUDONYMIZED`
pub fn pseudonymized(id: CustomerId) -> Event {
    event("CUSTOMER_PSEUDONYMIZED", id)
}

fn event(code: &'static str, id: CustomerId) -> Event {
    Event { code, tenant: None, aggregate_type: "customers", aggregate_id: id.0, payload: json!({"customer_id": id}) }
}
