//! Where a booking may go from where: pure. The trigger `app.booking_transition` has the last word; a test
//! holds both tables together.

pub mod series;
pub mod windows;

use ::entity::enums::BookingStatus::{self, Canceled, CheckedIn, Completed, Confirmed, NoShow, Pending};
use chrono::{DateTime, Utc};

/// One step in a booking's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    pub from: &'static [BookingStatus],
    pub to: BookingStatus,
    /// What the outbox is told.
    pub event: &'static str,
    /// As it is said of the booking: "cannot be ..".
    pub done: &'static str,
    /// Whether it must wait until the booking begins.
    pub once_begun: bool,
}

pub const CONFIRM: Move = step(&[Pending], Confirmed, "BOOKING_CONFIRMED", "confirmed");
pub const CANCEL: Move = step(&[Pending, Confirmed], Canceled, "BOOKING_CANCELED", "canceled");
pub const CHECK_IN: Move = step(&[Confirmed], CheckedIn, "BOOKING_CHECKED_IN", "checked in");
pub const COMPLETE: Move = step(&[CheckedIn], Completed, "BOOKING_COMPLETED", "completed");
/// Nobody has failed to come before the time has come.
pub const NO_SHOW: Move = Move { once_begun: true, ..step(&[Confirmed], NoShow, "BOOKING_NO_SHOW", "a no-show") };

/// What becomes of a booking that another one takes the place of: canceled, told as one move of the two.
pub const RESCHEDULE: Move = Move { event: "BOOKING_RESCHEDULED", done: "rescheduled", ..CANCEL };

/// Every move that is made on purpose.
pub const MOVES: [Move; 5] = [CONFIRM, CANCEL, CHECK_IN, COMPLETE, NO_SHOW];

const fn step(from: &'static [BookingStatus], to: BookingStatus, event: &'static str, done: &'static str) -> Move {
    Move { from, to, event, done, once_begun: false }
}

impl Move {
    /// Why a booking does not move, in a sentence; `None` when it may.
    #[must_use]
    pub fn refusal(&self, status: BookingStatus, start: DateTime<Utc>, now: DateTime<Utc>) -> Option<String> {
        if !self.from.contains(&status) {
            let status = status.as_str().replace('_', " ");
            return Some(format!("A booking that is {status} cannot be {}.", self.done));
        }
        let early = self.once_begun && now < start;
        early.then(|| format!("A booking that has not begun cannot be {}.", self.done))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_move_leads_back_and_each_is_told_apart() {
        for one in MOVES {
            assert!(!one.from.contains(&one.to));
            assert!(!MOVES.iter().any(|other| other.from.contains(&one.to) && one.from.contains(&other.to)));
            assert_eq!(MOVES.iter().filter(|other| other.event == one.event || other.to == one.to).count(), 1);
        }
    }

    #[test]
    fn nobody_fails_to_come_before_the_time() {
        let start: DateTime<Utc> = "2026-03-02T09:30:00Z".parse().unwrap();
        let before = start - chrono::TimeDelta::seconds(1);
        assert_eq!(NO_SHOW.refusal(Confirmed, start, start), None);
        assert!(NO_SHOW.refusal(Confirmed, start, before).unwrap().contains("has not begun"));
        assert_eq!(CHECK_IN.refusal(Confirmed, start, before), None, "whoever comes early is there");
        let late = NO_SHOW.refusal(CheckedIn, start, start).unwrap();
        assert_eq!(late, "A booking that is checked in cannot be a no-show.");
    }
}
