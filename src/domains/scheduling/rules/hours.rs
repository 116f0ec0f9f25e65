//! Opening hours: weekly wall-time windows, dates that replace them, and their instants.
//!
//! What must stay true: a window belongs to the local date on which it begins, also when it runs past
//! midnight; a date that the zone does not have opens nothing; windows that touch join.

use chrono::{DateTime, NaiveDate, NaiveTime, Timelike, Utc, Weekday};

use super::{DAY, MINUTE, Secs, inner, outer};
use crate::kernel::{
    interval::{Interval, Set},
    zone::{Walk, Zone},
};

/// Seconds since local midnight, `00:00` to `24:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WallTime(u32);

impl WallTime {
    pub const MIDNIGHT: Self = Self(0);
    pub const END_OF_DAY: Self = Self(86_400);

    /// `HH:MM`, `HH:MM:SS` or `24:00`.
    pub fn parse(text: &str) -> Option<Self> {
        if matches!(text, "24:00" | "24:00:00") {
            return Some(Self::END_OF_DAY);
        }
        NaiveTime::parse_from_str(text, "%H:%M")
            .or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S"))
            .ok()
            .map(Self::from)
    }

    fn secs(self) -> Secs {
        self.0.into()
    }

    /// Wall seconds since 1970-01-01T00:00 of this time on a day.
    pub(super) fn on(self, day: i64) -> Secs {
        day * DAY + self.secs()
    }
}

