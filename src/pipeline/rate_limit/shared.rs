//! The counter that instances share: a token bucket in Redis, kept as one number (the instant at which
//! the bucket would be full), by Redis's own clock, in one script and one round trip.

use std::sync::Arc;

use deadpool_redis::redis::Script;

use crate::config::Allowance;
use crate::db::Redis;

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

/// Buckets in Redis.
pub struct Shared {
    redis: Arc<Redis>,
    script: Script,
}

impl Shared {
    #[must_use]
    pub fn new(redis: Arc<Redis>) -> Self {
        Self { redis, script: Script::new(TAKE) }
    }

    /// Whether it failed a moment ago.
    pub(super) fn rests(&self) -> bool {
        self.redis.rests()
    }

    /// Remaining requests, seconds until full, and seconds to wait when refused.
    ///
    /// # Errors
    /// What kept Redis from answering in time.
    pub async fn take(&self, key: &str, allowance: Allowance) -> Result<(u32, u32, Option<u32>), String> {
        let window = i64::from(allowance.window.get()) * 1_000_000;
        let each = (window / i64::from(allowance.quota.get())).max(1);
        let asked = self.redis.ask(async |connection| {
            self.script.key(key).arg(window).arg(each).invoke_async::<(i64, i64)>(connection).await
        });
        let (taken, ahead) = asked.await?;
        let remaining = u32::try_from((window - ahead).max(0) / each).unwrap_or(u32::MAX);
        let refused = (taken == 0).then(|| seconds(ahead + each - window).max(1));
        Ok((if taken == 0 { 0 } else { remaining }, seconds(ahead), refused))
    }
}

fn seconds(micros: i64) -> u32 {
    u32::try_from((micros.max(0) + 999_999) / 1_000_000).unwrap_or(u32::MAX)
}
