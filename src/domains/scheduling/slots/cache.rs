//! What was read about free times, kept for a minute: for whoever lists, never for whoever takes or explains.
//!
//! What must stay true: an entry belongs to the version of the tenant that was present before it was read, so that
//! nobody finds what was free before a booking was answered. What depends on the clock or on who asks is decided anew
//! each time: only rows are kept, the same for everybody, and no longer than until the first hold among them lapses.

use std::sync::Arc;

use ::entity::ids::TenantId;
use chrono::{DateTime, Utc};
use moka::sync::Cache;
use uuid::Uuid;

use super::query::{self, Asked, Found};
use crate::db::{KEPT, Scope, Version};
use crate::error::ApiError;

/// Most bytes, about.
const MOST: u64 = 64 << 20;

/// Bytes of an entry without rows, and of a row, about.
const ENTRY: usize = 1_024;
const ROW: usize = 160;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    tenant: TenantId,
    version: Version,
    service: Uuid,
    resource: Option<Uuid>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

/// Boards of all tenants, as rows.
pub struct BoardCache(Cache<Key, Arc<Found>>);

impl Default for BoardCache {
    fn default() -> Self {
        let cache =
            Cache::builder().max_capacity(MOST).weigher(|_, found: &Arc<Found>| weight(found)).time_to_live(KEPT);
        Self(cache.build())
    }
}

impl BoardCache {
    /// What a question finds, kept or read.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub(super) async fn find(&self, scope: &Scope, asked: &Asked) -> Result<Arc<Found>, ApiError> {
        // before the read: what is committed after this belongs to a later version
        let Some(version) = scope.version().await else {
            count("bypass");
            return query::read(scope, asked).await.map(Arc::new);
        };
        let Asked { service, resource, from, to, .. } = *asked;
        let key = Key { tenant: scope.tenant()?, version, service, resource, from, to };
        // what was held when it was read may have lapsed: nobody writes anything when that happens
        let holds = |found: &Arc<Found>| found.lapses_at.is_none_or(|at| scope.now() < at);
        if let Some(found) = self.0.get(&key).filter(holds) {
            count("hit");
            return Ok(found);
        }
        count("miss");
        let found = Arc::new(query::read(scope, asked).await?);
        self.0.insert(key, Arc::clone(&found));
        Ok(found)
    }
}

fn count(result: &'static str) {
    metrics::counter!("cache_requests_total", "cache" => "availability", "result" => result).increment(1);
}

fn weight(found: &Found) -> u32 {
    let taken = found.busy.len() + found.counted.len();
    let rows = found.resources.len() + found.links.len() + found.rules.len() + found.exceptions.len() + taken;
    let settings = found.settings.to_string().len();
    u32::try_from(ENTRY + settings + rows * ROW).unwrap_or(u32::MAX)
}
