//! One resource's calendar, and what of it is free for a service.

use chrono::{DateTime, Utc};

use super::{
    Secs,
    hours::Hours,
    minutes, outer,
    pool::{Use, crowded, peak},
    service::ServiceRules,
    window::ALWAYS,
};
use crate::kernel::interval::{Interval, Set};

/// Something that takes time of a resource: a booking, a hold, an event of an outside calendar.
#[derive(Clone, Debug)]
pub struct Busy {
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    pub buffer_before_min: u32,
    pub buffer_after_min: u32,
    /// Seats of a class or units of a pooled resource.
    pub units: u32,
    /// A booking of the very service that is asked for, whose seats may be shared.
    pub same_service: bool,
    /// From an outside calendar; only the explanation differs.
    pub outside: bool,
    /// Held for somebody who is about to book it; only the explanation differs.
    pub held: bool,
}

impl Busy {
    pub fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Self {
        let (units, same_service, outside, held) = (1, false, false, false);
        Self { start, end, buffer_before_min: 0, buffer_after_min: 0, units, same_service, outside, held }
    }

    pub(super) fn occupied(&self) -> Interval<Secs> {
        let bare = self.bare();
        Interval::new(bare.start - minutes(self.buffer_before_min), bare.end + minutes(self.buffer_after_min))
    }

    pub(super) fn bare(&self) -> Interval<Secs> {
        outer(&Interval::new(self.start, self.end))
    }
}

#[derive(Clone, Debug)]
pub struct ResourceCalendar {
    pub hours: Hours,
    /// Each of these cuts the hours further: a service's own hours, an outer schedule.
    pub restrict_to: Vec<Hours>,
    pub absences: Vec<Interval<DateTime<Utc>>>,
    pub busy: Vec<Busy>,
    /// Units that may be out at the same time; 1 is a person or a room.
    pub capacity: u32,
    /// Units that the booking takes of this one; its party when not given.
    pub wanted: Option<u32>,
}

impl ResourceCalendar {
    pub fn new(hours: Hours) -> Self {
        Self { hours, restrict_to: Vec::new(), absences: Vec::new(), busy: Vec::new(), capacity: 1, wanted: None }
    }
}

/// Bookings of one class at one time, with seats left.
#[derive(Debug)]
pub(super) struct Class {
    time: Interval<Secs>,
    occupied: Interval<Secs>,
    taken: u32,
}

/// A calendar made ready for one service and one stretch of time.
#[derive(Debug)]
pub(super) struct Ready {
    /// Opening hours alone: what the grid steps from.
    pub open: Set<Secs>,
    /// Where a slot may lie whole, the service's own buffers already taken off around bookings.
    pub free: Set<Secs>,
    classes: Vec<Class>,
    uses: Vec<Use>,
    /// What is told to be left of a pool: nothing of one that is taken in portions of its own.
    capacity: u32,
}

impl Ready {
    pub fn new(
        calendar: &ResourceCalendar,
        service: &ServiceRules,
        range: Interval<Secs>,
        clip: Option<Interval<Secs>>,
    ) -> Self {
        let mut open = calendar.hours.expand(range);
        for outer in &calendar.restrict_to {
            open = open.intersect(&outer.expand(range));
        }
        if let Some(clip) = clip {
            open = open.intersect(&Set::of(clip));
        }
        let (classes, full) = classes(calendar, service);
        let joinable = |b: &Busy| service.seats.is_some() && b.same_service;
        let others = calendar.busy.iter().filter(|b| !joinable(b));
        let mut uses = Vec::new();
        let taken: Set<Secs> = if calendar.capacity > 1 {
            uses = others.map(|b| Use { time: b.occupied(), units: b.units }).collect();
            crowded(&uses, calendar.capacity, calendar.wanted.unwrap_or(service.party))
        } else {
            others.map(Busy::occupied).filter(|o| !o.is_empty()).collect()
        };
        let (before, after) = (minutes(service.buffer_before_min), minutes(service.buffer_after_min));
        let padded = |o: &Interval<Secs>| Interval::new(o.start.saturating_sub(after), o.end.saturating_add(before));
        let blocked: Set<Secs> =
            taken.iter().chain(&full).map(padded).chain(calendar.absences.iter().map(outer)).collect();
        let capacity = if calendar.wanted.is_some() { 1 } else { calendar.capacity };
        Self { free: open.subtract(&blocked), open, classes, uses, capacity }
    }

    /// Whether the classes booked already let one of this time in: it joins one exactly, or meets none.
    pub fn joins(&self, time: Interval<Secs>, occupied: Interval<Secs>) -> bool {
        self.classes.iter().all(|c| c.time == time || !c.occupied.overlaps(&occupied))
    }

    /// Places that remain at a time before this booking; `None` where there is only one.
    pub fn left(&self, time: Interval<Secs>, occupied: Interval<Secs>, seats: Option<u32>) -> Option<u32> {
        if let Some(seats) = seats {
            let taken = self.classes.iter().find(|c| c.time == time).map_or(0, |c| c.taken);
            return Some(seats.saturating_sub(taken));
        }
        (self.capacity > 1).then(|| self.capacity.saturating_sub(peak(&self.uses, occupied)))
    }

    /// Whether a class of this very time has seats here.
    pub fn has_class(&self, time: Interval<Secs>) -> bool {
        self.classes.iter().any(|class| class.time == time)
    }

    pub fn has_classes(&self) -> bool {
        !self.classes.is_empty()
    }
}

/// Classes that the party may still join, and the time of those that it may not.
fn classes(calendar: &ResourceCalendar, service: &ServiceRules) -> (Vec<Class>, Vec<Interval<Secs>>) {
    let Some(seats) = service.seats else { return Default::default() };
    if service.party > seats {
        return (Vec::new(), vec![ALWAYS]);
    }
    let mut all: Vec<Class> = Vec::new();
    for busy in calendar.busy.iter().filter(|b| b.same_service && !b.occupied().is_empty()) {
        let (time, occupied) = (busy.bare(), busy.occupied());
        if let Some(same) = all.iter_mut().find(|c| c.time == time) {
            same.taken = same.taken.saturating_add(busy.units);
        } else {
            all.push(Class { time, occupied, taken: busy.units });
        }
    }
    let (open, full): (Vec<_>, Vec<_>) = all.into_iter().partition(|c| c.taken.saturating_add(service.party) <= seats);
    (open, full.into_iter().map(|c| c.occupied).collect())
}
