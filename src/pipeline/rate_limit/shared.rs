//! The counter that instances share: a token bucket in Redis, kept as one number (the instant at which
//! the bucket would be full), by Redis's own clock, in one script and one round trip. After a failure it is
//! left alone for a moment, or every request would wait for it in vain.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use deadpool_redis::Pool;
use deadpool_redis::redis::Script;

use crate::config::Allowance;

/// KEYS[1] the bucket; ARGV window in microseconds, microseconds a request.
/// Answers: 1 when taken, else 0; the instant of fullness minus now, in microseconds.
const TAKE: &str = r"
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local window = tonumber(ARGV[1])
local each = tonumber(ARGV[2])
local full = tonumber(redis.call('GET', KEYS[1]) or now)
if full < now then full = now end
local after = full + each
if after - now > window then return {0, math.floor(full - now)} end
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
return {1, math.floor(after - now)}
";

/// How long a Redis that failed is left alone.
const REST: Duration = Duration::from_secs(1);

/// Buckets in Redis.
pub struct Shared {
    pool: Pool,
    wait: Duration,
    script: Script,
    rests_until: Mutex<Option<Instant>>,
}

impl Shared {
    /// Over a pool; `wait` bounds every question.
    #[must_use]
    pub fn new(pool: Pool, wait: Duration) -> Self {
        Self { pool, wait, script: Script::new(TAKE), rests_until: Mutex::new(None) }
    }

    /// Whether it failed a moment ago.
    pub(super) fn rests(&self) -> bool {
        let until = *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }

    /// Leaves it alone for a moment.
    pub(super) fn rest(&self) {
        *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + REST);
    }

    /// Remaining requests, seconds until full, and seconds to wait when refused.
    ///
    /// # Errors
    /// What kept Redis from answering in time.
    pub async fn take(&self, key: &str, allowance: Allowance) -> Result<(u32, u32, Option<u32>), String> {
        let window = i64::from(allowance.window.get()) * 1_000_000;
        let each = (window / i64::from(allowance.quota.get())).max(1);
        let ask = async {
            let mut connection = self.pool.get().await.map_err(|e| e.to_string())?;
            let answer: (i64, i64) = self
                .script
                .key(key)
                .arg(window)
                .arg(each)
                .invoke_async(&mut connection)
                .await
                .map_err(|e| e.to_string())?;
            Ok::<_, String>(answer)
        };
        let (taken, ahead) =
            tokio::time::timeout(self.wait, ask).await.map_err(|_| "no answer in time".to_owned())??;
        let remaining = u32::try_from((window - ahead).max(0) / each).unwrap_or(u32::MAX);
        let refused = (taken == 0).then(|| seconds(ahead + each - window).max(1));
        Ok((if taken == 0 { 0 } else { remaining }, seconds(ahead), refused))
    }

    /// Whether Redis answers.
    ///
    /// # Errors
    /// What kept it from answering in time.
    pub async fn ping(&self) -> Result<(), String> {
        let ask = async {
            let mut connection = self.pool.get().await.map_err(|e| e.to_string())?;
            deadpool_redis::redis::cmd("PING").query_async::<String>(&mut connection).await.map_err(|e| e.to_string())
        };
        tokio::time::timeout(self.wait, ask).await.map_err(|_| "no answer in time".to_owned())?.map(|_| ())
    }
}

fn seconds(micros: i64) -> u32 {
    u32::try_from((micros.max(0) + 999_999) / 1_000_000).unwrap_or(u32::MAX)
}
