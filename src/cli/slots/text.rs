//! Dates and times as cases write them.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc, Weekday};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answered, Refusal};
use crate::{
    domains::scheduling::rules::WallTime,
    kernel::{interval::Interval, zone::Zone},
};

/// An interval of instants, as `{start, end}` or as a pair.
#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
pub enum Range {
    Named { start: DateTime<Utc>, end: DateTime<Utc> },
    Pair(DateTime<Utc>, DateTime<Utc>),
}

impl From<Range> for Interval<DateTime<Utc>> {
    fn from(range: Range) -> Self {
        match range {
            Range::Named { start, end } | Range::Pair(start, end) => Self::new(start, end),
        }
    }
}

/// An instant, or a whole date of some zone.
#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
pub enum Moment {
    At(DateTime<Utc>),
    Date(NaiveDate),
}

impl Moment {
    pub fn start(self, zone: &Zone) -> DateTime<Utc> {
        match self {
            Self::At(at) => at,
            Self::Date(date) => zone.midnight(date),
        }
    }

    /// A date as an end is included.
    pub fn end(self, zone: &Zone) -> DateTime<Utc> {
        match self {
            Self::At(at) => at,
            Self::Date(date) => zone.dates(date, date).end,
        }
    }
}

pub fn utc(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

pub fn range(part: &Interval<DateTime<Utc>>) -> Value {
    json!({ "start": utc(part.start), "end": utc(part.end) })
}

pub fn zone(name: &str) -> Answered<Zone> {
    Zone::parse(name).map_err(Refusal::malformed)
}

/// The named zone, or another where none is named.
pub fn zone_or(name: Option<&str>, other: &Zone) -> Answered<Zone> {
    name.map_or_else(|| Ok(other.clone()), zone)
}

pub fn wall_time(text: &str) -> Answered<WallTime> {
    WallTime::parse(text).ok_or_else(|| Refusal::Malformed(format!("no time of day: {text:.40}")))
}

pub fn weekdays<T: FromIterator<Weekday>>(names: &[String]) -> Answered<T> {
    names.iter().map(|name| weekday(name)).collect()
}

pub fn weekday(name: &str) -> Answered<Weekday> {
    name.parse().map_err(|_| Refusal::Malformed(format!("no weekday: {name:.40}")))
}
