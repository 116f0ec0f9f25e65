//! Whether a booking lies inside the hours of its resources: pure, no IO, no clock.
//!
//! Hours of a date are what the listing of free times takes them for: a closure of the whole business or of the
//! resource for the whole day closes it; openings of the resource replace its weekly hours; else openings of the whole
//! business do; else the weekly rules that are valid on that date. Closures of part of a day are cut out of what is left.

use std::collections::{BTreeMap, HashMap};

use ::entity::enums::ResourceType;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};
use serde::Deserialize;
use uuid::Uuid;

use crate::domains::scheduling::rules::{Hours, Override, WallTime, Weekdays, WeeklyWindow};
use crate::kernel::interval::Interval;
use crate::kernel::zone::Zone;

/// Dates around a booking whose windows may reach it: zones lie up to 26 hours apart, and a window may run past midnight.
const AROUND: u64 = 3;

/// A resource as far as its hours are concerned.
#[derive(Clone, Debug, Deserialize)]
pub struct ResourceRow {
    pub id: Uuid,
    #[serde(rename = "type")]
    pub kind: ResourceType,
    /// Its own zone, else the business's.
    pub tz: String,
}

/// A weekly window.
#[derive(Clone, Debug, Deserialize)]
pub struct RuleRow {
    pub resource_id: Uuid,
    /// Monday is 0.
    pub weekday: u8,
    pub starts: String,
    pub ends: String,
    pub valid_from: Option<NaiveDate>,
    pub valid_until: Option<NaiveDate>,
}

/// Another opening or closure of a date.
#[derive(Clone, Debug, Deserialize)]
pub struct ExceptionRow {
    /// `None`: the whole business.
    pub resource_id: Option<Uuid>,
    pub exception_date: NaiveDate,
    pub is_available: bool,
    pub starts: Option<String>,
    pub ends: Option<String>,
}

/// The hours of several resources.
pub struct Calendars(HashMap<Uuid, Calendar>);

/// The hours of one resource.
struct Calendar {
    kind: ResourceType,
    zone: Zone,
    rules: Vec<RuleRow>,
    exceptions: BTreeMap<NaiveDate, Vec<ExceptionRow>>,
}

impl Calendars {
    pub fn new(resources: Vec<ResourceRow>, rules: Vec<RuleRow>, exceptions: Vec<ExceptionRow>) -> Self {
        let calendar = |row: ResourceRow| {
            // names are checked when they are written
            let zone = Zone::parse(&row.tz).unwrap_or_else(|_| Zone::utc());
            let rules = rules.iter().filter(|rule| rule.resource_id == row.id).cloned().collect();
            let mut dates: BTreeMap<NaiveDate, Vec<ExceptionRow>> = BTreeMap::new();
            for one in exceptions.iter().filter(|e| e.resource_id.is_none() || e.resource_id == Some(row.id)) {
                dates.entry(one.exception_date).or_default().push(one.clone());
            }
            (row.id, Calendar { kind: row.kind, zone, rules, exceptions: dates })
        };
        Self(resources.into_iter().map(calendar).collect())
    }

    /// Whether a stretch of time lies inside the hours of each of these resources, of which the customer meets one.
    pub fn cover(&self, met: Uuid, resources: &[Uuid], stretch: &Interval<DateTime<Utc>>) -> bool {
        resources.iter().all(|id| self.0.get(id).is_some_and(|calendar| calendar.covers(*id == met, stretch)))
    }
}

