//! Series on the wire: a rule of repetition and the bookings that come of it.

use ::entity::booking_series::{Entity, Model};
use ::entity::enums;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use super::{Booking, BookingCustomer, PayWith, example_id, one};
use crate::guard::{Prose, Sort, Text, Timestamp};

/// The orders of a list of series.
pub type BookingSeriesSort = Sort<Entity>;

/// Whether something of a series lies ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum BookingSeriesStatus {
    /// As it was made.
    Active,
    /// What lay ahead was canceled.
    Canceled,
}

impl From<enums::SeriesStatus> for BookingSeriesStatus {
    fn from(status: enums::SeriesStatus) -> Self {
        match status {
            enums::SeriesStatus::Active => Self::Active,
            enums::SeriesStatus::Canceled => Self::Canceled,
        }
    }
}

impl From<BookingSeriesStatus> for enums::SeriesStatus {
    fn from(status: BookingSeriesStatus) -> Self {
        match status {
            BookingSeriesStatus::Active => Self::Active,
            BookingSeriesStatus::Canceled => Self::Canceled,
        }
    }
}

/// What becomes of a series when some of its times cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum OnConflict {
    /// Nothing is booked.
    Fail,
    /// The others are booked.
    Skip,
}

/// A series to be made. Its first time is `start_at`, or `starts_local` by the clock of the resource.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct BookingSeriesCreate {
    /// The service.
    pub service_id: Uuid,
    /// Who or what gives it; whoever is free when absent, each time anew.
    #[oai(nullable)]
    pub resource_id: Option<Uuid>,
    /// The first time.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub start_at: Option<Timestamp>,
    /// The first time by the clock on the wall, such as `2026-03-02T09:30`, instead of `start_at`.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub starts_local: Option<Text<16, 19>>,
    /// How it repeats, in the words of RFC 5545: `FREQ` of `DAILY`, `WEEKLY` or `MONTHLY`, `INTERVAL`, `COUNT` or
    /// `UNTIL`, `BYDAY` (days with `WEEKLY`, one n-th weekday such as `2TU` or `-1FR` with `MONTHLY`), `WKST=MO`.
    pub rrule: Text<1, 500>,
    /// A customer that exists.
    #[oai(nullable)]
    pub customer_id: Option<Uuid>,
    /// The details of who books, instead of `customer_id`.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub customer: Option<BookingCustomer>,
    /// How many come.
    #[oai(default = "one", validator(minimum(value = "1"), maximum(value = "10000")))]
    pub attendee_count: u32,
    /// What the business should know.
    #[oai(nullable)]
    pub notes: Option<Prose<0, 5000>>,
    /// What happens when some of the times cannot be had.
    #[oai(default = "fail")]
    pub on_conflict: OnConflict,
    /// Pays for each of the times with sessions of a package, `{"package": id}`, or with `"credits"` of the customer.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub pay_with: Option<PayWith>,
}

impl Example for BookingSeriesCreate {
    fn example() -> Self {
        Self {
            service_id: example_id(1),
            resource_id: Some(example_id(2)),
            start_at: Some(Timestamp::example()),
            starts_local: None,
            rrule: Text::of("FREQ=DAILY;COUNT=2"),
            customer_id: Some(example_id(3)),
            customer: None,
            attendee_count: 1,
            notes: None,
            on_conflict: OnConflict::Fail,
            pay_with: None,
        }
    }
}

fn fail() -> OnConflict {
    OnConflict::Fail
}

/// A rule of repetition.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct BookingSeries {
    /// The series's id.
    pub id: Uuid,
    /// Whether something of it lies ahead.
    pub status: BookingSeriesStatus,
    /// Who booked.
    pub customer_id: Uuid,
    /// The service.
    pub service_id: Uuid,
    /// Who or what gives it; null where each time has whoever is free.
    #[oai(nullable)]
    pub resource_id: Option<Uuid>,
    /// How it repeats, in the words of RFC 5545.
    pub rrule: String,
    /// The first time by the clock on the wall; all times have the same.
    pub starts_local: String,
    /// The zone of that clock.
    pub timezone: String,
    /// How many come.
    pub attendee_count: i32,
    /// How many times the rule names.
    pub occurrences: i32,
    /// How many of them were booked.
    pub booked: i32,
    /// When it was made.
    pub created_at: Timestamp,
}

impl From<Model> for BookingSeries {
    fn from(row: Model) -> Self {
        Self {
            id: row.id.0,
            status: row.status.into(),
            customer_id: row.customer_id.0,
            service_id: row.service_id.0,
            resource_id: row.resource_id.map(|resource| resource.0),
            rrule: row.rrule,
            starts_local: row.starts_local.format("%Y-%m-%dT%H:%M").to_string(),
            timezone: row.tz,
            attendee_count: row.attendee_count,
            occurrences: row.occurrences,
            booked: row.booked,
            created_at: Timestamp::new(row.created_at),
        }
    }
}

