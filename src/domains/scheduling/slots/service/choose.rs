//! Who and what serves a start: for each need of the service the free one whose turn it is, all of them different.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Board, invalid};
use crate::domains::scheduling::rules::{Grid, Offer, Reason, Search, ServiceRules, Window, always, check, distinct};
use crate::domains::scheduling::slots::dto::SlotOffer;
use crate::domains::scheduling::slots::query::ResourceRow;
use crate::error::{ApiError, Code};

/// A time that can be taken, and with whom.
pub struct Chosen<'a> {
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    /// One a need, in the order of the groups; the first is whom the customer meets.
    pub resources: Vec<Assigned<'a>>,
    /// Somebody else has this time, and it is taken all the same.
    pub overbooked: bool,
    /// It is not listed, and taken all the same.
    pub unlisted: bool,
}

impl<'a> Chosen<'a> {
    /// A time as it is listed.
    pub(super) fn listed(start: DateTime<Utc>, end: DateTime<Utc>, resources: Vec<Assigned<'a>>) -> Self {
        Self { start, end, resources, overbooked: false, unlisted: false }
    }
}

/// A resource that serves.
#[derive(Clone, Copy)]
pub struct Assigned<'a> {
    pub resource: &'a ResourceRow,
    /// Units of it that are taken.
    pub units: u32,
    /// Nobody asked for it.
    pub picked: bool,
}

/// How free a choice is. Whoever uses more than the rules give has been asked twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Freedom {
    /// What is listed.
    #[default]
    Listed,
    /// Any time, outside hours, grid and limits too, but nobody else's.
    AnyTime,
    /// Over somebody else's time too.
    Overbook,
}

