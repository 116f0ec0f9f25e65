//! What the outbox is told about credits and sessions.

use ::entity::ids::{BookingId, CustomerId};
use serde_json::json;
use uuid::Uuid;

use crate::db::Event;

/// `CREDITS_GRANTED`: without being bought.
pub fn granted(customer: CustomerId, amount: i64) -> Event {
    event("CREDITS_GRANTED", customer, amount, None)
}

/// `CREDITS_CONSUMED`: for a booking, or for something else.
pub fn consumed(customer: CustomerId, amount: i64, booking: Option<BookingId>) -> Event {
    event("CREDITS_CONSUMED", customer, amount, booking.map(Into::into))
}

/// `CREDITS_RETURNED`: the booking that used them was canceled in time, or staff gave them back.
pub fn returned(customer: CustomerId, amount: i64, booking: BookingId) -> Event {
    event("CREDITS_RETURNED", customer, amount, Some(booking.into()))
}

/// `CREDITS_EXPIRED`
pub fn expired(customer: CustomerId, amount: i64) -> Event {
    event("CREDITS_EXPIRED", customer, amount, None)
}

fn event(code: &'static str, customer: CustomerId, amount: i64, booking: Option<Uuid>) -> Event {
    let payload = json!({"customer_id": customer, "amount": amount, "booking_id": booking});
    Event { code, tenant: None, aggregate_type: "customers", aggregate_id: customer.0, payload }
}
