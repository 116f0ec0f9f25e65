//! Dates with free times on the wire.

use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use super::SlotOffer;
use crate::guard::{Date, Timestamp};

/// What a date has to offer.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct AvailabilityDay {
    /// The date, in the business's zone.
    pub date: Date,
    /// Whether there is a free time.
    pub free: bool,
    /// How many times are free.
    pub slots: u32,
    /// When the first of them begins.
    #[oai(nullable)]
    pub first_start: Option<Timestamp>,
    /// When the last of them begins.
    #[oai(nullable)]
    pub last_start: Option<Timestamp>,
}

impl Example for AvailabilityDay {
    fn example() -> Self {
        let start = Timestamp::example();
        let last = Timestamp::new(start.get() + chrono::TimeDelta::hours(7));
        Self { date: Date::example(), free: true, slots: 12, first_start: Some(start), last_start: Some(last) }
    }
}

/// The dates of a stretch of time, the free ones and the others.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct AvailabilityDays {
    /// Every date in order; one that the place does not have, because its calendar jumped, is left out.
    #[oai(validator(max_items = 62))]
    pub data: Vec<AvailabilityDay>,
    /// The zone in which dates were counted: the business's.
    pub timezone: String,
    /// The service that was asked for.
    pub service_id: Uuid,
    /// The first date, in that zone.
    pub start_date: Date,
    /// The last date, in that zone.
    pub end_date: Date,
}

impl Example for AvailabilityDays {
    fn example() -> Self {
        let day = AvailabilityDay::example();
        let (start_date, end_date) = (day.date, day.date);
        let service_id = Uuid::from_u128(0x0199_a4c2_8f1e_7d30_9b52_3c1f_0a6d_0001);
        Self { data: vec![day], timezone: "America/New_York".into(), service_id, start_date, end_date }
    }
}

/// The next free times of a service.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct NextAvailable {
    /// The free times, soonest first; fewer than were asked for when there are no more up to `searched_until`.
    #[oai(validator(max_items = 20))]
    pub data: Vec<SlotOffer>,
    /// How far was looked.
    pub searched_until: Timestamp,
    /// The business's zone.
    pub timezone: String,
    /// The service that was asked for.
    pub service_id: Uuid,
}

impl Example for NextAvailable {
    fn example() -> Self {
        let offer = SlotOffer::example();
        let searched_until = Timestamp::new(offer.start.get() + chrono::TimeDelta::days(14));
        let service_id = Uuid::from_u128(0x0199_a4c2_8f1e_7d30_9b52_3c1f_0a6d_0001);
        Self { data: vec![offer], searched_until, timezone: "America/New_York".into(), service_id }
    }
}
