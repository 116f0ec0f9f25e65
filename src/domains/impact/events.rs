//! What the outbox is told about changes that somebody forced.

use serde_json::json;
use uuid::Uuid;

use super::dto::Impact;
use crate::db::Event;

/// `AVAILABILITY_FORCED`: the thing was changed, and these bookings lie outside of the hours now.
pub fn forced(table: &'static str, id: Uuid, impact: &Impact) -> Event {
    let bookings: Vec<Uuid> = impact.breaks.iter().map(|booking| booking.id).collect();
    let payload = json!({"forced": true, "count": impact.count, "booking_ids": bookings});
    Event { code: "AVAILABILITY_FORCED", tenant: None, aggregate_type: table, aggregate_id: id, payload }
}
