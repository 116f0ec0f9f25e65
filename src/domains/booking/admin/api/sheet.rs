//! Bookings as lines of a sheet: each time twice, in UTC and as the clock on the business's wall shows it.

use chrono::{DateTime, Utc};

use crate::domains::booking::admin::service::Detailed;
use crate::error::ApiError;
use crate::guard::{Sheet, Timestamp};
use crate::kernel::zone::Zone;

const HEADS: [&str; 19] = [
    "booking_id",
    "status",
    "start_utc",
    "end_utc",
    "start_local",
    "end_local",
    "time_zone",
    "service",
    "resource",
    "customer",
    "email",
    "phone",
    "attendees",
    "total_cents",
    "currency",
    "source",
    "notes",
    "cancel_reason",
    "created_utc",
];

/// The sheet of these bookings.
pub fn sheet(file: String, rows: Vec<Detailed>, zone: &Zone, cut: bool) -> Result<Sheet, ApiError> {
    let utc = |at: DateTime<Utc>| Timestamp::new(at).to_string();
    let local = |at: DateTime<Utc>| zone.local(at).format("%Y-%m-%d %H:%M").to_string();
    let lines = rows.into_iter().map(|row| {
        let booking = row.booking;
        [
            booking.id.to_string(),
            booking.status.to_string(),
            utc(booking.start_at),
            utc(booking.end_at),
            local(booking.start_at),
            local(booking.end_at),
            zone.name().to_owned(),
            row.service_name,
            row.resource_name,
            row.customer_name,
            row.customer_email.unwrap_or_default(),
            row.customer_phone.unwrap_or_default(),
            booking.attendee_count.to_string(),
            booking.total_cents.to_string(),
            booking.currency,
            booking.source.to_string(),
            booking.notes.unwrap_or_default(),
            booking.cancel_reason.unwrap_or_default(),
            utc(booking.created_at),
        ]
    });
    Sheet::write(file, HEADS, lines, cut)
}
