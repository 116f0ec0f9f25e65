//! Visits of several services: one board a service, the pure search over their free times, and each option laid on the
//! boards leg by leg, as it would be booked. At most five reads, whatever is asked for.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use uuid::Uuid;

use super::{Board, Wish, invalid, zone};
use crate::db::Scope;
use crate::domains::scheduling::rules::{Busy, Errand, Grid, Stop, Time, Visit, VisitWish, check, slots, visits};
use crate::domains::scheduling::slots::itineraries::dto::{
    Itineraries, ItineraryLeg, ItineraryOption, ItineraryOrder, ItinerarySearch, ItineraryService,
};
use crate::domains::scheduling::slots::rules::Audience;
use crate::domains::tenancy::Tenant;
use crate::error::ApiError;
use crate::guard::Timestamp;
use crate::kernel::interval::Interval;

/// No visit is looked for in a longer time.
const MAX_DAYS: i64 = 14;
/// A few tenths of a second at the very most.
const MAX_STEPS: u32 = 200_000;
/// So many more than are wanted are laid on the boards: where limits or the grid refuse one, the next is taken.
const SPARE: usize = 4;

/// The best visits of a search.
///
/// # Errors
/// 400 for a time that is too long, 404 for a service or resource that is not there.
pub async fn itineraries(
    scope: &Scope,
    tenant: &Tenant,
    search: &ItinerarySearch,
    audience: Audience,
) -> Result<Itineraries, ApiError> {
    let (from, to) = (search.from.get(), search.to.get());
    if to <= from {
        return Err(ApiError::field("#/to", "order", "The end comes before the beginning."));
    }
    if to - from > TimeDelta::days(MAX_DAYS) {
        return Err(ApiError::field("#/to", "too_long", format!("Ask for at most {MAX_DAYS} days at a time.")));
    }
    if search.min_gap_min > search.max_gap_min {
        return Err(ApiError::field(
            "#/min_gap_min",
            "order",
            "The least time between two services is longer than the longest.",
        ));
    }
    let mut boards = Vec::with_capacity(search.services.len());
    for asked in &search.services {
        let wish =
            Wish { service: asked.service_id, resource: asked.resource_id, party: search.attendee_count, audience };
        boards.push(Board::read(scope, tenant, &wish, from, to).await?);
    }
    let mut errands = Vec::with_capacity(boards.len());
    for (number, (board, asked)) in boards.iter().zip(&search.services).enumerate() {
        let alike = search.services.iter().position(|other| same_wish(other, asked)).unwrap_or(number);
        errands.push(Errand { times: board.times()?, alike });
    }
    let limit = usize::try_from(search.limit).unwrap_or(1);
    let minutes = |count: u32| TimeDelta::minutes(count.into());
    let wish = VisitWish {
        in_order: search.order == ItineraryOrder::Given,
        min_gap: minutes(search.min_gap_min),
        max_gap: minutes(search.max_gap_min),
        until: to,
        keep: limit * SPARE,
        max_steps: MAX_STEPS,
    };
    let found = visits(&errands, &wish);
    let laid = Laid { boards: &boards, errands: &errands, party: search.attendee_count };
    let data = found.visits.iter().filter_map(|visit| laid.option(visit)).take(limit).collect();
    Ok(Itineraries { data, truncated: found.truncated, timezone: zone(tenant)?.name().to_owned() })
}

fn same_wish(one: &ItineraryService, other: &ItineraryService) -> bool {
    (one.service_id, one.resource_id) == (other.service_id, other.resource_id)
}

/// Visits on their boards.
struct Laid<'a> {
    boards: &'a [Board],
    errands: &'a [Errand],
    party: u32,
}

/// A leg that would be booked by then.
struct Before<'a> {
    board: &'a Board,
    time: &'a Time,
    resources: &'a [Uuid],
}

impl Laid<'_> {
    /// The visit as it is told; nothing when a leg could not be booked after those before it.
    fn option(&self, visit: &Visit) -> Option<ItineraryOption> {
        let mut before: Vec<Before<'_>> = Vec::new();
        let mut legs = Vec::with_capacity(visit.stops.len());
        for stop in &visit.stops {
            let (board, time) = (self.boards.get(stop.errand)?, self.errands.get(stop.errand)?.times.get(stop.time)?);
            if !board.still(&before, time.start, &stop.resources, self.party) {
                return None;
            }
            legs.push(board.leg(time, stop, self.party)?);
            before.push(Before { board, time, resources: &stop.resources });
        }
        ItineraryOption::of(legs, visit.idle.num_minutes())
    }
}