impl Calendar {
    fn covers(&self, met: bool, stretch: &Interval<DateTime<Utc>>) -> bool {
        let (first, last) =
            (stretch.start.date_naive() - Days::new(AROUND), stretch.end.date_naive() + Days::new(AROUND));
        let mut hours = Hours::new(self.zone.clone());
        hours.weekly = self.rules.iter().filter(|rule| endless(rule)).map(weekly).collect();
        // a room or a machine without hours of its own is there whenever whom the customer meets is
        if !met && self.rules.is_empty() && self.kind != ResourceType::Staff {
            hours.weekly.push(WeeklyWindow { days: Weekdays::ALL, from: WallTime::MIDNIGHT, to: WallTime::END_OF_DAY });
        }
        let seasons = self.rules.iter().any(|rule| !endless(rule));
        for date in first.iter_days().take_while(|date| *date <= last) {
            let today = self.exceptions.get(&date).map_or(&[][..], Vec::as_slice);
            if seasons || today.iter().any(|e| e.is_available || e.starts.is_none()) {
                hours.overrides.push(Override { date, windows: windows_of(date, &self.rules, today) });
            }
        }
        let absent = self
            .exceptions
            .range(first..=last)
            .flat_map(|(_, today)| today)
            .filter(|e| !e.is_available)
            .filter_map(|e| absence(e, &self.zone))
            .any(|absence| absence.overlaps(stretch));
        !absent && hours.covers(stretch)
    }
}

fn endless(rule: &RuleRow) -> bool {
    rule.valid_from.is_none() && rule.valid_until.is_none()
}

fn weekly(rule: &RuleRow) -> WeeklyWindow {
    let (from, to) = bounds(&rule.starts, &rule.ends);
    WeeklyWindow { days: Weekday::try_from(rule.weekday).into_iter().collect::<Weekdays>(), from, to }
}

/// `00:00` as an end is the midnight after: `00:00` to `00:00` is the whole day.
fn bounds(starts: &str, ends: &str) -> (WallTime, WallTime) {
    let from = WallTime::parse(starts).unwrap_or(WallTime::MIDNIGHT);
    let to = WallTime::parse(ends).unwrap_or(WallTime::END_OF_DAY);
    (from, if to == WallTime::MIDNIGHT { WallTime::END_OF_DAY } else { to })
}

fn windows_of(date: NaiveDate, rules: &[RuleRow], today: &[ExceptionRow]) -> Vec<(WallTime, WallTime)> {
    if today.iter().any(|e| !e.is_available && e.starts.is_none()) {
        return Vec::new();
    }
    let openings = |own: bool| -> Vec<(WallTime, WallTime)> {
        today.iter().filter(|e| e.is_available && e.resource_id.is_some() == own).map(opening).collect()
    };
    let own = openings(true);
    let special = if own.is_empty() { openings(false) } else { own };
    if !special.is_empty() {
        return special;
    }
    let day = u8::try_from(date.weekday().num_days_from_monday()).unwrap_or(0);
    let valid = |rule: &&RuleRow| {
        rule.valid_from.is_none_or(|from| from <= date) && rule.valid_until.is_none_or(|until| date <= until)
    };
    rules.iter().filter(|rule| rule.weekday == day).filter(valid).map(|rule| bounds(&rule.starts, &rule.ends)).collect()
}

fn opening(exception: &ExceptionRow) -> (WallTime, WallTime) {
    match (&exception.starts, &exception.ends) {
        (Some(starts), Some(ends)) => bounds(starts, ends),
        _ => (WallTime::MIDNIGHT, WallTime::END_OF_DAY),
    }
}

