//! Resources of a case: hours, absences, bookings.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Answered, Refusal, case,
    members::refuse,
    text::{Moment, wall_time, weekdays, zone, zone_or},
};
use crate::{
    domains::scheduling::rules::{Busy, Hours, Override, ResourceCalendar, WeeklyWindow, ZonePeriod},
    kernel::{interval::Interval, zone::Zone},
};

pub fn resource(given: case::Resource, tenant: &Zone, now: DateTime<Utc>) -> Answered<ResourceCalendar> {
    let given = given.hours;
    let own = zone_or(given.timezone.as_deref(), tenant)?;
    let mut calendar = ResourceCalendar::new(hours("resources", &given, &own)?);
    for outer in &given.restrict_to {
        let inner_parts = outer.restrict_to.len() + outer.busy.len() + outer.absences.len();
        if inner_parts > 0 || outer.capacity.is_some() {
            return Err(Refusal::Unsupported("restrict_to with more than hours".to_owned()));
        }
        calendar.restrict_to.push(hours("restrict_to", outer, &own)?);
    }
    for given in given.absences {
        refuse("absences", &given.rest)?;
        let end = given.end.unwrap_or(given.start);
        calendar.absences.push(Interval::new(given.start.start(&own), end.end(&own)));
    }
    for given in given.busy {
        refuse("busy", &given.rest)?;
        if blocks(&given, now) {
            calendar.busy.push(busy(&given));
        }
    }
    calendar.capacity = given.capacity.unwrap_or(1);
    Ok(calendar)
}

fn hours(place: &str, given: &case::Hours, other: &Zone) -> Answered<Hours> {
    refuse(place, &given.rest)?;
    let mut hours = Hours::new(zone_or(given.timezone.as_deref(), other)?);
    hours.open = given.open.iter().map(|&range| range.into()).collect();
    for window in &given.weekly {
        refuse("weekly", &window.rest)?;
        let (from, to) = (wall_time(&window.from)?, wall_time(&window.to)?);
        hours.weekly.push(WeeklyWindow { days: weekdays(&window.days)?, from, to });
    }
    for given in &given.overrides {
        refuse("overrides", &given.rest)?;
        let windows = given.intervals.iter().map(|t| Ok((wall_time(&t.from)?, wall_time(&t.to)?)));
        hours.overrides.push(Override { date: given.date, windows: windows.collect::<Answered<_>>()? });
    }
    for given in &given.timezone_periods {
        refuse("timezone_periods", &given.rest)?;
        let zone = zone(&given.timezone)?;
        let first = given.from.map_or(NaiveDate::MIN, |from| first_date(from, &hours.zone));
        let last = given.to.map(|to| last_date(to, &hours.zone));
        hours.zone_periods.push(ZonePeriod { first, last, zone });
    }
    Ok(hours)
}

/// The first date that begins at a moment or later.
fn first_date(moment: Moment, zone: &Zone) -> NaiveDate {
    match moment {
        Moment::Date(date) => date,
        Moment::At(at) => {
            let date = zone.date(at);
            if zone.midnight(date) < at { date.succ_opt().unwrap_or(date) } else { date }
        }
    }
}

/// The last date that begins before a moment.
fn last_date(moment: Moment, zone: &Zone) -> NaiveDate {
    match moment {
        Moment::Date(date) => date,
        Moment::At(at) => {
            let date = zone.date(at);
            if zone.midnight(date) < at { date } else { date.pred_opt().unwrap_or(date) }
        }
    }
}

/// A booking that was given up, and a hold that ran out, leave their time free.
fn blocks(given: &case::Busy, now: DateTime<Utc>) -> bool {
    let gone = ["cancelled", "canceled", "declined", "rejected", "expired", "released", "rescheduled", "failed"];
    let status = given.status.as_deref().unwrap_or_default();
    let expired = given.expires_at.is_some_and(|at| at <= now);
    given.blocks.unwrap_or(true) && !gone.contains(&status) && !expired
}

fn busy(given: &case::Busy) -> Busy {
    Busy {
        buffer_before_min: given.buffer_before_min.unwrap_or(0),
        buffer_after_min: given.buffer_after_min.unwrap_or(0),
        units: given.seats_taken.unwrap_or(1),
        same_service: given.same_service,
        outside: given.origin.as_deref() == Some("external"),
        ..Busy::new(given.start, given.end)
    }
}