impl Example for BookingSeries {
    fn example() -> Self {
        Self {
            id: example_id(5),
            status: BookingSeriesStatus::Active,
            customer_id: example_id(3),
            service_id: example_id(1),
            resource_id: Some(example_id(2)),
            rrule: "FREQ=WEEKLY;BYDAY=MO;COUNT=10".into(),
            starts_local: "2026-03-02T04:30".into(),
            timezone: "America/New_York".into(),
            attendee_count: 1,
            occurrences: 10,
            booked: 9,
            created_at: Timestamp::example(),
        }
    }
}

/// Another time that can be had.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct NextFree {
    /// When it begins.
    pub start: Timestamp,
    /// When the customer is done.
    pub end: Timestamp,
    /// The beginning on the clock of the resource's zone.
    pub local_start: String,
    /// Who or what would give it.
    pub resource_id: Uuid,
}

impl Example for NextFree {
    fn example() -> Self {
        let start = Timestamp::example();
        Self {
            start,
            end: Timestamp::new(start.get() + chrono::TimeDelta::minutes(45)),
            local_start: "2026-03-02T04:30".into(),
            resource_id: example_id(2),
        }
    }
}

/// A time of a series that cannot be had.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct SkippedOccurrence {
    /// Its place in the series; the first is 0.
    pub index: u32,
    /// When it would begin.
    pub start: Timestamp,
    /// The same on the clock on the wall.
    pub local_start: String,
    /// The code that a single booking would be refused with.
    pub code: String,
    /// What keeps it from being booked, such as `booked`, `closed` or `limit`.
    pub reason: String,
    /// The same in a sentence.
    pub detail: String,
    /// The next free times, for the first ten; empty for those after them.
    pub next_free: Vec<NextFree>,
}

impl Example for SkippedOccurrence {
    fn example() -> Self {
        Self {
            index: 4,
            start: Timestamp::example(),
            local_start: "2026-03-02T04:30".into(),
            code: "TITHI_BOOKING_CONFLICT".into(),
            reason: "booked".into(),
            detail: "This time is taken.".into(),
            next_free: vec![NextFree::example()],
        }
    }
}

/// What was made of a series.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct BookingSeriesReport {
    /// The series.
    pub series: BookingSeries,
    /// The bookings, in order.
    pub booked: Vec<Booking>,
    /// The times that could not be had; empty unless `on_conflict` was `skip`.
    pub skipped: Vec<SkippedOccurrence>,
}

impl Example for BookingSeriesReport {
    fn example() -> Self {
        Self {
            series: BookingSeries::example(),
            booked: vec![Booking::example()],
            skipped: vec![SkippedOccurrence::example()],
        }
    }
}

/// A series with its bookings.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct BookingSeriesDetail {
    /// The series.
    pub series: BookingSeries,
    /// Its bookings, in the order of the series; those that were rescheduled stand beside what took their place. At
    /// most 500.
    pub bookings: Vec<Booking>,
}

impl Example for BookingSeriesDetail {
    fn example() -> Self {
        Self { series: BookingSeries::example(), bookings: vec![Booking::example()] }
    }
}

/// How much of a series is canceled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum SeriesScope {
    /// All that lies ahead.
    All,
    /// `from_booking_id` and what comes after it.
    Following,
}

/// Which part of a series is canceled, and why.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct BookingSeriesCancel {
    /// How much.
    #[oai(default = "all")]
    pub scope: SeriesScope,
    /// With `following`: the first booking that is canceled.
    #[oai(nullable)]
    pub from_booking_id: Option<Uuid>,
    /// The reason, for the record.
    #[oai(nullable)]
    pub reason: Option<Prose<0, 1000>>,
}

impl Example for BookingSeriesCancel {
    fn example() -> Self {
        Self { scope: SeriesScope::All, from_booking_id: None, reason: Some(Prose::of("The customer moves away")) }
    }
}

fn all() -> SeriesScope {
    SeriesScope::All
}

/// What was canceled of a series.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct BookingSeriesCanceled {
    /// The series as it is now.
    pub series: BookingSeries,
    /// The bookings that were canceled, in order.
    pub canceled: Vec<Booking>,
}

impl Example for BookingSeriesCanceled {
    fn example() -> Self {
        Self { series: BookingSeries::example(), canceled: vec![Booking::example()] }
    }
}

/// How much of a booking's series is canceled with it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum CancelScope {
    /// This booking alone.
    #[default]
    This,
    /// This booking and what comes after it in its series.
    Following,
    /// This booking and all that lies ahead of its series.
    All,
}
