//! A search made ready: everything is turned into sorted intervals once, then one pass lists.

use std::{borrow::Cow, collections::BTreeSet};

use chrono::NaiveDate;

use super::{
    DAY, MINUTE, Secs,
    assign::{disjoint, distinct},
    ceil, ceil_to, floor,
    grid::{LOOK_BACK, Run, Steps, runs},
    limit::{Limit, Table},
    minutes, outer,
    resource::Ready,
    search::{Entry, Listing, Search},
    service::Grid,
    window::{ALWAYS, Window},
};
use crate::kernel::{
    interval::{Interval, Set},
    zone::Zone,
};

pub(super) struct Plan<'a> {
    search: &'a Search,
    pub range: Interval<Secs>,
    steps: Steps,
    /// First start that the notice allows.
    pub earliest: Secs,
    pub window: Interval<Secs>,
    pub groups: Vec<Vec<usize>>,
    disjoint: bool,
    pub ready: Vec<Ready>,
    pub limits: Vec<Table>,
    runs: Vec<Run>,
    zone: Zone,
}

impl<'a> Plan<'a> {
    /// The search must be valid; `range` takes the place of its query.
    pub fn new(search: &'a Search, range: Interval<Secs>) -> Self {
        Self::with_window(search, &search.service.window, range)
    }

    fn with_window(search: &'a Search, window: &Window, range: Interval<Secs>) -> Self {
        let service = &search.service;
        let duration = minutes(service.duration_min);
        let step = service.interval_min.map_or(duration, minutes);
        let steps = Steps { step, offset: minutes(service.offset_min), duration };
        let now = ceil_to(ceil(search.now), MINUTE);
        let zone = first_zone(search);
        let window = window.range(search.now, &zone, |zone, until| bookable_dates(search, now, zone, until));

        let clip = search.clip_open.then(|| search.range());
        let needed = Interval::new(range.start - LOOK_BACK, range.end + duration + DAY);
        let ready: Vec<_> = search.resources.iter().map(|r| Ready::new(r, service, needed, clip)).collect();
        let touched = Interval::new(range.start, range.end + duration);
        let limits = search.limits.iter().map(|limit| Table::new(limit, touched)).collect();

        let groups = search.assign.groups();
        let earliest = now + minutes(service.notice_min);
        let base = match service.grid {
            Grid::OpeningStart | Grid::WallClock { .. } => combine(&groups, &ready, |r| &r.open),
            Grid::FreeStart { .. } => {
                let soonest = Interval::new(earliest, ALWAYS.end);
                combine(&groups, &ready, |r| &r.free).intersect(&Set::of(soonest))
            }
        };
        let week = (!search.clip_open).then_some(&zone);
        let runs = runs(&base, &service.grid, &steps, week);
        Self { search, range, steps, earliest, window, disjoint: disjoint(&groups), groups, ready, limits, runs, zone }
    }

    pub fn listing(&self) -> Listing {
        let mut listing = Listing { duration: self.steps.duration, ..Listing::default() };
        let mut cursors = vec![0; self.ready.len()];
        let soonest = Interval::new(self.earliest, ALWAYS.end);
        let within = self.range.intersect(&self.window).intersect(&soonest);
        let first = self.runs.partition_point(|run| run.time.end <= within.start);
        for run in self.runs[first..].iter().take_while(|run| run.time.start < within.end) {
            run.starts(within, &self.search.service.grid, &self.steps, &self.zone, |at| {
                self.offer(at, &mut cursors, &mut listing);
            });
        }
        listing
    }

    pub fn time(&self, start: Secs) -> Interval<Secs> {
        Interval::new(start, start + self.steps.duration)
    }

    pub fn occupied(&self, start: Secs) -> Interval<Secs> {
        let service = &self.search.service;
        let time = self.time(start);
        Interval::new(time.start - minutes(service.buffer_before_min), time.end + minutes(service.buffer_after_min))
    }

    pub fn ends_inside(&self, start: Secs) -> bool {
        !self.search.ends_inside || start + self.steps.duration <= floor(self.search.to)
    }

    /// Whether the limits let a booking be; those of one resource count for it alone. A class counts once: whoever
    /// joins one that counts already adds nothing.
    pub fn allowed(&self, start: Secs, resource: Option<usize>) -> bool {
        let mut own = self.search.limits.iter().zip(&self.limits).filter(|(limit, _)| limit.resource == resource);
        own.all(|(limit, table)| self.permits(limit, table, start))
    }

    /// Whether a resource may serve under the limits of the whole search: where they let no other begin, only a class
    /// that counts already is joined.
    pub fn joins(&self, resource: usize, start: Secs) -> bool {
        if self.limits.is_empty() || self.ready[resource].has_class(self.time(start)) {
            return true;
        }
        let mut whole = self.search.limits.iter().zip(&self.limits).filter(|(limit, _)| limit.resource.is_none());
        whole.all(|(_, table)| table.allows(self.time(start)))
    }