impl Board {
    /// The free times, with whoever could serve, whose turn it is first.
    fn times(&self) -> Result<Vec<Time>, ApiError> {
        let listing = slots(&self.search).map_err(invalid)?;
        let id = |index: &usize| self.found.resources.get(*index).map(|resource| resource.id);
        let service = &self.service;
        let minutes = |count: u32| TimeDelta::minutes(count.into());
        let time = |(start, end, resources): (DateTime<Utc>, DateTime<Utc>, &[u32])| {
            let free: Vec<usize> = resources.iter().map(|index| *index as usize).collect();
            let load = |index: usize| self.load(index, start);
            let choices =
                self.needs.iter().map(|need| need.ranked(&self.found, &free, load).iter().filter_map(id).collect());
            let occupied =
                Interval::new(start - minutes(service.buffer_before_min), end + minutes(service.buffer_after_min));
            Time { start, end, occupied, choices: choices.collect() }
        };
        Ok(listing.iter().map(|offer| time((offer.start, offer.end, offer.resources))).collect())
    }

    /// Whether the listing still has a time with these resources once the earlier legs are booked: they take time of
    /// the same resources, move the grid that follows bookings, and count towards limits.
    fn still(&self, before: &[Before<'_>], start: DateTime<Utc>, resources: &[Uuid], party: u32) -> bool {
        let touched = |leg: &Before<'_>| {
            leg.board.service.id == self.service.id || leg.resources.iter().any(|id| self.index(*id).is_some())
        };
        let unmoved = self.search.limits.is_empty() && !matches!(self.search.service.grid, Grid::FreeStart { .. });
        let apart = |leg: &Before<'_>| !leg.resources.iter().any(|id| self.index(*id).is_some());
        if !before.iter().any(touched) || unmoved && before.iter().all(apart) {
            return true;
        }
        let mut search = self.search.clone();
        for leg in before {
            let own = Interval::new(leg.time.start, leg.time.end);
            let same_service = leg.board.service.id == self.service.id;
            for id in leg.resources {
                let Some(index) = self.index(*id) else { continue };
                let units =
                    leg.board.index(*id).and_then(|index| leg.board.search.resources.get(index)?.wanted).unwrap_or(1);
                let class = leg.board.service.capacity > 1 && same_service;
                if let Some(calendar) = search.resources.get_mut(index) {
                    calendar.busy.push(Busy {
                        buffer_before_min: leg.board.service.buffer_before_min,
                        buffer_after_min: leg.board.service.buffer_after_min,
                        units: if class { party } else { units },
                        same_service: class,
                        ..Busy::new(own.start, own.end)
                    });
                }
            }
            for limit in &mut search.limits {
                let counts = match limit.resource {
                    None => same_service,
                    Some(index) => self.found.resources.get(index).is_some_and(|row| leg.resources.contains(&row.id)),
                };
                if counts {
                    limit.counted.push(own);
                }
            }
        }
        let Ok(slot) = check(&search, start) else { return false };
        let free =
            |id: &Uuid| self.index(*id).is_some_and(|index| slot.resources.iter().any(|free| *free as usize == index));
        resources.iter().all(free)
    }

    fn index(&self, id: Uuid) -> Option<usize> {
        self.found.resources.iter().position(|resource| resource.id == id)
    }

    fn leg(&self, time: &Time, stop: &Stop, party: u32) -> Option<ItineraryLeg> {
        let met = stop.resources.first().and_then(|id| self.found.resources.get(self.index(*id)?))?;
        let local_start = self.zone_of(met.id).map_or_else(
            || time.start.to_rfc3339_opts(SecondsFormat::Secs, true),
            |zone| zone.local(time.start).format("%Y-%m-%dT%H:%M").to_string(),
        );
        Some(ItineraryLeg {
            service_id: self.service.id,
            service_name: self.service.name.clone(),
            start: Timestamp::new(time.start),
            end: Timestamp::new(time.end),
            local_start,
            resource_id: met.id,
            resource_name: met.name.clone(),
            with_resource_ids: stop.resources.iter().skip(1).copied().collect(),
            price_cents: self.service.price_cents.saturating_mul(i64::from(party)),
            currency: self.service.currency.clone(),
        })
    }
}
