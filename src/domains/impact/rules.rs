//! Whether a booking lies inside the hours of its resources: pure, no IO, no clock.
//! Hours are what the listing of free times takes them for: the same rules say so.

use std::collections::{BTreeMap, HashMap};

use ::entity::enums::ResourceType;
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::domains::scheduling::rules::{ExceptionRow, RuleRow, dated};
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
        // a room or a machine without hours of its own is there whenever whom the customer meets is
        let open = !met && self.rules.is_empty() && self.kind != ResourceType::Staff;
        let rules: Vec<&RuleRow> = self.rules.iter().collect();
        let near: Vec<&ExceptionRow> = self.exceptions.range(first..=last).flat_map(|(_, today)| today).collect();
        let (hours, absences) = dated(&self.zone, &rules, &near, (first, last), open);
        let absent = absences.iter().any(|absence| absence.overlaps(stretch));
        !absent && hours.covers(stretch)
    }
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
