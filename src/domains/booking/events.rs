//! What the outbox is told about bookings: one event for each transition.

use ::entity::booking_holds;
use ::entity::bookings::Model;
use serde_json::json;

use super::rules::{Move, RESCHEDULE};
use crate::db::Event;
use crate::guard::Timestamp;

/// `BOOKING_CREATED`
pub fn created(row: &Model) -> Event {
    event("BOOKING_CREATED", row)
}

/// The event of a move, with the booking as it is after it.
pub fn moved(step: &Move, row: &Model) -> Event {
    event(step.event, row)
}

/// `BOOKING_UPDATED`: something that is no move, such as its notes.
pub fn updated(row: &Model) -> Event {
    event("BOOKING_UPDATED", row)
}

/// `BOOKING_RESCHEDULED`: the new booking, and what it takes the place of.
pub fn rescheduled(old: &Model, new: &Model) -> Event {
    let mut told = event(RESCHEDULE.event, new);
    told.payload["rescheduled_from"] = json!(old.id);
    told.payload["previous"] = json!({
        "resource_id": old.resource_id, "start_at": Timestamp::new(old.start_at), "end_at": Timestamp::new(old.end_at),
    });
    told
}

/// `BOOKING_HOLD_EXPIRED`
pub fn hold_expired(hold: &booking_holds::Model) -> Event {
    hold_event("BOOKING_HOLD_EXPIRED", hold)
}

fn hold_event(code: &'static str, hold: &booking_holds::Model) -> Event {
    let payload = json!({
        "hold_id": hold.id, "service_id": hold.service_id, "resource_id": hold.resource_id,
        "start_at": Timestamp::new(hold.start_at), "end_at": Timestamp::new(hold.end_at),
        "expires_at": Timestamp::new(hold.expires_at), "attendee_count": hold.attendee_count, "source": hold.source,
    });
    Event { code, tenant: None, aggregate_type: "booking_holds", aggregate_id: hold.id.0, payload }
}

fn event(code: &'static str, row: &Model) -> Event {
    let payload = json!({
        "booking_id": row.id, "status": row.status, "customer_id": row.customer_id, "service_id": row.service_id,
        "resource_id": row.resource_id, "start_at": Timestamp::new(row.start_at), "end_at": Timestamp::new(row.end_at),
        "attendee_count": row.attendee_count, "total_amount_cents": row.total_cents, "currency": row.currency,
        "source": row.source, "overbooked": row.overbooked,
    });
    Event { code, tenant: None, aggregate_type: "bookings", aggregate_id: row.id.0, payload }
}
