//! Where a booking may go from where, and where its wall time is: pure. The trigger `app.booking_transition` has the last word; a test
//! holds both tables together.

pub mod payment;
pub mod series;
pub mod windows;

use ::entity::enums::BookingStatus::{self, Canceled, CheckedIn, Completed, Confirmed, Failed, NoShow, Pending};
use chrono::{DateTime, NaiveDateTime, Utc};

use crate::kernel::zone::Zone;

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

/// What becomes of a booking that was not paid in time. Nobody asks for it.
pub const FAIL: Move = step(&[Pending], Failed, "BOOKING_FAILED", "given up");

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

/// Where the rules of today put a wall time that was arranged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The clock on the wall will show it when the booking begins.
    Stays,
    /// It is another instant.
    Moves(DateTime<Utc>),
    /// The zone has no rules any more.
    Lost,
}

/// Judges an arrangement. A time that the clocks show twice is as good the second time as the first, and one that
/// they skip is where reading it leads.
#[must_use]
pub fn standing(start: DateTime<Utc>, wall: NaiveDateTime, zone: &str) -> Standing {
    let Ok(zone) = Zone::parse(zone) else { return Standing::Lost };
    let to = zone.instant(wall);
    let stays = zone.local(start) == wall || to.timestamp() == start.timestamp();
    if stays { Standing::Stays } else { Standing::Moves(to) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wall_time_stays_while_the_clock_shows_it() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let judge = |start: &str, wall: &str, zone: &str| standing(at(start), wall.parse().unwrap(), zone);
        let york = "America/New_York";
        assert_eq!(judge("2026-03-02T14:30:00Z", "2026-03-02T09:30:00", york), Standing::Stays);
        let moved = judge("2026-03-02T13:30:00Z", "2026-03-02T09:30:00", york);
        assert_eq!(moved, Standing::Moves(at("2026-03-02T14:30:00Z")));
        // shown twice: both are right
        for start in ["2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"] {
            assert_eq!(judge(start, "2026-11-01T01:30:00", york), Standing::Stays);
        }
        // skipped: read as 03:30
        assert_eq!(judge("2026-03-08T07:30:00Z", "2026-03-08T02:30:00", york), Standing::Stays);
        assert_eq!(judge("2026-03-02T14:30:00Z", "2026-03-02T09:30:00", "Mars/Olympus"), Standing::Lost);
    }

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
