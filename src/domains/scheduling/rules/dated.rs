//! Hours as a business writes them, as the engine takes them: weekly rules with their validity, and dated exceptions.
//!
//! Hours of a date, in this order: a closure of the whole business or of the resource for the whole day
//! closes it; openings of the resource replace its weekly hours; else openings of the whole business do;
//! else the weekly rules that are valid on that date. Closures of part of a day are cut out of what is left.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};
use serde::Deserialize;
use uuid::Uuid;

use super::hours::{Hours, Override, WallTime, Weekdays, WeeklyWindow};
use crate::kernel::interval::Interval;
use crate::kernel::zone::Zone;

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

/// Hours as they are written, as the engine takes them, and the absences: rules and exceptions are those of one resource
/// and of the whole business. `dates` are those that the answer must hold for, `open` is open around the clock beside.
#[must_use]
pub fn dated(
    zone: &Zone,
    rules: &[&RuleRow],
    exceptions: &[&ExceptionRow],
    dates: (NaiveDate, NaiveDate),
    open: bool,
) -> (Hours, Vec<Interval<DateTime<Utc>>>) {
    let mut hours = Hours::new(zone.clone());
    hours.weekly = rules.iter().filter(|rule| endless(rule)).map(|rule| weekly(rule)).collect();
    hours.weekly.extend(open.then(always));
    hours.overrides = overrides(rules, exceptions, dates);
    let absences = exceptions.iter().filter(|e| !e.is_available).filter_map(|e| absence(e, zone)).collect();
    (hours, absences)
}

/// Open around the clock.
#[must_use]
pub fn always() -> WeeklyWindow {
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
