//! What the outbox is told by the front desk.

use ::entity::bookings::Model;
use serde_json::json;
use uuid::Uuid;

use crate::db::{Event, Scope};

/// `BULK_BOOKING_ACTION`: one decision about many bookings, beside the events of each.
pub fn bulk(scope: &Scope, action: &str, bookings: &[Uuid]) -> Event {
    let id = scope.new_id();
    let payload = json!({
        "bulk_id": id, "action": action, "booking_ids": bookings, "updated_count": bookings.len(), "user_id": scope.user(),
    });
    Event { code: "BULK_BOOKING_ACTION", tenant: None, aggregate_type: "bookings", aggregate_id: id, payload }
}

/// `BOOKING_MESSAGE_REQUESTED`: somebody wants the customer of a booking to read this. The address is looked up when
/// it is sent.
pub fn message(scope: &Scope, booking: &Model, subject: Option<&str>, message: &str) -> Event {
    let payload = json!({
        "booking_id": booking.id, "customer_id": booking.customer_id, "subject": subject, "message": message,
        "user_id": scope.user(),
    });
    Event {
        code: "BOOKING_MESSAGE_REQUESTED",
        tenant: None,
        aggregate_type: "bookings",
        aggregate_id: booking.id.0,
        payload,
    }
}