/// A closure of part of a day, as instants.
fn absence(exception: &ExceptionRow, zone: &Zone) -> Option<Interval<DateTime<Utc>>> {
    let (starts, ends) = (exception.starts.as_deref()?, exception.ends.as_deref()?);
    let starts = starts.parse::<NaiveTime>().ok()?;
    // 24:00 is no time of its type
    let ends = ends.parse::<NaiveTime>().unwrap_or(NaiveTime::MIN);
    let date = exception.exception_date;
    let until = if ends <= starts { date + Days::new(1) } else { date };
    Some(Interval::new(zone.instant(date.and_time(starts)), zone.instant(until.and_time(ends))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendars(zone: &str, rules: &[(u8, &str, &str, Option<&str>)], exceptions: Vec<ExceptionRow>) -> Calendars {
        let rules = rules.iter().map(|(weekday, starts, ends, until)| RuleRow {
            resource_id: Uuid::nil(),
            weekday: *weekday,
            starts: (*starts).into(),
            ends: (*ends).into(),
            valid_from: None,
            valid_until: until.map(|date| date.parse().unwrap()),
        });
        let resource = ResourceRow { id: Uuid::nil(), kind: ResourceType::Room, tz: zone.into() };
        Calendars::new(vec![resource], rules.collect(), exceptions)
    }

    fn exception(is_available: bool, date: &str, window: Option<(&str, &str)>) -> ExceptionRow {
        ExceptionRow {
            resource_id: Some(Uuid::nil()),
            exception_date: date.parse().unwrap(),
            is_available,
            starts: window.map(|w| w.0.into()),
            ends: window.map(|w| w.1.into()),
        }
    }

    fn inside(calendars: &Calendars, start: &str, end: &str) -> bool {
        calendars.cover(Uuid::nil(), &[Uuid::nil()], &Interval::new(start.parse().unwrap(), end.parse().unwrap()))
    }

    #[test]
    fn hours_are_wall_time_on_both_sides_of_a_clock_change() {
        // Sundays; New York turned its clocks on 8 March 2026
        let sundays = calendars("America/New_York", &[(6, "09:00:00", "10:00:00", None)], Vec::new());
        assert!(inside(&sundays, "2026-03-01T14:00:00Z", "2026-03-01T15:00:00Z"));
        assert!(!inside(&sundays, "2026-03-01T13:00:00Z", "2026-03-01T14:00:00Z"));
        assert!(inside(&sundays, "2026-03-08T13:00:00Z", "2026-03-08T14:00:00Z"));
        assert!(!inside(&sundays, "2026-03-08T14:00:00Z", "2026-03-08T15:00:00Z"));
    }

    #[test]
    fn exceptions_and_seasons_change_single_dates() {
        // 1 June 2026 is a Monday
        let (start, end) = ("2026-06-01T09:00:00Z", "2026-06-01T10:00:00Z");
        let mondays = |until, exceptions| calendars("UTC", &[(0, "09:00:00", "17:00:00", until)], exceptions);
        assert!(inside(&mondays(None, vec![]), start, end));
        assert!(inside(&mondays(Some("2026-06-01"), vec![]), start, end));
        assert!(!inside(&mondays(Some("2026-05-31"), vec![]), start, end));
        let on = |is_available, window| vec![exception(is_available, "2026-06-01", window)];
        assert!(!inside(&mondays(None, on(false, None)), start, end));
        assert!(!inside(&mondays(None, on(false, Some(("09:30:00", "09:45:00")))), start, end));
        assert!(inside(&mondays(None, on(false, Some(("10:00:00", "24:00:00")))), start, end));
        assert!(!inside(&mondays(None, on(true, Some(("10:00:00", "12:00:00")))), start, end));
        assert!(inside(&mondays(None, on(true, None)), start, end));
    }

    #[test]
    fn a_room_beside_whom_the_customer_meets_needs_no_hours() {
        let (start, end) = ("2026-06-01T09:00:00Z".parse().unwrap(), "2026-06-01T10:00:00Z".parse().unwrap());
        let beside = |calendars: &Calendars| calendars.cover(Uuid::max(), &[Uuid::nil()], &Interval::new(start, end));
        assert!(beside(&calendars("UTC", &[], vec![])));
        assert!(!beside(&calendars("UTC", &[], vec![exception(false, "2026-06-01", None)])));
        assert!(!beside(&calendars("UTC", &[(1, "09:00:00", "17:00:00", None)], vec![])), "it has hours, and others");
    }

    #[test]
    fn windows_run_past_midnight_and_touch() {
        let nights = calendars("UTC", &[(0, "22:00:00", "00:00:00", None), (1, "00:00:00", "02:00:00", None)], vec![]);
        assert!(inside(&nights, "2026-06-01T23:00:00Z", "2026-06-02T01:00:00Z"));
        assert!(!inside(&nights, "2026-06-02T01:00:00Z", "2026-06-02T02:30:00Z"));
        assert!(!inside(&calendars("UTC", &[], vec![]), "2026-06-02T01:00:00Z", "2026-06-02T02:30:00Z"));
    }
}
