//! The shape of a `slots` case. Every member that is not named lands in `rest` and is refused by name.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::{
    members::Rest,
    text::{Moment, Range},
};

#[derive(Deserialize)]
pub struct Input {
    pub now: Option<DateTime<Utc>>,
    pub query: Option<Query>,
    pub service: Option<Service>,
    #[serde(default)]
    pub grid: Grid,
    /// The tenant's zone, for resources without one.
    pub timezone: Option<String>,
    pub resources: Vec<Resource>,
    pub assign: Option<Assign>,
    #[serde(default)]
    pub limits: Vec<Limit>,
    pub buffer_model: Option<String>,
    /// The booking that `booking_allowed` asks about.
    pub new: Option<Range>,
    #[serde(flatten)]
    pub rest: Rest,
}

#[derive(Deserialize)]
pub struct Query {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    #[serde(default)]
    pub clip_open_to_query: bool,
    #[serde(default)]
    pub slot_must_end_inside: bool,
    #[serde(flatten)]
    pub rest: Rest,
}

#[derive(Deserialize)]
pub struct Service {
    pub duration_min: Option<u32>,
    pub interval_min: Option<u32>,
    pub offset_min: Option<u32>,
    pub buffer_before_min: Option<u32>,
    pub buffer_after_min: Option<u32>,
    pub notice_min: Option<u32>,
    pub seats: Option<u32>,
    pub party: Option<u32>,
    pub window: Option<Window>,
    #[serde(flatten)]
    pub rest: Rest,
}

#[derive(Deserialize)]
pub struct Window {
    #[serde(rename = "type")]
    pub kind: String,
    pub days: Option<u32>,
    pub count_weekends: Option<bool>,
    pub from_date: Option<NaiveDate>,
    pub to_date: Option<NaiveDate>,
    pub timezone: Option<String>,
    #[serde(flatten)]
    pub rest: Rest,
}

#[derive(Default, Deserialize)]
pub struct Grid {
    pub anchor: Option<String>,
    pub align_min: Option<u32>,
    pub align_timezone: Option<String>,
    pub rounding: Option<String>,
    #[serde(flatten)]
    pub rest: Rest,
}

#[derive(Deserialize)]
pub struct Resource {
    pub id: String,
    #[serde(flatten)]
    pub hours: Hours,
}

/// Opening hours, with what else a resource has in `rest` of its own reader.
#[derive(Deserialize)]
pub struct Hours {
    pub timezone: Option<String>,
    #[serde(default)]
    pub weekly: Vec<Weekly>,
    #[serde(default)]
    pub overrides: Vec<Override>,
    #[serde(default)]
    pub open: Vec<Range>,
    #[serde(default)]
    pub timezone_periods: Vec<Period>,
    #[serde(default)]
    pub restrict_to: Vec<Hours>,
    #[serde(default)]
    pub absences: Vec<Absence>,
    #[serde(default)]
    pub busy: Vec<Busy>,
    #[serde(alias = "quantity")]
    pub capacity: Option<u32>,
    #[serde(flatten)]
    pub rest: Rest,
}

#[derive(Deserialize)]
pub struct Weekly {
    pub days: Vec<String>,
    pub from: String,
    pub to: String,
    #[serde(flatten)]
    pub rest: Rest,
}

#[derive(Deserialize)]
pub struct Override {
    pub date: NaiveDate,
    #[serde(default)]
    pub intervals: Vec<Times>,
    #[serde(flatten)]
    pub rest: Rest,
}

#[derive(Deserialize)]
pub struct Times {
    pub from: String,
    pub to: String,
}

#[derive(Deserialize)]
pub struct Period {
    #[serde(alias = "from_date", alias = "start", alias = "start_date")]
    pub from: Option<Moment>,
    #[serde(alias = "to_date", alias = "end", alias = "end_date")]
    pub to: Option<Moment>,
    pub timezone: String,
    #[serde(flatten)]
    pub rest: Rest,
}

#[derive(Deserialize)]
pub struct Absence {
    #[serde(alias = "from_date", alias = "from", alias = "start_date", alias = "date")]
    pub start: Moment,
    #[serde(alias = "to_date", alias = "to", alias = "end_date")]
    pub end: Option<Moment>,
    #[serde(flatten)]
    pub rest: Rest,
}

#[derive(Deserialize)]
pub struct Busy {
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    pub buffer_before_min: Option<u32>,
    pub buffer_after_min: Option<u32>,
    pub blocks: Option<bool>,
    pub status: Option<String>,
    /// A hold lasts until then.
    #[serde(alias = "expires", alias = "hold_expires", alias = "hold_expires_at", alias = "held_until")]
    pub expires_at: Option<DateTime<Utc>>,
    #[serde(default)]
    pub same_service: bool,
    #[serde(alias = "qty", alias = "units", alias = "seats", alias = "party")]
    pub seats_taken: Option<u32>,
    pub origin: Option<String>,
    /// Which service it is of does not matter: a person is busy either way.
    #[serde(rename = "service")]
    pub _service: Option<String>,
    #[serde(flatten)]
    pub rest: Rest,
}

#[derive(Deserialize)]
pub struct Assign {
    pub mode: String,
    pub resource: Option<String>,
    pub fixed: Option<Vec<String>>,
    pub pool: Option<Vec<String>>,
    pub groups: Option<Vec<Vec<String>>>,
    #[serde(flatten)]
    pub rest: Rest,
}

/// A weekday by name, or by number with 1 for Monday and 0 or 7 for Sunday.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum WeekStart {
    Name(String),
    Number(u8),
}

#[derive(Deserialize)]
pub struct Limit {
    pub per: String,
    pub timezone: Option<String>,
    pub max_count: Option<u32>,
    pub max_minutes: Option<u32>,
    #[serde(alias = "week_starts_on", alias = "first_day_of_week")]
    pub week_start: Option<WeekStart>,
    pub enforce_between: Option<(String, String)>,
    #[serde(alias = "enforce_days")]
    pub enforce_on: Option<Vec<String>>,
    #[serde(alias = "existing")]
    pub counted: Option<Vec<Range>>,
    pub resource: Option<String>,
    #[serde(flatten)]
    pub rest: Rest,
}
