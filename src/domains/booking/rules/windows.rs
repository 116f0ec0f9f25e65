//! Until when customers may change their bookings by themselves. Members may at any time: these windows are not theirs.

use ::entity::enums::BookingStatus::{self, Confirmed, Pending};
use chrono::{DateTime, TimeDelta, Utc};

/// Why a customer may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is canceled, or over, or the customer is there already.
    State,
    /// It has begun.
    Begun,
    /// The business wants to be asked.
    Never,
    /// The last moment has passed.
    TooLate,
}

impl Reason {
    /// As programs compare it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Begun => "begun",
            Self::Never => "never",
            Self::TooLate => "too_late",
        }
    }
}

/// Whether a customer may, until when, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The last moment, which is still in time; `None` where there is none.
    pub until: Option<DateTime<Utc>>,
    /// `None`: may.
    pub refusal: Option<Reason>,
}

/// Decides for a booking in `status` that begins at `start`. `window` is the minutes before that; `None` is never.
#[must_use]
pub fn decide(window: Option<i32>, status: BookingStatus, start: DateTime<Utc>, now: DateTime<Utc>) -> Verdict {
    let until = window.map(|minutes| start - TimeDelta::minutes(minutes.max(0).into()));
    let refusal = if !matches!(status, Pending | Confirmed) {
        Some(Reason::State)
    } else if now >= start {
        Some(Reason::Begun)
    } else {
        match until {
            None => Some(Reason::Never),
            Some(until) if now > until => Some(Reason::TooLate),
            Some(_) => None,
        }
    };
    Verdict { until, refusal }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> DateTime<Utc> {
        "2026-03-02T09:30:00Z".parse().unwrap()
    }

    fn before(by: TimeDelta, window: Option<i32>) -> Option<Reason> {
        decide(window, Confirmed, start(), start() - by).refusal
    }

    #[test]
    fn the_last_moment_is_in_time() {
        let day = TimeDelta::days(1);
        assert_eq!(before(day, Some(1440)), None);
        assert_eq!(before(day - TimeDelta::microseconds(1), Some(1440)), Some(Reason::TooLate));
        assert_eq!(decide(Some(1440), Pending, start(), start() - day).until, Some(start() - day));
    }

    #[test]
    fn without_minutes_it_is_until_it_begins() {
        assert_eq!(before(TimeDelta::microseconds(1), Some(0)), None);
        assert_eq!(before(TimeDelta::zero(), Some(0)), Some(Reason::Begun));
        assert_eq!(before(TimeDelta::days(-1), Some(1440)), Some(Reason::Begun));
    }

    #[test]
    fn never_is_never_and_the_state_speaks_first() {
        assert_eq!(before(TimeDelta::days(900), None), Some(Reason::Never));
        assert_eq!(decide(None, Confirmed, start(), start()).until, None);
        for status in BookingStatus::ALL {
            let refusal = decide(None, *status, start(), start() - TimeDelta::days(1)).refusal;
            let open = matches!(status, Pending | Confirmed);
            assert_eq!(refusal, Some(if open { Reason::Never } else { Reason::State }), "{status:?}");
        }
    }
}
