//! Exceptions on the wire.

use ::entity::availability_exceptions::{Entity, Model};
use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use crate::domains::scheduling::availability::wall;
use crate::guard::{Date, Sort, Text, Timestamp};

/// The orders of a list of exceptions.
pub type ExceptionSort = Sort<Entity>;

/// A date that differs.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct AvailabilityExceptionCreate {
    /// Whose date it is; null is the whole business.
    #[oai(nullable)]
    pub resource_id: Option<Uuid>,
    /// The date, in the resource's zone; of a range the first.
    pub exception_date: Date,
    /// The last date of a range, included, at most 366 dates; null is one date.
    #[oai(nullable)]
    pub until_date: Option<Date>,
    /// Open at these times, or closed at them.
    pub is_available: bool,
    /// Wall time; null together with the end is the whole day.
    #[oai(nullable, validator(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", max_length = 5))]
    pub start_time: Option<String>,
    /// Wall time; 24:00 is midnight, a time that is not after the start lies on the next day.
    #[oai(nullable, validator(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", max_length = 5))]
    pub end_time: Option<String>,
    /// Why, for colleagues.
    #[oai(nullable)]
    pub reason: Option<Text<0, 500>>,
}

/// One date that differs, as a PUT replaces it.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct AvailabilityExceptionReplace {
    /// The date, in the resource's zone.
    pub exception_date: Date,
    /// Open at these times, or closed at them.
    pub is_available: bool,
    /// Wall time; null together with the end is the whole day.
    #[oai(nullable, validator(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", max_length = 5))]
    pub start_time: Option<String>,
    /// Wall time; 24:00 is midnight, a time that is not after the start lies on the next day.
    #[oai(nullable, validator(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", max_length = 5))]
    pub end_time: Option<String>,
    /// Why, for colleagues.
    #[oai(nullable)]
    pub reason: Option<Text<0, 500>>,
}

/// A date that differs.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct AvailabilityException {
    pub id: Uuid,
    /// Whose date it is; null is the whole business.
    #[oai(nullable)]
    pub resource_id: Option<Uuid>,
    /// The date, in the resource's zone.
    pub exception_date: Date,
    /// Open at these times, or closed at them.
    pub is_available: bool,
    /// Wall time; null together with the end is the whole day.
    #[oai(nullable, validator(max_length = 5))]
    pub start_time: Option<String>,
    /// Wall time; 24:00 is midnight, a time that is not after the start lies on the next day.
    #[oai(nullable, validator(max_length = 5))]
    pub end_time: Option<String>,
    /// Why, for colleagues.
    #[oai(nullable, validator(max_length = 500))]
    pub reason: Option<String>,
    /// Shared by the dates that were made together; null is a date of its own.
    #[oai(nullable)]
    pub range_id: Option<Uuid>,
    /// The schedule of a member of staff that it follows from; it is changed there.
    #[oai(nullable)]
    pub work_schedule_id: Option<Uuid>,
    pub created_at: Timestamp,
}

impl From<Model> for AvailabilityException {
    fn from(row: Model) -> Self {
        Self {
            id: row.id.0,
            resource_id: row.resource_id.map(Into::into),
            exception_date: row.exception_date.into(),
            is_available: row.is_available,
            start_time: row.starts.map(wall::start),
            end_time: row.ends.map(wall::end),
            reason: row.reason,
            range_id: row.range_id,
            work_schedule_id: row.work_schedule_id.map(Into::into),
            created_at: row.created_at.into(),
        }
    }
}

impl Example for AvailabilityExceptionCreate {
    fn example() -> Self {
        Self {
            resource_id: None,
            exception_date: Date::example(),
            until_date: None,
            is_available: false,
            start_time: None,
            end_time: None,
            reason: Some(Text::of("Christmas Day")),
        }
    }
}

impl Example for AvailabilityExceptionReplace {
    fn example() -> Self {
        let AvailabilityExceptionCreate { exception_date, is_available, start_time, end_time, reason, .. } =
            AvailabilityExceptionCreate::example();
        Self { exception_date, is_available, start_time, end_time, reason }
    }
}

impl Example for AvailabilityException {
    fn example() -> Self {
        let made = AvailabilityExceptionCreate::example();
        Self {
            id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0005),
            resource_id: None,
            exception_date: made.exception_date,
            is_available: made.is_available,
            start_time: None,
            end_time: None,
            reason: made.reason.map(Into::into),
            range_id: None,
            work_schedule_id: None,
            created_at: Timestamp::example(),
        }
    }
}
