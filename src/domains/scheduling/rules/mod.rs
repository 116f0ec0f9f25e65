//! The scheduling engine: what is free, by which rules, and why not.
//!
//! What must stay true:
//! - A time is **listed exactly when it is bookable**: [`check`] is [`slots`] over one second.
//! - A booking occupies `[start - buffer before, end + buffer after)` of its resource, and two occupied
//!   ranges of one resource never overlap: the same sentence that the database's exclusion constraint states.
//! - Opening hours are wall time in the resource's zone; everything after them is half-open UTC seconds.
//! - An answer depends on the [`Search`] alone: not on the machine's zone, not on how wide the query is.
//!
//! Resources are named by their place in [`Search::resources`]; the caller keeps the ids beside.

mod assign;
mod dated;
mod explain;
mod grid;
mod hours;
mod itinerary;
mod limit;
mod pick;
mod plan;
mod pool;
mod recurrence;
mod resource;
mod rrule;
mod search;
mod service;
mod window;

pub use assign::{Assign, distinct};
pub use dated::{ExceptionRow, RuleRow, always, dated};
pub use explain::{Reason, explain};
pub use grid::LOOK_BACK_DAYS;
pub use hours::{Hours, Override, WallTime, Weekdays, WeeklyWindow, ZonePeriod};
pub use itinerary::{Errand, Stop, Time, Visit, VisitWish, Visits, visits};
pub use limit::{Limit, Period, exceeds, limits_ordered};
pub use pick::{Candidate, Order, pick, rank};
pub use pool::{Use, fits};
pub use recurrence::{Ending, Recurrence, Repeat};
pub use resource::{Busy, ResourceCalendar};
pub use rrule::RruleError;
pub use search::{Invalid, Listing, MAX_QUERY_DAYS, Offer, Search, Slot, check, slots};
pub use service::{Grid, Rounding, ServiceRules};
pub use window::{Window, rolling_window_end};

use chrono::{DateTime, Utc};

use crate::kernel::interval::Interval;

/// UTC seconds since the epoch: the engine's inner unit.
type Secs = i64;

const MINUTE: Secs = 60;
const DAY: Secs = 86_400;

fn floor(at: DateTime<Utc>) -> Secs {
    at.timestamp()
}

fn ceil(at: DateTime<Utc>) -> Secs {
    at.timestamp() + Secs::from(at.timestamp_subsec_nanos() > 0)
}

fn ceil_to(at: Secs, step: Secs) -> Secs {
    at.div_euclid(step) * step + if at.rem_euclid(step) == 0 { 0 } else { step }
}

fn minutes(count: u32) -> Secs {
    Secs::from(count) * MINUTE
}

fn instant(at: Secs) -> DateTime<Utc> {
    DateTime::from_timestamp(at, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Whole seconds inside an opening.
fn inner(range: &Interval<DateTime<Utc>>) -> Interval<Secs> {
    Interval::new(ceil(range.start), floor(range.end))
}

/// Whole seconds that an occupation touches.
fn outer(range: &Interval<DateTime<Utc>>) -> Interval<Secs> {
    Interval::new(floor(range.start), ceil(range.end))
}
