//! Redis, asked within a bound. After a failure it is left alone for a moment, or every request would wait for it in
//! vain; whoever asks knows what to do without it.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use deadpool_redis::redis::RedisResult;
use deadpool_redis::{Connection, Pool};

/// How long a Redis that failed is left alone.
const REST: Duration = Duration::from_secs(1);

/// The way to Redis.
pub struct Redis {
    pool: Pool,
    wait: Duration,
    rests_until: Mutex<Option<Instant>>,
}

impl Redis {
    /// Over a pool; `wait` bounds every question.
    #[must_use]
    pub fn new(pool: Pool, wait: Duration) -> Self {
        Self { pool, wait, rests_until: Mutex::default() }
    }

    /// Whether it failed a moment ago.
    #[must_use]
    pub fn rests(&self) -> bool {
        let until = *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }

    /// Asks one thing, whether it rests or not.
    ///
    /// # Errors
    /// What kept it from answering in time.
    pub async fn ask<T>(&self, question: impl AsyncFnOnce(&mut Connection) -> RedisResult<T>) -> Result<T, String> {
        let asked = async {
            let mut connection = self.pool.get().await.map_err(|error| error.to_string())?;
            question(&mut connection).await.map_err(|error| error.to_string())
        };
        let answer = tokio::time::timeout(self.wait, asked).await.unwrap_or_else(|_| Err("no answer in time".into()));
        let rests_until = answer.is_err().then(|| Instant::now() + REST);
        *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner) = rests_until;
        answer
    }

    /// Whether it answers.
    ///
    /// # Errors
    /// What kept it from answering in time.
    pub async fn ping(&self) -> Result<(), String> {
        self.ask(async |connection| {
            deadpool_redis::redis::cmd("PING").query_async::<String>(connection).await.map(|_| ())
        })
        .await
    }
}
