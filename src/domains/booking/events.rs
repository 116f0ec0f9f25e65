//! What the outbox is told about bookings: one event for each transition.

use ::entity::bookings::Model;
use ::entity::{booking_holds, booking_series, waitlist_entries};
use serde_json::{Value, json};
use uuid::Uuid;

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

/// `BOOKING_SERIES_CREATED`: once; each of its bookings is told as well.
pub fn series_created(series: &booking_series::Model, booked: &[Model]) -> Event {
    series_event("BOOKING_SERIES_CREATED", series, booked)
}

/// `BOOKING_SERIES_CANCELED`: what was canceled of it; each of the bookings is told as well.
pub fn series_canceled(series: &booking_series::Model, canceled: &[Model]) -> Event {
    series_event("BOOKING_SERIES_CANCELED", series, canceled)
}

fn series_event(code: &'static str, series: &booking_series::Model, bookings: &[Model]) -> Event {
    let payload = json!({
        "series_id": series.id, "status": series.status, "customer_id": series.customer_id,
        "service_id": series.service_id, "resource_id": series.resource_id, "rrule": series.rrule,
        "occurrences": series.occurrences, "booked": series.booked, "booking_ids": ids(bookings),
    });
    Event { code, tenant: None, aggregate_type: "booking_series", aggregate_id: series.id.0, payload }
}

/// `BOOKING_ITINERARY_CREATED`: once; each of its bookings is told as well.
pub fn itinerary_created(itinerary: Uuid, bookings: &[Model]) -> Event {
    let payload = json!({
        "itinerary_id": itinerary, "customer_id": bookings.first().map(|booking| booking.customer_id),
        "start_at": bookings.first().map(|booking| Timestamp::new(booking.start_at)),
        "end_at": bookings.last().map(|booking| Timestamp::new(booking.end_at)), "booking_ids": ids(bookings),
    });
    Event {
        code: "BOOKING_ITINERARY_CREATED",
        tenant: None,
        aggregate_type: "itineraries",
        aggregate_id: itinerary,
        payload,
    }
}

fn ids(bookings: &[Model]) -> Value {
    bookings.iter().map(|booking| json!(booking.id)).collect()
}

/// `BOOKING_HOLD_EXPIRED`
pub fn hold_expired(hold: &booking_holds::Model) -> Event {
    hold_event("BOOKING_HOLD_EXPIRED", hold)
}

/// `BOOKING_HOLD_CREATED`
pub fn hold_created(hold: &booking_holds::Model) -> Event {
    hold_event("BOOKING_HOLD_CREATED", hold)
}

/// `BOOKING_HOLD_RELEASED`
pub fn hold_released(hold: &booking_holds::Model) -> Event {
    hold_event("BOOKING_HOLD_RELEASED", hold)
}

/// `WAITLIST_JOINED`
pub fn waitlist_joined(entry: &waitlist_entries::Model) -> Event {
    entry_event("WAITLIST_JOINED", entry)
}

/// `WAITLIST_LEFT`
pub fn waitlist_left(entry: &waitlist_entries::Model) -> Event {
    entry_event("WAITLIST_LEFT", entry)
}

/// `WAITLIST_OFFERED`: who is offered which time, on which terms, and until when. The hold's token is made of its id.
pub fn waitlist_offered(entry: &waitlist_entries::Model, hold: &booking_holds::Model) -> Event {
    let mut told = entry_event("WAITLIST_OFFERED", entry);
    told.payload["hold_id"] = json!(hold.id);
    told.payload["expires_at"] = json!(Timestamp::new(hold.expires_at));
    told.payload["start_at"] = json!(Timestamp::new(hold.start_at));
    told.payload["end_at"] = json!(Timestamp::new(hold.end_at));
    told.payload["offered_resource_id"] = json!(hold.resource_id);
    told.payload["total_amount_cents"] = json!(hold.total_cents);
    told.payload["currency"] = json!(hold.currency);
    told
}

fn entry_event(code: &'static str, entry: &waitlist_entries::Model) -> Event {
    let payload = json!({
        "entry_id": entry.id, "customer_id": entry.customer_id, "service_id": entry.service_id,
        "resource_id": entry.resource_id, "from_at": Timestamp::new(entry.from_at),
        "until_at": Timestamp::new(entry.until_at), "attendee_count": entry.attendee_count, "source": entry.source,
    });
    Event { code, tenant: None, aggregate_type: "waitlist_entries", aggregate_id: entry.id.0, payload }
}

fn hold_event(code: &'static str, hold: &booking_holds::Model) -> Event {
    let payload = json!({
        "hold_id": hold.id, "service_id": hold.service_id, "resource_id": hold.resource_id,
        "start_at": Timestamp::new(hold.start_at), "end_at": Timestamp::new(hold.end_at),
        "expires_at": Timestamp::new(hold.expires_at),
        "waitlist_entry_id": hold.waitlist_entry_id, "attendee_count": hold.attendee_count, "source": hold.source,
    });
    Event { code, tenant: None, aggregate_type: "booking_holds", aggregate_id: hold.id.0, payload }
}

fn event(code: &'static str, row: &Model) -> Event {
    let payload = json!({
        "booking_id": row.id, "status": row.status, "customer_id": row.customer_id, "service_id": row.service_id,
        "resource_id": row.resource_id, "start_at": Timestamp::new(row.start_at), "end_at": Timestamp::new(row.end_at),
        "attendee_count": row.attendee_count, "total_amount_cents": row.total_cents, "currency": row.currency,
        "source": row.source, "overbooked": row.overbooked, "unlisted": row.unlisted, "covered_by": row.covered_by,
    });
    Event { code, tenant: None, aggregate_type: "bookings", aggregate_id: row.id.0, payload }
}
