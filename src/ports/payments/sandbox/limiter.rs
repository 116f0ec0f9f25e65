//! So many calls a second of an account, as Stripe limits its own sandboxes (S5).

use std::collections::HashMap;
use std::time::Instant;

#[derive(Debug)]
pub(super) struct Limiter {
    /// None: no limit.
    rate: Option<u32>,
    buckets: HashMap<String, (f64, Instant)>,
}

impl Limiter {
    pub(super) fn new(rate: Option<u32>) -> Self {
        Self { rate, buckets: HashMap::new() }
    }

    pub(super) fn set(&mut self, rate: Option<u32>) {
        *self = Self::new(rate);
    }

    /// Takes one; false when there is none.
    pub(super) fn take(&mut self, account: &str, now: Instant) -> bool {
        let Some(rate) = self.rate else { return true };
        let rate = f64::from(rate);
        let (left, then) = self.buckets.entry(account.to_owned()).or_insert((rate, now));
        *left = (*left + now.saturating_duration_since(*then).as_secs_f64() * rate).min(rate);
        *then = now;
        if *left < 1.0 {
            return false;
        }
        *left -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn s05_each_account_has_25_a_second_of_its_own() {
        let mut limiter = Limiter::new(Some(25));
        let now = Instant::now();
        assert_eq!((0..100).filter(|_| limiter.take("acct_a", now)).count(), 25);
        assert_eq!((0..100).filter(|_| limiter.take("acct_b", now)).count(), 25);
        assert_eq!((0..100).filter(|_| limiter.take("acct_a", now + Duration::from_millis(200))).count(), 5);
    }
}
