//! When an event that could not be worked on is tried again, and when nobody tries any more.

use chrono::TimeDelta;

/// How often an event is tried before it lies still for an operator. With [`wait`] this takes about 14 hours.
pub const ATTEMPTS: i32 = 16;

/// How long one attempt may take. A worker that died in it leaves the event to the next after this.
pub const LEASE: TimeDelta = TimeDelta::seconds(120);

/// After the first attempt 15 seconds, then twice as long each time, at most two hours.
#[must_use]
pub fn wait(attempts: i32) -> TimeDelta {
    let doubled = u32::try_from(attempts.max(1) - 1).unwrap_or_default().min(9);
    TimeDelta::seconds((15_i64 << doubled).min(7_200))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_waits_longer_each_time_and_never_too_long() {
        assert_eq!(
            [1, 2, 3, 9, 10, 11, 1_000].map(|n| wait(n).num_seconds()),
            [15, 30, 60, 3_840, 7_200, 7_200, 7_200]
        );
        assert_eq!([i32::MIN, 0].map(|n| wait(n).num_seconds()), [15, 15]);
        let whole: i64 = (1..ATTEMPTS).map(|n| wait(n).num_seconds()).sum();
        assert_eq!(whole / 3_600, 14);
    }
}
