//! The verbs on free times: list, decide one, find the next; `explain` says why one is none.

mod days;
mod explain;
mod next;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub use next::{Ahead, ahead, next_free};

use super::cache::BoardCache;
use super::dto::SlotOffer;
use super::query::{self, Asked, Found, ResourceRow, ServiceRow};
use super::rules::{self, Audience, Defaults, Question};
use crate::db::Scope;
use crate::domains::scheduling::rules::{Invalid, Reason, Search, check, slots};
use crate::domains::tenancy::{Settings, Tenant};
use crate::error::{ApiError, Code};
use crate::kernel::zone::Zone;

/// What somebody wants to book.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    pub service: Uuid,
    /// `None`: any that gives the service.
    pub resource: Option<Uuid>,
    /// Seats.
    pub party: u32,
    pub audience: Audience,
}

/// A stretch of time with all that decides what is free in it.
pub struct Board {
    pub service: ServiceRow,
    /// Whether a public booking is confirmed at once, as far as the business says.
    pub auto_confirm: bool,
    found: Arc<Found>,
    search: Search,
}

/// A time that can be taken, and with whom.
pub struct Chosen<'a> {
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    pub resource: &'a ResourceRow,
}

impl Board {
    /// Reads the board of a wish from `from` to `to`; one round trip.
    ///
    /// # Errors
    /// 404 for a service that does not exist (or, for the public, is not active), 400 for a stretch that is too long.
    pub async fn read(
        scope: &Scope,
        tenant: &Tenant,
        wish: &Wish,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Self, ApiError> {
        let asked = Asked { service: Some(wish.service), resource: wish.resource, from, to, bare: false };
        let found = Arc::new(query::read(scope, &asked).await?);
        Self::open(scope, tenant, wish, &asked, found)
    }

    /// The same for whoever only lists: read at most once a minute, and anew after every change.
    ///
    /// # Errors
    /// Those of [`Board::read`].
    pub async fn recall(
        cache: &BoardCache,
        scope: &Scope,
        tenant: &Tenant,
        wish: &Wish,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Self, ApiError> {
        let asked = Asked { service: Some(wish.service), resource: wish.resource, from, to, bare: false };
        let found = cache.find(scope, &asked).await?;
        Self::open(scope, tenant, wish, &asked, found)
    }

    fn open(scope: &Scope, tenant: &Tenant, wish: &Wish, asked: &Asked, found: Arc<Found>) -> Result<Self, ApiError> {
        let service = found.service.clone().ok_or_else(|| ApiError::of(Code::ServiceNotFound))?;
        // who asks for reasons is a member, and hears that it is not active
        if !service.active && wish.audience == Audience::Public && !asked.bare {
            return Err(ApiError::of(Code::ServiceNotFound));
        }
        if wish.resource.is_some() && found.resources.is_empty() {
            return Err(ApiError::new(Code::ResourceNotFound, "Nobody of this id gives this service."));
        }
        let settings = Settings::read(&found.settings)?.booking;
        let unsigned = |value: i32| u32::try_from(value).unwrap_or(0);
        let defaults = Defaults {
            notice_min: unsigned(settings.notice_min),
            horizon_days: settings.horizon_days.map(unsigned),
            interval_min: settings.interval_min.map(unsigned),
        };
        let zone = zone(tenant)?;
        let question = Question {
            now: scope.now(),
            from: asked.from,
            to: asked.to,
            service: &service,
            audience: wish.audience,
            party: wish.party,
            zone: &zone,
            defaults,
        };
        let search = rules::search(&question, &found);
        Ok(Self { service, auto_confirm: settings.auto_confirm, found, search })
    }

    /// Every free time of the board.
    ///
    /// # Errors
    /// 400 for a stretch that is too long.
    pub fn offers(&self) -> Result<Vec<SlotOffer>, ApiError> {
        let listing = slots(&self.search).map_err(invalid)?;
        Ok(listing.iter().map(|offer| self.offer(offer.start, offer.end, offer.resources, offer.seats_left)).collect())
    }

    /// Decides one time, by the listing itself. Of several free resources the one with the least to do wins.
    ///
    /// # Errors
    /// 409 with the reason.
    pub fn choose(&self, start: DateTime<Utc>) -> Result<Chosen<'_>, ApiError> {
        if start < self.search.now {
            return Err(ApiError::new(Code::SlotUnavailable, "This time has passed.").with("reason", "past"));
        }
        let slot = check(&self.search, start).map_err(|reason| self.refusal(&reason))?;
        let order = self.by_load(&slot.resources);
        let resource =
            order.first().and_then(|index| self.resource(*index)).ok_or_else(|| ApiError::of(Code::SlotUnavailable))?;
        Ok(Chosen { start: slot.start, end: slot.end, resource })
    }

    fn offer(&self, start: DateTime<Utc>, end: DateTime<Utc>, resources: &[u32], seats_left: Option<u32>) -> SlotOffer {
        let order = self.by_load(resources);
        let found: Vec<&ResourceRow> = order.iter().filter_map(|index| self.resource(*index)).collect();
        SlotOffer::new(start, end, &found, &self.service, seats_left, self.search_zone(order.first()))
    }

    fn resource(&self, index: u32) -> Option<&ResourceRow> {
        self.found.resources.get(index as usize)
    }

    fn search_zone(&self, index: Option<&u32>) -> Option<&Zone> {
        let index = *index? as usize;
        self.search.resources.get(index).map(|calendar| &calendar.hours.zone)
    }

    /// The resources with the fewest bookings on the board first; equals keep their order.
    fn by_load(&self, resources: &[u32]) -> Vec<u32> {
        let load = |index: &u32| self.search.resources.get(*index as usize).map_or(0, |calendar| calendar.busy.len());
        let mut order = resources.to_vec();
        order.sort_by_key(load);
        order
    }

    fn refusal(&self, reason: &Reason) -> ApiError {
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

/// The zone of the business.
///
/// # Errors
/// 500 when the database holds a name that is none: it was checked when it was written.
pub(super) fn zone(tenant: &Tenant) -> Result<Zone, ApiError> {
    Zone::parse(&tenant.tz).map_err(|error| ApiError::internal(error.to_string()))
}

fn invalid(fault: Invalid) -> ApiError {
    match fault {
        Invalid::QueryTooLong { max_days } => {
            ApiError::field("query/end_date", "too_long", format!("Ask for at most {max_days} days at a time."))
        }
        other => ApiError::internal(other),
    }
}
