//! Why a time is not offered.

use chrono::{DateTime, Utc};

use super::{
    DAY, Secs,
    assign::distinct,
    floor, instant, outer,
    plan::Plan,
    resource::ResourceCalendar,
    search::{Invalid, Search},
};
use crate::kernel::interval::Interval;

/// `resource` and `busy` are places in the search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The question itself cannot be answered.
    Invalid(Invalid),
    /// Too soon; from this instant on the notice is kept.
    Notice {
        earliest: DateTime<Utc>,
    },
    /// Too far ahead, or before the dates on sale.
    Window,
    /// Ends after the query, where slots must end inside.
    Query,
    /// A limit per day, week, month or year is reached.
    Limit {
        limit: usize,
    },
    /// Outside the weekly hours.
    Closed {
        resource: usize,
    },
    /// Other hours hold on that date, or the resource is absent.
    Exception {
        resource: usize,
    },
    Booked {
        resource: usize,
        busy: usize,
    },
    /// The booking itself leaves the time free, the buffers do not.
    Buffer {
        resource: usize,
        busy: usize,
    },
    /// Somebody is about to book it.
    Held {
        resource: usize,
        busy: usize,
    },
    /// Blocked by an outside calendar.
    Outside {
        resource: usize,
        busy: usize,
    },
    /// Not enough seats or units are left.
    Capacity {
        resource: usize,
    },
    /// One resource is free for two tasks, and can do only one of them.
    Shared,
    /// Free, but no start of the grid.
    OffGrid,
}

/// Every reason that keeps a start from being offered; none means that it is offered.
pub fn explain(search: &Search, start: DateTime<Utc>) -> Vec<Reason> {
    if let Err(invalid) = search.validate() {
        return vec![Reason::Invalid(invalid)];
    }
    let at = floor(start);
    let plan = Plan::new(search, Interval::new(at, at + 1));
    let mut reasons = Vec::new();
    if at < plan.earliest {
        reasons.push(Reason::Notice { earliest: instant(plan.earliest) });
    }
    if !plan.window.contains(at) {
        reasons.push(Reason::Window);
    }
    if !plan.ends_inside(at) {
        reasons.push(Reason::Query);
    }
    reasons.extend(limits(search, &plan, at, None));
    let mut lacking = false;
    for group in &plan.groups {
        if !group.iter().any(|&r| plan.serves(r, at)) {
            lacking = true;
            group.iter().for_each(|&r| resource(search, &plan, r, at, &mut reasons));
        }
    }
    if !lacking && distinct(&plan.groups, &|r| plan.serves(r, at)).is_none() {
        reasons.push(Reason::Shared);
    }
    // the limit lets only a class go on that somebody else gives
    if reasons.is_empty() && !plan.groups.iter().all(|group| group.iter().any(|&r| plan.joins(r, at))) {
        let whole = search.limits.iter().position(|limit| limit.resource.is_none());
        reasons.extend(whole.map(|limit| Reason::Limit { limit }));
    }
    // in a grid of free stretches what is taken, or too soon, has no starts either
    if reasons.is_empty() && (!plan.on_grid(at) || instant(at) != start) {
        reasons.push(Reason::OffGrid);
    }
    reasons
}

fn limits(search: &Search, plan: &Plan<'_>, at: Secs, of: Option<usize>) -> Vec<Reason> {
    let own = search.limits.iter().zip(&plan.limits).enumerate().filter(|(_, (limit, _))| limit.resource == of);
    own.filter(|(_, (limit, table))| !plan.permits(limit, table, at))
        .map(|(limit, _)| Reason::Limit { limit })
        .collect()
}

fn resource(search: &Search, plan: &Plan<'_>, resource: usize, at: Secs, reasons: &mut Vec<Reason>) {
    let calendar = &search.resources[resource];
    let before = reasons.len();
    if !plan.ready[resource].open.covers(&plan.time(at)) {
        let replaced = dates(calendar, plan.time(at)).any(|date| calendar.hours.has_override(date));
        reasons.push(if replaced { Reason::Exception { resource } } else { Reason::Closed { resource } });
    }
    if calendar.absences.iter().any(|a| outer(a).overlaps(&plan.time(at))) {
        reasons.push(Reason::Exception { resource });
    }
    reasons.extend(limits(search, plan, at, Some(resource)));
    busy(search, plan, resource, at, reasons);
    if reasons.len() == before {
        reasons.push(Reason::Capacity { resource });
    }
}

fn busy(search: &Search, plan: &Plan<'_>, resource: usize, at: Secs, reasons: &mut Vec<Reason>) {
    let calendar = &search.resources[resource];
    let (time, occupied) = (plan.time(at), plan.occupied(at));
    for (busy, taken) in calendar.busy.iter().enumerate() {
        let same_class = search.service.seats.is_some() && taken.same_service && taken.bare() == time;
        if !taken.occupied().overlaps(&occupied) || calendar.capacity > 1 || same_class {
            continue; // shared places: what counts is how many are left
        }
        reasons.push(match taken {
            b if b.held => Reason::Held { resource, busy },
            b if b.outside => Reason::Outside { resource, busy },
            b if b.bare().overlaps(&time) => Reason::Booked { resource, busy },
            _ => Reason::Buffer { resource, busy },
        });
    }
}

/// The local dates that a slot touches, and the one before, whose hours may run past midnight.
fn dates(calendar: &ResourceCalendar, time: Interval<Secs>) -> impl Iterator<Item = chrono::NaiveDate> {
    let date = |at: Secs| calendar.hours.zone.date(instant(at));
    let last = date(time.end - 1);
    date(time.start - DAY / 2).iter_days().take_while(move |d| *d <= last)
}