impl From<NaiveTime> for WallTime {
    fn from(time: NaiveTime) -> Self {
        Self(time.num_seconds_from_midnight())
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weekdays(u8);

impl Weekdays {
    pub const ALL: Self = Self(0b111_1111);

    pub fn has(self, day: Weekday) -> bool {
        self.0 >> day.num_days_from_monday() & 1 == 1
    }

    /// Day number since 1970-01-01, which was a Thursday.
    pub(super) fn has_day(self, day: i64) -> bool {
        self.0 >> (day + 3).rem_euclid(7) & 1 == 1
    }
}

impl FromIterator<Weekday> for Weekdays {
    fn from_iter<I: IntoIterator<Item = Weekday>>(days: I) -> Self {
        Self(days.into_iter().fold(0, |bits, day| bits | 1 << day.num_days_from_monday()))
    }
}

/// Open from `from` to `to` on these days; `to` before `from` is on the next day.
#[derive(Clone, Debug)]
pub struct WeeklyWindow {
    pub days: Weekdays,
    pub from: WallTime,
    pub to: WallTime,
}

/// Replaces the weekly windows of one local date; no windows means closed.
#[derive(Clone, Debug)]
pub struct Override {
    pub date: NaiveDate,
    pub windows: Vec<(WallTime, WallTime)>,
}

/// Between two local dates, both included, the hours are kept in another zone: a person who travels.
#[derive(Clone, Debug)]
pub struct ZonePeriod {
    pub first: NaiveDate,
    pub last: Option<NaiveDate>,
    pub zone: Zone,
}

#[derive(Clone, Debug)]
pub struct Hours {
    pub zone: Zone,
    pub weekly: Vec<WeeklyWindow>,
    pub overrides: Vec<Override>,
    pub zone_periods: Vec<ZonePeriod>,
    /// Openings given as instants, beside the windows.
    pub open: Vec<Interval<DateTime<Utc>>>,
}

impl Hours {
    pub fn new(zone: Zone) -> Self {
        Self { zone, weekly: Vec::new(), overrides: Vec::new(), zone_periods: Vec::new(), open: Vec::new() }
    }

    /// Whether all of a stretch of time lies in one opening.
    pub fn covers(&self, stretch: &Interval<DateTime<Utc>>) -> bool {
        let wanted = outer(stretch);
        self.expand(wanted).covers(&wanted)
    }

    /// Whole minutes of a stretch of time that are open, without the absences.
    pub fn minutes(&self, stretch: &Interval<DateTime<Utc>>, absences: &[Interval<DateTime<Utc>>]) -> u64 {
        let wanted = inner(stretch);
        let absent: Set<Secs> = absences.iter().map(outer).collect();
        let open = self.expand(wanted).intersect(&Set::of(wanted)).subtract(&absent);
        open.iter().map(|one| (one.end - one.start).unsigned_abs()).sum::<u64>() / MINUTE.unsigned_abs()
    }

    /// Openings that reach into `range`; those at its edges are not cut.
    pub(super) fn expand(&self, range: Interval<Secs>) -> Set<Secs> {
        // two days more on both sides: zones lie up to 26 hours apart, and a window may run past midnight
        let (first, last) = (range.start.div_euclid(DAY) - 2, range.end.div_euclid(DAY) + 2);
        let mut walks: Vec<Walk<'_>> =
            std::iter::once(&self.zone).chain(self.zone_periods.iter().map(|p| &p.zone)).map(Zone::walk).collect();
        let mut windows: Vec<_> = self.open.iter().map(inner).collect();
        if !self.weekly.is_empty() || !self.overrides.is_empty() {
            for day in first..=last {
                if let Some(walk) = walks.get_mut(self.zone_of(day)) {
                    self.expand_day(day, walk, &mut windows);
                }
            }
        }
        windows.into_iter().collect()
    }

    /// Whether a date has hours of its own.
    pub(super) fn has_override(&self, date: NaiveDate) -> bool {
        self.overrides.iter().any(|o| o.date == date)
    }

    /// Place of the zone in force on a day: 0 is the own one.
    fn zone_of(&self, day: i64) -> usize {
        let within = |p: &ZonePeriod| number(p.first) <= day && p.last.is_none_or(|last| day <= number(last));
        self.zone_periods.iter().position(within).map_or(0, |place| place + 1)
    }

    fn expand_day(&self, day: i64, walk: &mut Walk<'_>, windows: &mut Vec<Interval<Secs>>) {
        if !walk.has_day(day) {
            return;
        }
        let mut push = |from: WallTime, to: WallTime| {
            let end = to.on(if to < from { day + 1 } else { day });
            windows.push(Interval::new(walk.instant(from.on(day)), walk.instant(end)));
        };
        let mut own = self.overrides.iter().filter(|o| number(o.date) == day).peekable();
        if own.peek().is_some() {
            own.flat_map(|o| &o.windows).for_each(|&(from, to)| push(from, to));
        } else {
            self.weekly.iter().filter(|w| w.days.has_day(day)).for_each(|w| push(w.from, w.to));
        }
    }
}

fn number(date: NaiveDate) -> i64 {
    date.to_epoch_days().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wall_times() {
        assert_eq!(WallTime::parse("24:00"), Some(WallTime::END_OF_DAY));
        assert_eq!(WallTime::parse("00:30").map(WallTime::secs), Some(1_800));
        assert!(["", "24:01", "9", "25:00", "-1:00"].iter().all(|t| WallTime::parse(t).is_none()));
    }

    #[test]
    fn the_missing_date_of_apia_opens_nothing() {
        // 30 December 2011 would have been a Friday; its hours must not appear on the Saturday
        let mut hours = Hours::new(Zone::parse("Pacific/Apia").unwrap());
        let (from, to) = (WallTime::parse("09:00").unwrap(), WallTime::parse("17:00").unwrap());
        hours.weekly.push(WeeklyWindow { days: Weekdays::from_iter([Weekday::Fri]), from, to });
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap().timestamp();
        let open = hours.expand(Interval::new(at("2011-12-20T00:00:00Z"), at("2012-01-06T12:00:00Z")));
        let starts: Vec<_> = open.iter().map(|i| i.start).collect();
        assert_eq!(starts, [at("2011-12-23T19:00:00Z"), at("2012-01-05T19:00:00Z")]);
    }
}
