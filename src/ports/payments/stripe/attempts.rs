//! When a call is sent again: after an answer that does not tell the outcome, and after one that says "later". Never
//! after a refusal, and never with another key.
//!
//! Stripe's own word (`Stripe-Should-Retry`) goes before ours. A result is saved under its key once execution has
//! begun, a 500 too: then the same 500 comes again, and whoever called finds out by looking.

use std::time::Duration;

/// So often at most.
pub(super) const ATTEMPTS: u32 = 4;
/// All attempts and pauses together: less than a request of ours may take.
pub(super) const WHOLE: Duration = Duration::from_secs(24);
const FIRST_PAUSE: Duration = Duration::from_millis(150);
const LONGEST_PAUSE: Duration = Duration::from_secs(3);

/// How an attempt ended, as far as that matters here.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ended {
    /// None: no whole answer came.
    pub status: Option<u16>,
    /// `Stripe-Should-Retry`.
    pub should_retry: Option<bool>,
    /// `Retry-After`.
    pub after: Option<Duration>,
}

/// The pause before the next attempt; none when this one was the last. `attempt` counts from 1, `chance` is in 0..1.
pub(super) fn pause(attempt: u32, ended: Ended, chance: f64) -> Option<Duration> {
    let again = match (ended.status, ended.should_retry) {
        (Some(200..=299), _) => false,
        (_, Some(said)) => said,
        (None, None) => true,
        (Some(status), None) => matches!(status, 409 | 424 | 429 | 500..=599),
    };
    if !again || attempt >= ATTEMPTS {
        return None;
    }
    let most = FIRST_PAUSE.saturating_mul(1 << (attempt - 1)).min(LONGEST_PAUSE);
    // half of it is certain, the other half by chance: callers that failed together do not come back together
    let pause = most.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0);
    Some(ended.after.map_or(pause, |after| pause.max(after.min(LONGEST_PAUSE))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(status: u16, should_retry: Option<bool>) -> Ended {
        Ended { status: Some(status), should_retry, after: None }
    }

    #[test]
    fn s02_s05_what_may_pass_is_sent_again_and_what_is_final_is_not() {
        for status in [409, 424, 429, 500, 502, 503, 504] {
            assert!(pause(1, ended(status, None), 0.5).is_some(), "{status}");
            assert!(pause(1, ended(status, Some(false)), 0.5).is_none(), "{status}");
        }
        for status in [200, 400, 401, 402, 403, 404] {
            assert!(pause(1, ended(status, None), 0.5).is_none(), "{status}");
        }
        assert!(pause(1, Ended::default(), 0.5).is_some(), "no answer");
        assert!(pause(1, ended(402, Some(true)), 0.5).is_some(), "Stripe's word goes first");
        assert!(pause(1, ended(200, Some(true)), 0.5).is_none(), "done is done");
    }

    #[test]
    fn attempts_and_pauses_are_bounded() {
        assert!(pause(ATTEMPTS, Ended::default(), 0.5).is_none());
        let longest: Duration = (1..ATTEMPTS).filter_map(|attempt| pause(attempt, Ended::default(), 1.0)).sum();
        assert!(longest < Duration::from_secs(2), "{longest:?}");
        let told = Ended { status: Some(429), should_retry: None, after: Some(Duration::from_secs(3600)) };
        assert_eq!(pause(1, told, 0.0), Some(LONGEST_PAUSE));
        let told = Ended { after: Some(Duration::from_secs(1)), ..told };
        assert_eq!(pause(1, told, 0.0), Some(Duration::from_secs(1)));
    }

    #[test]
    fn those_that_failed_together_do_not_come_back_together() {
        let pauses: Vec<_> = [0.0, 0.5, 1.0].map(|chance| pause(2, Ended::default(), chance)).to_vec();
        assert!(pauses[0] < pauses[1] && pauses[1] < pauses[2]);
    }
}
