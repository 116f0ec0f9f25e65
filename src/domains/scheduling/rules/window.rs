//! How far ahead a service may be booked.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};

use super::{Secs, floor};
use crate::kernel::{interval::Interval, zone::Zone};

/// Days are those of `zone`, or of the first resource's zone.
#[derive(Clone, Debug)]
pub enum Window {
    Any,
    /// Today and this many days more; only Monday to Friday count unless `weekends`.
    RollingDays {
        days: u32,
        weekends: bool,
        zone: Option<Zone>,
    },
    /// Until this many days have at least one free time.
    BookableDays {
        days: u32,
        weekends: bool,
        zone: Option<Zone>,
    },
    /// Both dates are included.
    Dates {
        first: NaiveDate,
        last: NaiveDate,
        zone: Option<Zone>,
    },
}

/// No farther than two months ahead does a window of bookable days look.
pub(super) const LOOK_AHEAD_DAYS: u32 = 61;

/// A hundred years are no limit.
const MOST_DAYS: usize = 36_525;

/// All time: half of the range, so that sums do not overflow.
pub(super) const ALWAYS: Interval<Secs> = Interval::new(i64::MIN / 2, i64::MAX / 2);

impl Window {
    pub(super) fn zone(&self) -> Option<&Zone> {
        match self {
            Self::Any => None,
            Self::RollingDays { zone, .. } | Self::BookableDays { zone, .. } | Self::Dates { zone, .. } => {
                zone.as_ref()
            }
        }
    }

    /// Instants at which a slot may start. `bookable` is asked only where the window depends on it.
    pub(super) fn range(
        &self,
        now: DateTime<Utc>,
        fallback: &Zone,
        bookable: impl FnOnce(&Zone, NaiveDate) -> BTreeSet<NaiveDate>,
    ) -> Interval<Secs> {
        let zone = self.zone().unwrap_or(fallback);
        let today = zone.date(now);
        let until = |last: NaiveDate| Interval::new(ALWAYS.start, floor(zone.dates(last, last).end));
        match *self {
            Self::Any => ALWAYS,
            Self::RollingDays { days, weekends, .. } => until(ahead(today, days, weekends)),
            Self::BookableDays { days, weekends, .. } => {
                let dates = bookable(zone, today + Days::new(LOOK_AHEAD_DAYS.into()));
                until(rolling_window_end(today, days, &dates, weekends, LOOK_AHEAD_DAYS))
            }
            Self::Dates { first, last, .. } => {
                let dates = zone.dates(first, last);
                Interval::new(floor(dates.start), floor(dates.end))
            }
        }
    }
}

/// The date on which the needed number of bookable dates is reached, today included; the last bookable
/// one when there are fewer, and as far as one looks when there is none.
pub fn rolling_window_end(
    today: NaiveDate,
    days_needed: u32,
    bookable: &BTreeSet<NaiveDate>,
    weekends: bool,
    look_ahead_days: u32,
) -> NaiveDate {
    if days_needed == 0 {
        return today;
    }
    today
        .iter_days()
        .take(look_ahead_days as usize)
        .filter(|date| bookable.contains(date) && (weekends || !is_weekend(*date)))
        .take(days_needed as usize)
        .last()
        .or_else(|| today.checked_add_days(Days::new(look_ahead_days.into())))
        .unwrap_or(today)
}

fn ahead(today: NaiveDate, days: u32, weekends: bool) -> NaiveDate {
    let counts = |date: &NaiveDate| weekends || !is_weekend(*date);
    match days as usize {
        0 => today,
        days => today.iter_days().skip(1).filter(counts).nth(days.min(MOST_DAYS) - 1).unwrap_or(NaiveDate::MAX),
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}
