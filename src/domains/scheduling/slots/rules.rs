//! From rows to a search: pure, no IO, no clock.
//!
//! Hours of a date, in this order: a closure of the whole business or of the resource for the whole day
//! closes it; openings of the resource replace its weekly hours; else openings of the whole business do;
//! else the weekly rules that are valid on that date. Closures of part of a day are cut out of what is left.

use std::collections::BTreeSet;

use ::entity::enums::ResourceType;
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};
use uuid::Uuid;

use super::groups::{groups, units};
use super::limits::limits;
use super::query::{BusyRow, ExceptionRow, Found, ResourceRow, RuleRow, ServiceRow};
use crate::domains::scheduling::rules::{
    Assign, Busy, Grid, Hours, LOOK_BACK_DAYS, MAX_QUERY_DAYS, Override, ResourceCalendar, Rounding, Search,
    ServiceRules, WallTime, Weekdays, WeeklyWindow, Window,
};
use crate::kernel::interval::Interval;
use crate::kernel::zone::Zone;

/// On whose behalf: the front desk keeps no notice and no horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    Public,
    Staff,
}

/// What a search is for.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    pub now: DateTime<Utc>,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    pub service: &'a ServiceRow,
    pub audience: Audience,
    /// Seats wanted.
    pub party: u32,
    /// The one that was asked for.
    pub resource: Option<Uuid>,
    pub zone: &'a Zone,
    pub defaults: Defaults,
}

/// What the business says where the service says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Defaults {
    pub notice_min: u32,
    pub horizon_days: Option<u32>,
    pub interval_min: Option<u32>,
}

/// The search of a question over what was found. `resources` keep their order.
#[must_use]
pub fn search(question: &Question<'_>, found: &Found) -> Search {
    let service = question.service;
    let zones: Vec<Zone> = found.resources.iter().map(|resource| zone_of(resource, question.zone)).collect();
    let groups = groups(found, question.resource);
    let met = groups.first().and_then(|group| group.members.first()).and_then(|index| zones.get(*index));
    let anchor = met.unwrap_or(question.zone).clone();
    let rules = ServiceRules {
        interval_min: service.interval_min.or(question.defaults.interval_min),
        buffer_before_min: service.buffer_before_min,
        buffer_after_min: service.buffer_after_min,
        notice_min: notice(question),
        window: window(question),
        grid: grid(service, &anchor),
        // of an appointment there is one seat: a party never fits
        seats: (service.capacity > 1 || question.party > 1).then_some(service.capacity.max(1)),
        party: question.party,
        ..ServiceRules::lasting(service.duration_min)
    };
    let mut search = Search::new(question.now, question.from, question.to, rules);
    // the most dates that may be asked for last longer when a clock is put back among them
    search.max_days = MAX_QUERY_DAYS + 1;
    let back = Days::new(u64::from(LOOK_BACK_DAYS.unsigned_abs()) + 2);
    let dates = (question.from.date_naive() - back, question.to.date_naive() + Days::new(2));
    search.limits = limits(found, service, &anchor, &zones);
    search.resources = (found.resources.iter().zip(zones).enumerate())
        .map(|(index, (resource, zone))| {
            let mut calendar = calendar(resource, zone, found, service, dates);
            // a room or a machine without hours of its own is there whenever whom the customer meets is
            let met = groups.first().is_none_or(|need| need.members.contains(&index));
            if !met && !resource.has_hours && resource.kind != ResourceType::Staff {
                calendar.hours.weekly = vec![always()];
            }
            calendar.capacity = resource.capacity.max(1);
            calendar.wanted = Some(units(&groups, index, resource));
            calendar
        })
        .collect();
    search.assign = Assign::OneOfEach(groups.into_iter().map(|group| group.members).collect());
    search
}

fn zone_of(resource: &ResourceRow, tenant: &Zone) -> Zone {
    // names are checked when they are written; one that a newer database of zones dropped falls back
    resource.tz.as_deref().and_then(|name| Zone::parse(name).ok()).unwrap_or_else(|| tenant.clone())
}

fn notice(question: &Question<'_>) -> u32 {
    match question.audience {
        Audience::Staff => 0,
        Audience::Public if question.service.notice_min > 0 => question.service.notice_min,
        Audience::Public => question.defaults.notice_min,
    }
}

fn window(question: &Question<'_>) -> Window {
    match question.service.horizon_days.or(question.defaults.horizon_days) {
        Some(days) if question.audience == Audience::Public => Window::RollingDays { days, weekends: true, zone: None },
        _ => Window::Any,
    }
}