impl Board {
    /// Decides one time, by the listing itself. Of several free resources the one whose turn it is wins.
    ///
    /// # Errors
    /// 409 with the reason.
    pub fn choose(&self, start: DateTime<Utc>, freedom: Freedom) -> Result<Chosen<'_>, ApiError> {
        let listed = self.decide(&self.search, start);
        if freedom == Freedom::Listed || listed.is_ok() {
            return listed;
        }
        let open = self.decide(&any_time(&self.search), start).map(|chosen| Chosen { unlisted: true, ..chosen });
        if freedom == Freedom::AnyTime || open.is_ok() {
            return open;
        }
        if self.service.capacity > 1 {
            return Err(ApiError::new(Code::RuleViolation, "A class is not overbooked: give it more seats."));
        }
        let mut anyhow = any_time(&self.search);
        anyhow.resources.iter_mut().for_each(|calendar| calendar.busy.clear());
        self.decide(&anyhow, start).map(|chosen| Chosen { overbooked: true, unlisted: true, ..chosen })
    }

    /// Decides one time with the resources that were promised for it, in the order of the needs.
    ///
    /// # Errors
    /// 409 when one of them is not free any more.
    pub fn choose_promised(&self, start: DateTime<Utc>, promised: &[Uuid]) -> Result<Chosen<'_>, ApiError> {
        self.past(start)?;
        let slot = check(&self.search, start).map_err(|reason| self.refusal(&reason))?;
        let index = |id: &Uuid| self.found.resources.iter().position(|resource| resource.id == *id);
        let indices: Vec<usize> = promised.iter().filter_map(index).collect();
        let free = free(&slot.resources);
        let fits = indices.len() == self.needs.len()
            && indices
                .iter()
                .zip(&self.needs)
                .all(|(index, need)| need.members.contains(index) && free.contains(index));
        if !fits {
            return Err(ApiError::new(Code::BookingConflict, "This time is taken.").with("reason", "booked"));
        }
        let resources = indices.iter().filter_map(|index| self.assigned(*index, true)).collect();
        Ok(Chosen::listed(slot.start, slot.end, resources))
    }

    /// A time that somebody holds already, with the resources that are held for them.
    ///
    /// # Errors
    /// 409 when it has passed.
    pub fn held(&self, start: DateTime<Utc>, end: DateTime<Utc>, resources: &[Uuid]) -> Result<Chosen<'_>, ApiError> {
        self.past(start)?;
        let index = |id: &Uuid| self.found.resources.iter().position(|resource| resource.id == *id);
        let resources = resources.iter().filter_map(|id| self.assigned(index(id)?, true)).collect();
        Ok(Chosen::listed(start, end, resources))
    }

    fn decide(&self, search: &Search, start: DateTime<Utc>) -> Result<Chosen<'_>, ApiError> {
        self.past(start)?;
        let slot = check(search, start).map_err(|reason| self.refusal(&reason))?;
        let taken = one_of_each(&self.ranked(&free(&slot.resources), slot.start))
            .ok_or_else(|| ApiError::of(Code::SlotUnavailable))?;
        let resources = taken.iter().zip(&self.needs).filter_map(|(index, need)| self.assigned(*index, !need.named));
        Ok(Chosen::listed(slot.start, slot.end, resources.collect()))
    }

    pub(super) fn past(&self, start: DateTime<Utc>) -> Result<(), ApiError> {
        if start < self.search.now {
            return Err(ApiError::new(Code::SlotUnavailable, "This time has passed.").with("reason", "past"));
        }
        Ok(())
    }

    pub(super) fn assigned(&self, index: usize, picked: bool) -> Option<Assigned<'_>> {
        let units = self.search.resources.get(index).and_then(|calendar| calendar.wanted).unwrap_or(1);
        self.found.resources.get(index).map(|resource| Assigned { resource, units, picked })
    }

    /// Those who could be each need, whose turn it is first. Whoever gives a class at that start already comes before
    /// that: its seats are filled before another one is opened beside it.
    pub(super) fn ranked(&self, free: &[usize], start: DateTime<Utc>) -> Vec<Vec<usize>> {
        let load = |index: usize| self.load(index, start);
        let gives = |index: &usize| {
            let calendar = self.search.resources.get(*index);
            calendar.is_some_and(|calendar| calendar.busy.iter().any(|busy| busy.same_service && busy.start == start))
        };
        let ranked = self.needs.iter().map(|need| {
            let mut ranked = need.ranked(&self.found, free, load);
            if self.service.capacity > 1 {
                ranked.sort_by_key(|index| !gives(index));
            }
            ranked
        });
        ranked.collect()
    }

    pub(super) fn offer(&self, offer: &Offer<'_>) -> Option<SlotOffer> {
        let ranked = self.ranked(&free(offer.resources), offer.start);
        let taken = one_of_each(&ranked)?;
        let row = |index: &usize| self.found.resources.get(*index);
        let met = row(taken.first()?)?;
        let others: Vec<Uuid> = taken.iter().skip(1).filter_map(row).map(|resource| resource.id).collect();
        let anybody = ranked.first()?.iter().filter_map(row).map(|resource| resource.id).collect();
        let made = SlotOffer::new(offer, met, &self.service, self.zone_of(met.id));
        Some(SlotOffer { resource_ids: anybody, with_resource_ids: others, ..made })
    }

    pub(super) fn refusal(&self, reason: &Reason) -> ApiError {
        let (word, sentence) = match reason {
            Reason::Invalid(fault) => return invalid(*fault),
            Reason::Notice { .. } => ("notice", "This time is too soon to be booked."),
            Reason::Window => ("window", "This time is too far ahead to be booked."),
            Reason::Query | Reason::OffGrid => ("off_grid", "No appointment of this service begins at this time."),
            Reason::Limit { .. } => ("limit", "No more bookings are taken in this period."),
            Reason::Closed { .. } => ("closed", "It is closed at this time."),
            Reason::Exception { .. } => ("exception", "It is closed on this date."),
            _ => ("booked", "This time is taken."),
        };
        let code = if word == "booked" { Code::BookingConflict } else { Code::SlotUnavailable };
        ApiError::new(code, sentence).with("reason", word)
    }
}

/// The first of each need that can be had, all different.
fn one_of_each(ranked: &[Vec<usize>]) -> Option<Vec<usize>> {
    match ranked {
        // most services need one: no matching is asked for
        [one] => one.first().map(|index| vec![*index]),
        many => distinct(many, &|_| true),
    }
}

fn free(resources: &[u32]) -> Vec<usize> {
    resources.iter().map(|index| *index as usize).collect()
}

/// The same search without hours, grid, notice, window and limits: what is left is whether somebody else has the time.
fn any_time(search: &Search) -> Search {
    let mut open = search.clone();
    open.limits.clear();
    open.service = ServiceRules {
        interval_min: Some(1),
        notice_min: 0,
        window: Window::Any,
        grid: Grid::WallClock { zone: None },
        ..open.service
    };
    for calendar in &mut open.resources {
        calendar.hours.weekly = vec![always()];
        calendar.hours.overrides.clear();
        calendar.restrict_to.clear();
        calendar.absences.clear();
    }
    open
}
