//! The question "what is free?", its answer, and the check before a time is taken.

use std::fmt;

use chrono::{DateTime, Utc};

use super::{
    Secs,
    assign::Assign,
    ceil,
    explain::{Reason, explain},
    floor, instant,
    limit::Limit,
    plan::Plan,
    resource::ResourceCalendar,
    service::{Grid, ServiceRules},
};
use crate::kernel::interval::Interval;

/// A wider query is refused: a stranger must not be able to ask for a hundred years.
pub const MAX_QUERY_DAYS: i64 = 62;

/// A year.
const MAX_DURATION_MIN: u32 = 366 * 1_440;

#[derive(Clone, Debug)]
pub struct Search {
    pub now: DateTime<Utc>,
    /// Slots start in `[from, to)`.
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    /// Cuts the openings to the query before the grid is laid.
    pub clip_open: bool,
    /// Slots also end inside the query.
    pub ends_inside: bool,
    pub max_days: i64,
    pub service: ServiceRules,
    pub resources: Vec<ResourceCalendar>,
    pub assign: Assign,
    pub limits: Vec<Limit>,
}

impl Search {
    /// A search with the defaults of the house; the resources are still to be given.
    pub fn new(now: DateTime<Utc>, from: DateTime<Utc>, to: DateTime<Utc>, service: ServiceRules) -> Self {
        Self {
            now,
            from,
            to,
            clip_open: false,
            ends_inside: false,
            max_days: MAX_QUERY_DAYS,
            service,
            resources: Vec::new(),
            assign: Assign::One(0),
            limits: Vec::new(),
        }
    }

    pub(super) fn range(&self) -> Interval<Secs> {
        Interval::new(ceil(self.from), ceil(self.to))
    }

    pub(super) fn validate(&self) -> Result<(), Invalid> {
        let service = &self.service;
        if !(1..=MAX_DURATION_MIN).contains(&service.duration_min) || service.interval_min == Some(0) {
            return Err(Invalid::Duration);
        }
        if matches!(service.grid, Grid::FreeStart { align_min: 0, .. }) {
            return Err(Invalid::Alignment);
        }
        if (self.to - self.from).num_seconds() > self.max_days.saturating_mul(super::DAY) {
            return Err(Invalid::QueryTooLong { max_days: self.max_days });
        }
        let known = |resource: &usize| *resource < self.resources.len();
        let named = self.limits.iter().filter_map(|l| l.resource);
        if !self.assign.groups().iter().flatten().all(known) || !named.into_iter().all(|r| known(&r)) {
            return Err(Invalid::UnknownResource);
        }
        Ok(())
    }
}

/// A search that has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invalid {
    Duration,
    Alignment,
    QueryTooLong { max_days: i64 },
    UnknownResource,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duration => f.write_str("duration and interval must be from a minute to a year"),
            Self::Alignment => f.write_str("the alignment must be a minute or more"),
            Self::QueryTooLong { max_days } => write!(f, "the query is longer than {max_days} days"),
            Self::UnknownResource => f.write_str("a resource is named that the search does not hold"),
        }
    }
}

impl std::error::Error for Invalid {}

/// A time that can be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    /// Every resource that could serve, in the order of the groups.
    pub resources: Vec<u32>,
    /// Places left before this booking, for classes and pools.
    pub seats_left: Option<u32>,
}

/// A slot of a listing, borrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer<'a> {
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    pub resources: &'a [u32],
    pub seats_left: Option<u32>,
}

impl Offer<'_> {
    pub fn to_slot(self) -> Slot {
        let Offer { start, end, resources, seats_left } = self;
        Slot { start, end, resources: resources.to_vec(), seats_left }
    }
}

/// All slots of a search, in order of their starts.
#[derive(Debug, Default)]
pub struct Listing {
    pub(super) duration: Secs,
    pub(super) slots: Vec<Entry>,
    /// The resources of all slots, one slot after the other.
    pub(super) resources: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub start: Secs,
    pub resources: (u32, u32),
    pub seats_left: Option<u32>,
}

impl Listing {
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    pub fn starts(&self) -> impl ExactSizeIterator<Item = DateTime<Utc>> {
        self.slots.iter().map(|slot| instant(slot.start))
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = Offer<'_>> {
        self.slots.iter().map(|slot| Offer {
            start: instant(slot.start),
            end: instant(slot.start + self.duration),
            resources: self.resources.get(slot.resources.0 as usize..slot.resources.1 as usize).unwrap_or_default(),
            seats_left: slot.seats_left,
        })
    }
}

/// Lists what is free.
pub fn slots(search: &Search) -> Result<Listing, Invalid> {
    search.validate()?;
    Ok(Plan::new(search, search.range()).listing())
}

/// Whether `start` can be taken: the listing of that one second, whatever the search's own query.
pub fn check(search: &Search, start: DateTime<Utc>) -> Result<Slot, Reason> {
    let at = floor(start);
    let invalid = |cause| Reason::Invalid(cause);
    search.validate().map_err(invalid)?;
    let listing = Plan::new(search, Interval::new(at, at + 1)).listing();
    match listing.iter().find(|offer| offer.start == start) {
        Some(offer) => Ok(offer.to_slot()),
        None => Err(explain(search, start).into_iter().next().unwrap_or(Reason::OffGrid)),
    }
}