    pub fn permits(&self, limit: &Limit, table: &Table, start: Secs) -> bool {
        let time = self.time(start);
        let joins = || self.search.service.seats.is_some() && limit.counted.iter().any(|c| outer(c) == time);
        table.allows(time) || joins()
    }

    /// Whether a resource can serve at a start, apart from what holds for the whole search.
    pub fn serves(&self, resource: usize, start: Secs) -> bool {
        self.ready[resource].free.covers(&self.time(start)) && self.admits(resource, start)
    }

    /// What is left to ask once the time is known to be free.
    fn admits(&self, resource: usize, start: Secs) -> bool {
        let ready = &self.ready[resource];
        (!ready.has_classes() || ready.joins(self.time(start), self.occupied(start)))
            && (self.limits.is_empty() || self.allowed(start, Some(resource)))
    }

    fn offer(&self, start: Secs, cursors: &mut [usize], listing: &mut Listing) {
        if !self.ends_inside(start) || !self.limits.is_empty() && !self.allowed(start, None) {
            return;
        }
        let begin = listing.resources.len();
        let end = start + self.steps.duration;
        for group in &self.groups {
            let before = listing.resources.len();
            for &resource in group {
                let free = self.ready[resource].free.as_slice();
                let cursor = &mut cursors[resource];
                while free.get(*cursor).is_some_and(|f| f.end < end) {
                    *cursor += 1;
                }
                if free.get(*cursor).is_some_and(|f| f.start <= start)
                    && self.admits(resource, start)
                    && self.joins(resource, start)
                {
                    listing.resources.push(resource as u32);
                }
            }
            if listing.resources.len() == before {
                listing.resources.truncate(begin);
                return;
            }
        }
        if !self.disjoint && !self.settle(begin, listing) {
            return;
        }
        let resources = (begin as u32, listing.resources.len() as u32);
        listing.slots.push(Entry { start, resources, seats_left: self.seats_left(start) });
    }

    /// Groups that share resources: they need different ones, and each is named once.
    fn settle(&self, begin: usize, listing: &mut Listing) -> bool {
        let free = &listing.resources[begin..];
        let settled = distinct(&self.groups, &|r| free.contains(&(r as u32))).is_some();
        if settled {
            let mut free = listing.resources.split_off(begin);
            free.sort_unstable();
            free.dedup();
            listing.resources.append(&mut free);
        } else {
            listing.resources.truncate(begin);
        }
        settled
    }

    /// The most that one resource of each group has left, over the groups the least.
    fn seats_left(&self, start: Secs) -> Option<u32> {
        let seats = self.search.service.seats;
        if seats.is_none() && self.search.resources.iter().all(|r| r.capacity <= 1 || r.wanted.is_some()) {
            return None;
        }
        let (time, occupied) = (self.time(start), self.occupied(start));
        let serving = |group: &'_ Vec<usize>| {
            let here = group.iter().filter(|&&r| self.serves(r, start));
            here.filter_map(|&r| self.ready[r].left(time, occupied, seats)).max()
        };
        self.groups.iter().filter_map(serving).min()
    }

    /// Whether a start is where the grid puts one.
    pub fn on_grid(&self, start: Secs) -> bool {
        let mut found = false;
        let second = Interval::new(start, start + 1);
        for run in &self.runs {
            run.starts(second, &self.search.service.grid, &self.steps, &self.zone, |_| found = true);
        }
        found
    }
}

fn first_zone(search: &Search) -> Zone {
    let first = search.assign.groups().into_iter().flatten().next();
    first.and_then(|r| search.resources.get(r)).map_or_else(Zone::utc, |r| r.hours.zone.clone())
}

/// Dates that have a free time from now on, were there no window.
fn bookable_dates(search: &Search, now: Secs, zone: &Zone, until: NaiveDate) -> BTreeSet<NaiveDate> {
    let range = Interval::new(now, floor(zone.midnight(until)));
    let listing = Plan::with_window(search, &Window::Any, range).listing();
    listing.starts().map(|start| zone.date(start)).collect()
}

/// Time at which every group has somebody: over the groups the common part, within a group the union.
fn combine<'r>(groups: &[Vec<usize>], ready: &'r [Ready], of: impl Fn(&'r Ready) -> &'r Set<Secs>) -> Set<Secs> {
    let union = |group: &Vec<usize>| -> Cow<'r, Set<Secs>> {
        match group.as_slice() {
            [one] => Cow::Borrowed(of(&ready[*one])),
            many => Cow::Owned(many.iter().flat_map(|&r| of(&ready[r]).iter().copied()).collect()),
        }
    };
    let common = groups.iter().map(union).reduce(|all, next| Cow::Owned(all.intersect(&next)));
    common.map(Cow::into_owned).unwrap_or_default()
}