fn grid(service: &ServiceRow, zone: &Zone) -> Grid {
    use ::entity::enums::SlotGrid;
    match service.grid {
        SlotGrid::OpeningStart => Grid::OpeningStart,
        SlotGrid::FreeStart => Grid::FreeStart { align_min: 5, zone: zone.clone(), rounding: Rounding::Up },
        SlotGrid::WallClock => Grid::WallClock { zone: None },
    }
}

fn calendar(
    resource: &ResourceRow,
    zone: Zone,
    found: &Found,
    service: &ServiceRow,
    dates: (NaiveDate, NaiveDate),
) -> ResourceCalendar {
    let rules: Vec<&RuleRow> = found.rules.iter().filter(|rule| rule.resource_id == resource.id).collect();
    let concerns = |id: Option<Uuid>| id.is_none() || id == Some(resource.id);
    let exceptions: Vec<&ExceptionRow> = found.exceptions.iter().filter(|e| concerns(e.resource_id)).collect();
    let mut hours = Hours::new(zone.clone());
    hours.weekly = rules.iter().filter(|rule| endless(rule)).map(|rule| weekly(rule)).collect();
    hours.overrides = overrides(&rules, &exceptions, dates);
    let mut calendar = ResourceCalendar::new(hours);
    calendar.absences = exceptions.iter().filter(|e| !e.is_available).filter_map(|e| absence(e, &zone)).collect();
    calendar.busy = found
        .busy
        .iter()
        .filter(|busy| busy.resource_id == resource.id)
        .map(|row| busy(row, resource, service))
        .collect();
    calendar
}

pub(super) fn always() -> WeeklyWindow {
    WeeklyWindow { days: Weekdays::ALL, from: WallTime::MIDNIGHT, to: WallTime::END_OF_DAY }
}

fn endless(rule: &RuleRow) -> bool {
    rule.valid_from.is_none() && rule.valid_until.is_none()
}

fn weekly(rule: &RuleRow) -> WeeklyWindow {
    let (from, to) = bounds(&rule.starts, &rule.ends);
    WeeklyWindow { days: weekday(rule.weekday).into_iter().collect::<Weekdays>(), from, to }
}

fn weekday(number: u8) -> Option<Weekday> {
    Weekday::try_from(number).ok()
}

/// `00:00` as an end is the midnight after: `00:00` to `00:00` is the whole day.
fn bounds(starts: &str, ends: &str) -> (WallTime, WallTime) {
    let from = WallTime::parse(starts).unwrap_or(WallTime::MIDNIGHT);
    let to = WallTime::parse(ends).unwrap_or(WallTime::END_OF_DAY);
    (from, if to == WallTime::MIDNIGHT { WallTime::END_OF_DAY } else { to })
}

/// Dates whose hours are not simply the weekly ones: those with an exception, and all of them while some
/// rule begins or ends.
fn overrides(rules: &[&RuleRow], exceptions: &[&ExceptionRow], (first, last): (NaiveDate, NaiveDate)) -> Vec<Override> {
    let mut dates: BTreeSet<NaiveDate> =
        exceptions.iter().filter(|e| opens(e) || closes(e)).map(|e| e.exception_date).collect();
    if rules.iter().any(|rule| !endless(rule)) {
        dates.extend(first.iter_days().take_while(|date| *date <= last));
    }
    dates.into_iter().map(|date| Override { date, windows: windows_of(date, rules, exceptions) }).collect()
}

fn windows_of(date: NaiveDate, rules: &[&RuleRow], exceptions: &[&ExceptionRow]) -> Vec<(WallTime, WallTime)> {
    let today: Vec<&&ExceptionRow> = exceptions.iter().filter(|e| e.exception_date == date).collect();
    if today.iter().any(|e| closes(e)) {
        return Vec::new();
    }
    let openings = |own: bool| {
        today.iter().filter(move |e| opens(e) && e.resource_id.is_some() == own).map(|e| opening(e)).collect::<Vec<_>>()
    };
    let own = openings(true);
    let special = if own.is_empty() { openings(false) } else { own };
    if !special.is_empty() {
        return special;
    }
    let day = u8::try_from(date.weekday().num_days_from_monday()).unwrap_or(0);
    let valid = |rule: &&&RuleRow| {
        rule.valid_from.is_none_or(|from| from <= date) && rule.valid_until.is_none_or(|until| date <= until)
    };
    rules.iter().filter(|rule| rule.weekday == day).filter(valid).map(|rule| bounds(&rule.starts, &rule.ends)).collect()
}

