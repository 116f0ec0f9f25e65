//! Limits: how many bookings, or how many minutes, a day, week, month or year may hold.
//!
//! What must stay true: periods are those of the wall in the limit's zone; a booking that runs over the
//! end of a period counts in each of them, with the minutes that lie there.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc, Weekday};

use super::{
    MINUTE, Secs, floor,
    hours::{WallTime, Weekdays},
    instant, outer,
};
use crate::kernel::{
    interval::{Interval, Set},
    zone::Zone,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    Day,
    /// Begins on this day.
    Week(Weekday),
    Month,
    Year,
}

impl Period {
    fn first_date(self, date: NaiveDate) -> NaiveDate {
        match self {
            Self::Day => Some(date),
            Self::Week(first) => Some(date.week(first).first_day()),
            Self::Month => date.with_day(1),
            Self::Year => date.with_ordinal(1),
        }
        .unwrap_or(date)
    }

    fn next(self, first: NaiveDate) -> NaiveDate {
        match self {
            Self::Day => first.checked_add_days(Days::new(1)),
            Self::Week(_) => first.checked_add_days(Days::new(7)),
            Self::Month => first.checked_add_months(Months::new(1)),
            Self::Year => first.checked_add_months(Months::new(12)),
        }
        .unwrap_or(NaiveDate::MAX)
    }
}

#[derive(Clone, Debug)]
pub struct Limit {
    pub per: Period,
    pub zone: Zone,
    pub max_count: Option<u32>,
    pub max_minutes: Option<u32>,
    /// Only what lies between these wall times counts; `to` before `from` runs past midnight.
    pub enforce_between: Option<(WallTime, WallTime)>,
    /// Only what lies on these days counts.
    pub enforce_on: Weekdays,
    /// Bookings that count already.
    pub counted: Vec<Interval<DateTime<Utc>>>,
    /// Only for this resource; otherwise for the whole search.
    pub resource: Option<usize>,
}

/// Whether one more booking would exceed the limit.
pub fn exceeds(limit: &Limit, new: Interval<DateTime<Utc>>) -> bool {
    let new = outer(&new);
    !Table::new(limit, new).allows(new)
}

/// Whether shorter periods allow no more than longer ones: anything else can never be reached.
/// `None` is no limit; the order is day, week, month, year.
pub fn limits_ordered(limits: [Option<u32>; 4]) -> bool {
    limits.iter().flatten().is_sorted()
}

/// A limit made ready: the periods that a stretch of time touches, with what they hold.
#[derive(Debug)]
pub(super) struct Table {
    cells: Vec<Cell>,
    max_count: Option<u32>,
    max_secs: Option<Secs>,
}

#[derive(Debug)]
struct Cell {
    time: Interval<Secs>,
    /// The part of it in which the limit is enforced; all of it when `None`.
    enforced: Option<Set<Secs>>,
    count: u32,
    secs: Secs,
}

impl Table {
    pub fn new(limit: &Limit, range: Interval<Secs>) -> Self {
        let mut cells = Vec::new();
        let mut first = limit.per.first_date(limit.zone.date(instant(range.start)));
        loop {
            let next = limit.per.next(first);
            let time = Interval::new(floor(limit.zone.midnight(first)), floor(limit.zone.midnight(next)));
            if time.start >= range.end || next == NaiveDate::MAX {
                break;
            }
            let enforced = limit.is_partial().then(|| limit.enforced(time));
            cells.push(Cell { time, enforced, count: 0, secs: 0 });
            first = next;
        }
        let max_secs = limit.max_minutes.map(|m| Secs::from(m) * MINUTE);
        let mut table = Self { cells, max_count: limit.max_count, max_secs };
        for booking in &limit.counted {
            table.add(outer(booking));
        }
        table
    }

    fn add(&mut self, booking: Interval<Secs>) {
        let first = self.cells.partition_point(|c| c.time.end <= booking.start);
        for cell in self.cells[first..].iter_mut().take_while(|c| c.time.start < booking.end) {
            let secs = cell.held(booking);
            cell.secs += secs;
            cell.count += u32::from(secs > 0);
        }
    }

    pub fn allows(&self, new: Interval<Secs>) -> bool {
        let first = self.cells.partition_point(|c| c.time.end <= new.start);
        self.cells[first..].iter().take_while(|c| c.time.start < new.end).all(|cell| {
            let secs = cell.held(new);
            secs == 0
                || self.max_count.is_none_or(|max| cell.count < max)
                    && self.max_secs.is_none_or(|max| cell.secs + secs <= max)
        })
    }
}

impl Cell {
    /// Seconds of a booking that count here.
    fn held(&self, booking: Interval<Secs>) -> Secs {
        let length = |part: Interval<Secs>| (part.end - part.start).max(0);
        match &self.enforced {
            None => length(self.time.intersect(&booking)),
            Some(parts) => parts.iter().map(|part| length(part.intersect(&booking))).sum(),
        }
    }
}

impl Limit {
    fn is_partial(&self) -> bool {
        self.enforce_between.is_some() || self.enforce_on != Weekdays::ALL
    }

    /// The parts of a period in which the limit is enforced.
    fn enforced(&self, time: Interval<Secs>) -> Set<Secs> {
        let (from, to) = self.enforce_between.unwrap_or((WallTime::MIDNIGHT, WallTime::END_OF_DAY));
        let mut walk = self.zone.walk();
        let (first, last) = (walk.day(time.start) - 1, walk.day(time.end));
        let days = (first..=last).filter(|&day| self.enforce_on.has_day(day));
        let parts = days.map(|day| {
            let end = to.on(if to < from { day + 1 } else { day });
            Interval::new(walk.instant(from.on(day)), walk.instant(end))
        });
        Set::from_iter(parts).intersect(&Set::of(time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_booking_over_midnight_counts_on_both_days() {
        let at = |text: &str| text.parse().unwrap();
        let over_midnight = Interval::new(at("2026-01-05T23:30:00Z"), at("2026-01-06T00:30:00Z"));
        let limit = |max_count, max_minutes| Limit {
            per: Period::Day,
            zone: Zone::utc(),
            max_count,
            max_minutes,
            enforce_between: None,
            enforce_on: Weekdays::ALL,
            counted: vec![over_midnight],
            resource: None,
        };
        for day in ["2026-01-05", "2026-01-06"] {
            let noon = at(&format!("{day}T12:00:00Z"));
            let hour = Interval::new(noon, noon + chrono::TimeDelta::hours(1));
            assert!(exceeds(&limit(Some(1), None), hour) && !exceeds(&limit(Some(2), None), hour));
            assert!(exceeds(&limit(None, Some(89)), hour) && !exceeds(&limit(None, Some(90)), hour));
        }
    }
}
