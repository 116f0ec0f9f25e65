//! A booking that newer time zone rules move, on the wire.

use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use super::{BookingStatus, example_id};
use crate::guard::Timestamp;

/// A booking whose wall time has become another instant since it was arranged.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct MovedBooking {
    /// The booking's id.
    pub booking_id: Uuid,
    /// Where it is in its life: pending or confirmed.
    pub status: BookingStatus,
    /// When it begins, as it stands in the calendar.
    pub start_at: Timestamp,
    /// When the arranged wall time is by the rules of today; null when they no longer know the zone.
    #[oai(nullable)]
    pub start_at_now: Option<Timestamp>,
    /// What was arranged by the clock on the wall, such as `2026-03-02T09:30:00`.
    #[oai(validator(max_length = 32))]
    pub wall_start: String,
    /// Where that wall is: an IANA zone.
    #[oai(validator(max_length = 50))]
    pub timezone: String,
    /// The release of the rules by which it was arranged; null when nobody noted it.
    #[oai(nullable, validator(max_length = 20))]
    pub tzdata_then: Option<String>,
    /// The release of today.
    #[oai(validator(max_length = 20))]
    pub tzdata_now: String,
}

impl Example for MovedBooking {
    fn example() -> Self {
        let start_at = Timestamp::example();
        Self {
            booking_id: example_id(4),
            status: BookingStatus::Confirmed,
            start_at,
            start_at_now: Some(Timestamp::new(start_at.get() + chrono::TimeDelta::hours(1))),
            wall_start: "2026-03-02T11:30:00".into(),
            timezone: "Europe/Chisinau".into(),
            tzdata_then: Some("2025b".into()),
            tzdata_now: "2026a".into(),
        }
    }
}
