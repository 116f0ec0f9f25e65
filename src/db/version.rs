//! Versions of tenants: to which state of a tenant's rows something that was read and kept belongs.
//!
//! What must stay true: a write of a tenant that commits is followed by a new version before its answer goes out,
//! whatever it wrote; no version comes twice, whatever is restarted, evicted or lost. Whoever keeps what it reads
//! takes the version first and keeps it under that, so what was read before a commit is not found after its answer.
//!
//! Several instances agree through Redis. An instance whose Redis does not answer keeps nothing and finds nothing; what
//! it commits meanwhile it owes to the others, who may find what they kept before until it has told them: as soon as
//! Redis answers, and never for longer than anything is kept.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ::entity::ids::TenantId;
use deadpool_redis::redis::{self, Script};

use super::redis::Redis;

/// The longest that anything is kept under a version.
pub const KEPT: Duration = Duration::from_secs(60);

/// How long a tenant's version outlives its last use. One that is gone is followed by a new one.
const LIFE_MS: u64 = 3_600_000;

/// How long a debt waits for the next attempt.
const PAUSE: Duration = Duration::from_millis(100);

/// Counters of this process. Tenants that share one share their versions, which costs a read and is never wrong.
const COUNTERS: usize = 4_096;

/// KEYS[1] the tenant's version; ARGV a new one, in case there is none, and how long it lives.
const CURRENT: &str = r"
local version = redis.call('GET', KEYS[1])
if not version then
  version = ARGV[1]
  redis.call('SET', KEYS[1], version, 'PX', ARGV[2])
end
return version
";

/// One state of a tenant's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Version(u64);

/// The versions of all tenants; cheap to clone.
#[derive(Clone)]
pub struct Versions(Arc<Inner>);

enum Inner {
    /// This process is alone.
    Own {
        counters: Vec<AtomicU64>,
        hasher: RandomState,
    },
    Shared {
        redis: Arc<Redis>,
        current: Script,
        owed: Mutex<Owed>,
    },
}

/// New versions that Redis has not been told of, with the instant from which on it no longer matters.
#[derive(Default)]
struct Owed {
    tenants: HashMap<TenantId, Instant>,
    /// Whether somebody is at it.
    paying: bool,
}

impl Default for Versions {
    fn default() -> Self {
        let counters = (0..COUNTERS).map(|_| AtomicU64::new(0)).collect();
        Self(Arc::new(Inner::Own { counters, hasher: RandomState::new() }))
    }
}

impl Versions {
    /// Those that several instances share.
    #[must_use]
    pub fn shared(redis: Arc<Redis>) -> Self {
        Self(Arc::new(Inner::Shared { redis, current: Script::new(CURRENT), owed: Mutex::default() }))
    }

    /// The present version of a tenant; none when Redis does not answer.
    pub async fn current(&self, tenant: TenantId) -> Option<Version> {
        match &*self.0 {
            Inner::Own { counters, hasher } => {
                counter(counters, hasher, tenant).map(|counter| Version(counter.load(Ordering::SeqCst)))
            }
            Inner::Shared { redis, current, owed } => {
                let indebted = owed.lock().unwrap_or_else(PoisonError::into_inner).tenants.contains_key(&tenant);
                if indebted || redis.rests() {
                    return None;
                }
                let (key, new) = (key(tenant), rand::random::<u64>());
                let asked = redis.ask(async |connection| {
                    current.key(key).arg(new).arg(LIFE_MS).invoke_async::<u64>(connection).await
                });
                match asked.await {
                    Ok(version) => Some(Version(version)),
                    Err(error) => {
                        tracing::warn!(%error, "redis did not answer: nothing is kept or found");
                        None
                    }
                }
            }
        }
    }

    /// Gives tenants that were written a new version.
    pub async fn advance(&self, tenants: &[TenantId]) {
        match &*self.0 {
            Inner::Own { counters, hasher } => {
                for counter in tenants.iter().filter_map(|tenant| counter(counters, hasher, *tenant)) {
                    counter.fetch_add(1, Ordering::SeqCst);
                }
            }
            Inner::Shared { redis, .. } => {
                for tenant in tenants {
                    if redis.rests() || tell(redis, *tenant).await.is_err() {
                        self.owe(*tenant);
                    }
                }
            }
        }
    }

    /// Notes that the other instances are to be told, and sees to it.
    fn owe(&self, tenant: TenantId) {
        let Inner::Shared { owed, .. } = &*self.0 else { return };
        let mut owed = owed.lock().unwrap_or_else(PoisonError::into_inner);
        owed.tenants.insert(tenant, Instant::now() + KEPT);
        if !std::mem::replace(&mut owed.paying, true) {
            tracing::warn!("redis was not told of a write: it will be");
            tokio::spawn(pay(self.clone()));
        }
    }
}

/// Tells Redis what it has not been told, until there is nothing left.
async fn pay(versions: Versions) {
    let Inner::Shared { redis, owed, .. } = &*versions.0 else { return };
    let lock = || owed.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        tokio::time::sleep(PAUSE).await;
        let due: Vec<(TenantId, Instant)> = lock().tenants.iter().map(|(tenant, until)| (*tenant, *until)).collect();
        for (tenant, until) in due {
            if Instant::now() < until && tell(redis, tenant).await.is_err() {
                break;
            }
            // unless somebody has come to owe more meanwhile
            let mut owed = lock();
            if owed.tenants.get(&tenant) == Some(&until) {
                owed.tenants.remove(&tenant);
            }
        }
        let mut owed = lock();
        if owed.tenants.is_empty() {
            owed.paying = false;
            return;
        }
    }
}

async fn tell(redis: &Redis, tenant: TenantId) -> Result<(), String> {
    let (key, new) = (key(tenant), rand::random::<u64>());
    redis
        .ask(async |connection| {
            redis::cmd("SET").arg(key).arg(new).arg("PX").arg(LIFE_MS).query_async::<()>(connection).await
        })
        .await
}

fn key(tenant: TenantId) -> String {
    format!("t:{tenant}:version")
}

fn counter<'c>(counters: &'c [AtomicU64], hasher: &RandomState, tenant: TenantId) -> Option<&'c AtomicU64> {
    usize::try_from(hasher.hash_one(tenant) % (COUNTERS as u64)).ok().and_then(|place| counters.get(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_write_makes_another_version_and_a_read_none() {
        let versions = Versions::default();
        let tenant = TenantId(uuid::Uuid::from_u128(7));
        let first = versions.current(tenant).await;
        assert!(first.is_some());
        assert_eq!(versions.current(tenant).await, first);
        versions.advance(&[tenant]).await;
        assert_ne!(versions.current(tenant).await, first);
    }
}