fn opens(exception: &ExceptionRow) -> bool {
    exception.is_available
}

fn closes(exception: &ExceptionRow) -> bool {
    !exception.is_available && exception.starts.is_none()
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
    let time = |text: &str| text.parse::<chrono::NaiveTime>().ok();
    let starts = time(starts)?;
    let ends = time(ends).unwrap_or(chrono::NaiveTime::MIN);
    let until = if ends <= starts { exception.exception_date + Days::new(1) } else { exception.exception_date };
    Some(Interval::new(zone.instant(exception.exception_date.and_time(starts)), zone.instant(until.and_time(ends))))
}

/// A class is told by its own time, its buffers beside it, so that others may join it; so is an appointment
/// whose own time was asked for. Everything else is told by what it occupies.
fn busy(row: &BusyRow, resource: &ResourceRow, service: &ServiceRow) -> Busy {
    let class = row.class.as_ref();
    let bare = class.map(|class| (class.start_at, class.end_at)).or(row.bare.map(|bare| (bare.start_at, bare.end_at)));
    let same = class.filter(|class| class.service_id == service.id);
    // seats of the class that is asked for, else what is out of the resource
    let units = same.map_or_else(|| row.units.unwrap_or(resource.capacity.max(1)), |class| class.taken);
    let (start, end) = bare.unwrap_or((row.start_at, row.end_at));
    let minutes = |a: DateTime<Utc>, b: DateTime<Utc>| u32::try_from((b - a).num_minutes()).unwrap_or(0);
    Busy {
        buffer_before_min: minutes(row.start_at, start),
        buffer_after_min: minutes(end, row.end_at),
        units,
        same_service: same.is_some(),
        held: row.held,
        ..Busy::new(start, end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(weekday: u8, starts: &str, ends: &str, valid_until: Option<&str>) -> RuleRow {
        let valid_until = valid_until.map(|date| date.parse().unwrap());
        RuleRow {
            resource_id: Uuid::nil(),
            weekday,
            starts: starts.into(),
            ends: ends.into(),
            valid_from: None,
            valid_until,
        }
    }

    fn exception(own: bool, is_available: bool, window: Option<(&str, &str)>) -> ExceptionRow {
        ExceptionRow {
            resource_id: own.then(Uuid::nil),
            exception_date: "2026-06-01".parse().unwrap(),
            is_available,
            starts: window.map(|w| w.0.into()),
            ends: window.map(|w| w.1.into()),
        }
    }

    fn windows(rules: &[RuleRow], exceptions: &[ExceptionRow]) -> Vec<(WallTime, WallTime)> {
        let (rules, exceptions): (Vec<_>, Vec<_>) = (rules.iter().collect(), exceptions.iter().collect());
        windows_of("2026-06-01".parse().unwrap(), &rules, &exceptions)
    }

    fn at(from: &str, to: &str) -> (WallTime, WallTime) {
        (WallTime::parse(from).unwrap(), WallTime::parse(to).unwrap())
    }

    #[test]
    fn a_closure_wins_then_own_openings_then_those_of_the_business() {
        // 2026-06-01 is a Monday
        let monday = [rule(0, "09:00:00", "17:00:00", None)];
        let (ours, everybodys) = (
            exception(true, true, Some(("10:00:00", "12:00:00"))),
            exception(false, true, Some(("08:00:00", "20:00:00"))),
        );
        assert_eq!(windows(&monday, &[]), [at("09:00", "17:00")]);
        assert_eq!(windows(&monday, std::slice::from_ref(&everybodys)), [at("08:00", "20:00")]);
        assert_eq!(windows(&monday, &[everybodys.clone(), ours.clone()]), [at("10:00", "12:00")]);
        assert_eq!(windows(&monday, &[everybodys, ours, exception(false, false, None)]), []);
        assert_eq!(windows(&monday, &[exception(true, false, Some(("12:00:00", "13:00:00")))]), [at("09:00", "17:00")]);
    }

    #[test]
    fn rules_end_with_their_validity() {
        assert_eq!(windows(&[rule(0, "09:00:00", "24:00:00", Some("2026-06-01"))], &[]), [at("09:00", "24:00")]);
        assert_eq!(windows(&[rule(0, "09:00:00", "17:00:00", Some("2026-05-31"))], &[]), []);
        assert_eq!(windows(&[rule(1, "09:00:00", "17:00:00", None)], &[]), []);
    }
}
