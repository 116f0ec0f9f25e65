//! Schedules on the wire.

use ::entity::enums;
use ::entity::work_schedules::{Entity, Model};
use poem_openapi::types::{Example, ParseFromJSON};
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::guard::{Date, Sort, Text, Timestamp};

/// The orders of a list of schedules.
pub type WorkScheduleSort = Sort<Entity>;

/// What a schedule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum ScheduleType {
    /// Hours of every week, from a date to another or without end.
    Recurring,
    /// Other hours than those of the week, on at most 92 dates.
    Override,
    /// Away: whole days, at most 366, or a part of one.
    TimeOff,
}

/// A window of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example, deny_unknown_fields)]
pub struct WorkWindow {
    /// The day on which it begins, only of what recurs: 0 is Monday, 6 is Sunday.
    #[oai(nullable, validator(minimum(value = "0"), maximum(value = "6")))]
    pub weekday: Option<i16>,
    /// Wall time in the zone of their resource.
    #[oai(validator(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", max_length = 5))]
    pub start_time: String,
    /// Wall time; 24:00 is midnight, a time that is not after the start lies on the next day.
    #[oai(validator(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", max_length = 5))]
    pub end_time: String,
}

/// A schedule to be made; a PUT replaces all of it.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct WorkScheduleCreate {
    /// What it is.
    pub schedule_type: ScheduleType,
    /// The first date; null, only of what recurs, is always.
    #[oai(nullable)]
    pub valid_from: Option<Date>,
    /// The last date, included; null, only of what recurs, is for ever.
    #[oai(nullable)]
    pub valid_until: Option<Date>,
    /// Windows that do not overlap. What recurs has at least one, each with its weekday; an override has 1 to 10,
    /// which hold on each of its dates; time off has none for whole days, or one for a part of its one date.
    #[oai(default, validator(max_items = 100))]
    pub work_hours: Vec<WorkWindow>,
    /// Why, for administrators.
    #[oai(nullable)]
    pub reason: Option<Text<0, 500>>,
}

/// A schedule of a member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct WorkSchedule {
    pub id: Uuid,
    /// Whose it is.
    pub staff_id: Uuid,
    /// What it is.
    pub schedule_type: ScheduleType,
    /// The first date; null, only of what recurs, is always.
    #[oai(nullable)]
    pub valid_from: Option<Date>,
    /// The last date, included; null, only of what recurs, is for ever.
    #[oai(nullable)]
    pub valid_until: Option<Date>,
    /// Its windows, as they were sent.
    #[oai(validator(max_items = 100))]
    pub work_hours: Vec<WorkWindow>,
    /// Why, for administrators.
    #[oai(nullable, validator(max_length = 500))]
    pub reason: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl From<Model> for WorkSchedule {
    fn from(row: Model) -> Self {
        Self {
            id: row.id.0,
            staff_id: row.staff_profile_id.0,
            schedule_type: row.schedule_type.into(),
            valid_from: row.valid_from.map(Into::into),
            valid_until: row.valid_until.map(Into::into),
            work_hours: Vec::parse_from_json(Some(row.work_hours)).unwrap_or_default(),
            reason: row.reason,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

impl From<ScheduleType> for enums::ScheduleType {
    fn from(kind: ScheduleType) -> Self {
        match kind {
            ScheduleType::Recurring => Self::Recurring,
            ScheduleType::Override => Self::Override,
            ScheduleType::TimeOff => Self::TimeOff,
        }
    }
}

impl From<enums::ScheduleType> for ScheduleType {
    fn from(kind: enums::ScheduleType) -> Self {
        match kind {
            enums::ScheduleType::Recurring => Self::Recurring,
            enums::ScheduleType::Override => Self::Override,
            enums::ScheduleType::TimeOff => Self::TimeOff,
        }
    }
}

impl Example for WorkWindow {
    fn example() -> Self {
        Self { weekday: Some(0), start_time: "08:00".into(), end_time: "14:00".into() }
    }
}

impl Example for WorkScheduleCreate {
    fn example() -> Self {
        let date = |text| Date::parse(text).unwrap_or_else(Date::example);
        Self {
            schedule_type: ScheduleType::Recurring,
            valid_from: Some(date("2027-06-01")),
            valid_until: Some(date("2027-08-31")),
            work_hours: vec![WorkWindow::example()],
            reason: Some(Text::of("Summer hours")),
        }
    }
}

impl Example for WorkSchedule {
    fn example() -> Self {
        let made = WorkScheduleCreate::example();
        let id = |last: u128| Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0000 + last);
        Self {
            id: id(8),
            staff_id: id(3),
            schedule_type: made.schedule_type,
            valid_from: made.valid_from,
            valid_until: made.valid_until,
            work_hours: made.work_hours,
            reason: made.reason.map(Into::into),
            created_at: Timestamp::example(),
            updated_at: Timestamp::example(),
        }
    }
}
