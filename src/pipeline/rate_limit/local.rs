//! The counter of this process: governor, one keyed limiter for each allowance in use.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use moka::sync::Cache;

use crate::config::Allowance;

type Keyed = RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// After so many requests the buckets that are full again are forgotten.
const SWEEP: u32 = 10_000;

/// Buckets in memory.
pub struct Local {
    limiters: Cache<Allowance, Arc<Keyed>>,
    clock: DefaultClock,
    taken: AtomicU32,
}

impl Default for Local {
    fn default() -> Self {
        Self { limiters: Cache::new(1_000), clock: DefaultClock::default(), taken: AtomicU32::new(0) }
    }
}

impl Local {
    /// Remaining requests, seconds until full, and seconds to wait when refused.
    pub fn take(&self, key: &str, allowance: Allowance) -> (u32, u32, Option<u32>) {
        let limiter = self.limiters.get_with(allowance, || Arc::new(fresh(allowance)));
        if self.taken.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            limiter.retain_recent();
        }
        match limiter.check_key(&key.to_owned()) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                let used = allowance.quota.get().saturating_sub(remaining);
                (remaining, seconds(allowance.period() * used), None)
            }
            Err(until) => (0, allowance.window.get(), Some(seconds(until.wait_time_from(self.clock.now())).max(1))),
        }
    }
}

fn fresh(allowance: Allowance) -> Keyed {
    // a period is never zero: the quota is capped below the nanoseconds of a second
    let quota = Quota::with_period(allowance.period()).unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN));
    RateLimiter::keyed(quota.allow_burst(allowance.quota)).with_middleware::<StateInformationMiddleware>()
}

fn seconds(duration: std::time::Duration) -> u32 {
    u32::try_from(duration.as_secs() + u64::from(duration.subsec_nanos() > 0)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_keys_are_apart() {
        let local = Local::default();
        let allowance: Allowance = "3/60".parse().unwrap();
        let left: Vec<_> = (0..4).map(|_| local.take("a", allowance)).collect();
        assert_eq!(left.iter().map(|t| t.0).collect::<Vec<_>>(), [2, 1, 0, 0]);
        assert!(left[..3].iter().all(|t| t.2.is_none()));
        assert!(left[3].2.is_some_and(|wait| (1..=20).contains(&wait)));
        assert_eq!(local.take("b", allowance).0, 2);
    }
}
