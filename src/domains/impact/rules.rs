//! Whether a booking lies inside the hours of its resources, and has what its service needs: pure, no IO, no clock.
//! Hours are what the listing of free times takes them for: the same rules say so.

use std::collections::{BTreeMap, HashMap};

use ::entity::enums::ResourceType;
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::domains::scheduling::rules::{ExceptionRow, Hours, RuleRow, dated, distinct};
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
    /// How many of it there are.
    pub capacity: u64,
}

/// The hours of several resources.
pub struct Calendars(HashMap<Uuid, Calendar>);

/// The hours of one resource.
struct Calendar {
    kind: ResourceType,
    capacity: u64,
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
            (row.id, Calendar { kind: row.kind, capacity: row.capacity, zone, rules, exceptions: dates })
        };
        Self(resources.into_iter().map(calendar).collect())
    }

    /// Whether a stretch of time lies inside the hours of each of these resources, of which the customer meets one.
    pub fn cover(&self, met: Uuid, resources: &[Uuid], stretch: &Interval<DateTime<Utc>>) -> bool {
        resources.iter().all(|id| self.0.get(id).is_some_and(|calendar| calendar.covers(*id == met, stretch)))
    }
}

impl Calendars {
    /// Minutes of a stretch of time in which each resource is open, those of all its units; without a place for what has no
    /// hours of its own.
    pub fn minutes(&self, stretch: &Interval<DateTime<Utc>>) -> HashMap<Uuid, u64> {
        let own =
            self.0.iter().filter(|(_, calendar)| !calendar.rules.is_empty() || calendar.kind == ResourceType::Staff);
        own.map(|(id, calendar)| (*id, calendar.minutes(stretch))).collect()
    }
}

impl Calendar {
    fn minutes(&self, stretch: &Interval<DateTime<Utc>>) -> u64 {
        let (hours, absences) = self.dated(stretch, false);
        hours.minutes(stretch, &absences).saturating_mul(self.capacity)
    }

    fn covers(&self, met: bool, stretch: &Interval<DateTime<Utc>>) -> bool {
        // a room or a machine without hours of its own is there whenever whom the customer meets is
        let open = !met && self.rules.is_empty() && self.kind != ResourceType::Staff;
        let (hours, absences) = self.dated(stretch, open);
        let absent = absences.iter().any(|absence| absence.overlaps(stretch));
        !absent && hours.covers(stretch)
    }

    /// Hours and absences around a stretch of time.
    fn dated(&self, stretch: &Interval<DateTime<Utc>>, open: bool) -> (Hours, Vec<Interval<DateTime<Utc>>>) {
        let (first, last) =
            (stretch.start.date_naive() - Days::new(AROUND), stretch.end.date_naive() + Days::new(AROUND));
        let rules: Vec<&RuleRow> = self.rules.iter().collect();
        let near: Vec<&ExceptionRow> = self.exceptions.range(first..=last).flat_map(|(_, today)| today).collect();
        dated(&self.zone, &rules, &near, (first, last), open)
    }
}

/// One group of what a service needs.
#[derive(Clone, Debug, Deserialize)]
pub struct GroupRow {
    pub members: Vec<Uuid>,
    /// So many of them at once.
    pub count: usize,
}

/// What a service needs.
pub struct Needs(Vec<GroupRow>);

impl Needs {
    pub fn new(groups: Vec<GroupRow>) -> Self {
        Self(groups)
    }

    /// Whether somebody of these serves each need, all of them different. What nobody gives is served by nobody.
    pub fn met_by(&self, resources: &[Uuid]) -> bool {
        let could = |group: &GroupRow| -> Vec<usize> {
            resources.iter().enumerate().filter(|(_, id)| group.members.contains(id)).map(|(place, _)| place).collect()
        };
        let places: Vec<Vec<usize>> =
            self.0.iter().flat_map(|group| std::iter::repeat_n(could(group), group.count)).collect();
        !places.is_empty() && distinct(&places, &|_| true).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_booking_has_what_is_needed_when_each_place_is_somebody_elses() {
        let id = Uuid::from_u128;
        let group = |members: &[u128], count| GroupRow { members: members.iter().map(|n| id(*n)).collect(), count };
        let met = |groups: Vec<GroupRow>, resources: &[u128]| {
            Needs::new(groups).met_by(&resources.iter().map(|n| id(*n)).collect::<Vec<_>>())
        };
        assert!(met(vec![group(&[1, 2], 1)], &[2]) && !met(vec![group(&[1], 1)], &[2]));
        assert!(met(vec![group(&[1, 2], 2)], &[1, 2]) && !met(vec![group(&[1, 2], 2)], &[1]));
        assert!(met(vec![group(&[1, 2], 1), group(&[1], 1)], &[1, 2]), "2 serves the first, so that 1 is left");
        assert!(met(vec![group(&[1], 1)], &[1, 3]), "what it has beside that harms nobody");
        assert!(!met(vec![], &[1]), "nobody gives it any more");
    }

    fn calendars(zone: &str, rules: &[(u8, &str, &str, Option<&str>)], exceptions: Vec<ExceptionRow>) -> Calendars {
        let rules = rules.iter().map(|(weekday, starts, ends, until)| RuleRow {
            resource_id: Uuid::nil(),
            weekday: *weekday,
            starts: (*starts).into(),
            ends: (*ends).into(),
            valid_from: None,
            valid_until: until.map(|date| date.parse().unwrap()),
        });
        let resource = ResourceRow { id: Uuid::nil(), kind: ResourceType::Room, tz: zone.into(), capacity: 1 };
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
