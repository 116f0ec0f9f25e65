//! The next free times from an instant on: for whoever asks, and for whoever is refused a time.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Board, Wish, zone};
use crate::db::Scope;
use crate::domains::scheduling::rules::Window;
use crate::domains::scheduling::slots::cache::BoardCache;
use crate::domains::scheduling::slots::dto::SlotOffer;
use crate::domains::tenancy::Tenant;
use crate::error::ApiError;

/// How far is looked, one board after the other. Most finds lie on the first, so that is a small one; none is wider
/// than a question may be.
const WINDOWS: [TimeDelta; 6] = [
    TimeDelta::days(14),
    TimeDelta::days(62),
    TimeDelta::days(62),
    TimeDelta::days(62),
    TimeDelta::days(62),
    TimeDelta::days(62),
];

/// How many times a refusal names. It looks at the first board only.
const OTHERS: usize = 5;

/// What lies ahead.
#[derive(Debug)]
pub struct Ahead {
    /// Free times in order.
    pub offers: Vec<SlotOffer>,
    /// How far was looked.
    pub until: DateTime<Utc>,
}

/// The next `count` free times from an instant on.
///
/// # Errors
/// 404 for a service or resource that is not there.
pub async fn ahead(
    cache: &BoardCache,
    scope: &Scope,
    tenant: &Tenant,
    wish: &Wish,
    from: DateTime<Utc>,
    count: usize,
) -> Result<Ahead, ApiError> {
    search(Some(cache), scope, tenant, wish, from, count).await
}

/// The next free times from an instant on, for a refusal. Reads in a transaction of its own: the refused
/// one may have failed.
pub async fn next_free(scope: &Scope, tenant: &Tenant, wish: &Wish, from: DateTime<Utc>) -> Vec<SlotOffer> {
    let own = scope.fresh();
    let found = search(None, &own, tenant, wish, from, OTHERS).await;
    own.roll_back().await;
    match found {
        Ok(ahead) => ahead.offers,
        Err(error) => {
            tracing::warn!(%error, "a refusal goes out without other times");
            Vec::new()
        }
    }
}

/// Through the cache for whoever asks; without it, and no farther than the first board, for whoever is refused.
async fn search(
    cache: Option<&BoardCache>,
    scope: &Scope,
    tenant: &Tenant,
    wish: &Wish,
    from: DateTime<Utc>,
    count: usize,
) -> Result<Ahead, ApiError> {
    let zone = zone(tenant)?;
    let from = from.max(scope.now());
    // boards begin with a date, so that two who ask in the same minute ask for the same board
    let mut until = zone.midnight(zone.date(from));
    let mut offers = Vec::new();
    for window in WINDOWS {
        let since = until;
        until = since + window;
        let board = match cache {
            Some(cache) => Board::recall(cache, scope, tenant, wish, since, until).await?,
            None => Board::read(scope, tenant, wish, since, until).await?,
        };
        let wanted = count - offers.len();
        offers.extend(board.offers()?.into_iter().filter(|offer| offer.start.get() >= from).take(wanted));
        if offers.len() == count || cache.is_none() || board.ends_before(until) {
            break;
        }
    }
    Ok(Ahead { offers, until })
}

impl Board {
    /// Whether the horizon leaves nothing from an instant on.
    fn ends_before(&self, at: DateTime<Utc>) -> bool {
        match self.search.service.window {
            // counted in the resource's zone, which may be a day ahead
            Window::RollingDays { days, .. } => self.search.now + TimeDelta::days(i64::from(days) + 2) < at,
            _ => false,
        }
    }
}
