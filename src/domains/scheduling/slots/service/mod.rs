//! The verbs on free times: list, decide one, find the next, put several services together; `explain` says why one is
//! none.

mod choose;
mod days;
mod explain;
mod itinerary;
mod load;
mod named;
mod next;
mod shortest;

use std::sync::Arc;

pub use choose::{Assigned, Chosen, Freedom};
pub use itinerary::itineraries;
use load::Load;

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub use next::{Ahead, ahead, next_free};
pub use shortest::shortest;

use super::cache::BoardCache;
use super::dto::SlotOffer;
use super::groups::{self, Need};
use super::query::{self, Asked, Found, LimitRow, MoneyRow, ServiceRow};
use super::rules::{self, Audience, Defaults, Question};
use crate::db::Scope;
use crate::domains::scheduling::rules::{Invalid, Search, slots};
use crate::domains::tenancy::{PaymentDefaults, Settings, Tenant};
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
    /// What it says of payments.
    pub money: MoneyRow,
    pub payments: PaymentDefaults,
    found: Arc<Found>,
    needs: Vec<Need>,
    search: Search,
    /// What each of the search's resources has to do.
    loads: Vec<Load>,
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
        let asked = Asked { service: wish.service, resource: wish.resource, from, to, bare: false };
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
        let asked = Asked { service: wish.service, resource: wish.resource, from, to, bare: false };
        let found = cache.find(scope, &asked).await?;
        Self::open(scope, tenant, wish, &asked, found)
    }

    fn open(scope: &Scope, tenant: &Tenant, wish: &Wish, asked: &Asked, found: Arc<Found>) -> Result<Self, ApiError> {
        let service = found.service.clone().ok_or_else(|| ApiError::of(Code::ServiceNotFound))?;
        // who asks for reasons is a member, and hears that it is not active
        if !service.active && wish.audience == Audience::Public && !asked.bare {
            return Err(ApiError::of(Code::ServiceNotFound));
        }
        if wish.resource.is_some_and(|id| !found.resources.iter().any(|resource| resource.id == id)) {
            return Err(ApiError::new(Code::ResourceNotFound, "Nobody of this id gives this service."));
        }
        let Settings { booking: settings, payments, .. } = Settings::read(&found.settings)?;
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
            resource: wish.resource,
            zone: &zone,
            defaults,
        };
        let search = rules::search(&question, &found);
        let needs = groups::groups(&found, wish.resource);
        let loads = search.resources.iter().map(Load::of).collect();
        let auto_confirm = settings.auto_confirm;
        Ok(Self { service, auto_confirm, money: found.money, payments, found, needs, search, loads })
    }

    /// Every free time of the board.
    ///
    /// # Errors
    /// 400 for a stretch that is too long.
    pub fn offers(&self) -> Result<Vec<SlotOffer>, ApiError> {
        let listing = slots(&self.search).map_err(invalid)?;
        Ok(listing.iter().filter_map(|offer| self.offer(&offer)).collect())
    }

    /// The limits that are one customer's: nobody knows who that is while times are listed.
    pub fn customer_limits(&self) -> impl Iterator<Item = &LimitRow> {
        self.service.limits.iter().filter(|limit| limit.per_customer)
    }

    /// Ids of the resources that have limits; two who book at once must wait for each other there.
    pub fn limited_resources(&self) -> Vec<Uuid> {
        self.found.resources.iter().filter(|resource| !resource.limits.is_empty()).map(|resource| resource.id).collect()
    }

    /// Whether the service or some resource of the board has limits.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        !self.service.limits.is_empty() || self.found.resources.iter().any(|resource| !resource.limits.is_empty())
    }

    /// Whether some hold has expired that nobody has taken over yet.
    #[must_use]
    pub fn has_lapsed_holds(&self) -> bool {
        self.found.lapsed
    }

    /// How much a resource has to do around a start.
    fn load(&self, index: usize, start: DateTime<Utc>) -> usize {
        self.loads.get(index).map_or(0, |load| load.around(start))
    }

    /// The zone in which a resource lives.
    #[must_use]
    pub fn zone_of(&self, resource: Uuid) -> Option<&Zone> {
        let index = self.found.resources.iter().position(|found| found.id == resource)?;
        self.search.resources.get(index).map(|calendar| &calendar.hours.zone)
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
