//! Why a time is not offered: the engine's reasons over the board that listing and booking use, in the words
//! of the wire. A time without reasons is one that can be booked, and the other way round.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Board, Wish};
use crate::db::Scope;
use crate::domains::scheduling::rules::{Busy, Reason, explain};
use crate::domains::scheduling::slots::dto::{SlotReason, SlotReasonCode as Code, TakenTime};
use crate::domains::scheduling::slots::query::{self, Asked};
use crate::domains::scheduling::slots::rules::Audience;
use crate::domains::tenancy::Tenant;
use crate::error::ApiError;
use crate::guard::Timestamp;

/// As much as a booking reads around its start.
const AROUND: TimeDelta = TimeDelta::hours(12);

impl Board {
    /// Reads the board around a start, appointments told apart from their buffers; one round trip.
    ///
    /// # Errors
    /// 404 for a service or resource that is not there.
    pub async fn around(scope: &Scope, tenant: &Tenant, wish: &Wish, start: DateTime<Utc>) -> Result<Self, ApiError> {
        let (from, to) = (start - AROUND, start + AROUND);
        let asked = Asked { service: wish.service, resource: wish.resource, from, to, bare: true };
        let found = Arc::new(query::read(scope, &asked).await?);
        Self::open(scope, tenant, wish, &asked, found)
    }

    /// When a booking of that start would end.
    #[must_use]
    pub fn end_of(&self, start: DateTime<Utc>) -> DateTime<Utc> {
        start + TimeDelta::minutes(self.service.duration_min.into())
    }

    /// All that keeps a start from being offered; nothing when it can be booked.
    #[must_use]
    pub fn reasons(&self, audience: Audience, start: DateTime<Utc>) -> Vec<SlotReason> {
        let mut reasons: Vec<SlotReason> = Vec::new();
        if !self.service.active && audience == Audience::Public {
            reasons.push(Code::Inactive.into());
        }
        let past = start < self.search.now;
        if past {
            reasons.push(Code::Past.into());
        }
        if self.found.resources.is_empty() {
            reasons.push(Code::NoResource.into());
            return reasons;
        }
        let engine = explain(&self.search, start);
        // what has passed is too soon as well: that is said already
        let engine = engine.iter().filter(|reason| !(past && matches!(reason, Reason::Notice { .. })));
        reasons.extend(engine.map(|reason| self.told(reason)));
        reasons.dedup();
        reasons
    }

    fn told(&self, reason: &Reason) -> SlotReason {
        match *reason {
            Reason::Notice { earliest } => {
                SlotReason { earliest: Some(Timestamp::new(earliest)), ..Code::Notice.into() }
            }
            Reason::Window => Code::Window.into(),
            Reason::Limit { limit } => self.of(Code::Limit, self.search.limits.get(limit).and_then(|l| l.resource)),
            Reason::Closed { resource } => self.of(Code::Closed, Some(resource)),
            Reason::Exception { resource } => self.of(Code::Exception, Some(resource)),
            Reason::Booked { resource, busy } => self.taken(Code::Booked, resource, busy),
            Reason::Buffer { resource, busy } => self.taken(Code::Buffer, resource, busy),
            Reason::Held { resource, busy } => self.taken(Code::Held, resource, busy),
            Reason::Outside { resource, busy } => self.taken(Code::Outside, resource, busy),
            Reason::Capacity { resource } => self.of(Code::Capacity, Some(resource)),
            Reason::Shared => Code::Shared.into(),
            // the board is wide enough, and the service was checked when it was written
            Reason::Query | Reason::OffGrid | Reason::Invalid(_) => Code::OffGrid.into(),
        }
    }

    fn of(&self, code: Code, resource: Option<usize>) -> SlotReason {
        let resource = resource.and_then(|index| self.found.resources.get(index));
        SlotReason {
            resource_id: resource.map(|resource| resource.id),
            resource_name: resource.map(|resource| resource.name.clone()),
            ..code.into()
        }
    }

    fn taken(&self, code: Code, resource: usize, busy: usize) -> SlotReason {
        let calendar = self.search.resources.get(resource);
        let taken = calendar.and_then(|calendar| calendar.busy.get(busy)).map(taken);
        SlotReason { taken, ..self.of(code, Some(resource)) }
    }
}

fn taken(busy: &Busy) -> TakenTime {
    let minutes = |count: u32| TimeDelta::minutes(count.into());
    TakenTime {
        start: Timestamp::new(busy.start),
        end: Timestamp::new(busy.end),
        occupied_start: Timestamp::new(busy.start - minutes(busy.buffer_before_min)),
        occupied_end: Timestamp::new(busy.end + minutes(busy.buffer_after_min)),
    }
}
