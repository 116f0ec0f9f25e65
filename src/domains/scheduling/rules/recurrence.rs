//! Series: the part of RFC 5545 recurrence that a booking needs.
//!
//! What must stay true: a series keeps its wall time over clock changes; a date that does not exist
//! (31 April, a fifth Wednesday, Apia's 30 December 2011) is skipped, never moved.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, Utc, Weekday};

use super::hours::Weekdays;
use crate::kernel::zone::Zone;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    Daily,
    /// On these days, or on the first date's weekday when none is given. Weeks begin on Monday (WKST).
    Weekly(Weekdays),
    /// On the first date's day of the month.
    MonthlyDay,
    /// On the first date's n-th weekday of the month.
    MonthlyNthWeekday,
    /// On the n-th of these weekdays, 1 to 5; from the end of the month when n is below zero.
    MonthlyWeekday(i8, Weekday),
    Yearly,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Occurrences, the first included.
    Count(u32),
    /// Last local date, included.
    Until(NaiveDate),
    /// Last instant, included.
    UntilInstant(DateTime<Utc>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurrence {
    pub repeat: Repeat,
    /// Every n-th day, week, month or year; 0 counts as 1.
    pub interval: u32,
    pub ending: Ending,
}

/// Periods without any occurrence after which a rule is given up: 400 years of the calendar at most.
const BARREN: usize = 4_800;

impl Recurrence {
    /// Local dates in order, of those that `exists` lets through; the first is one of them.
    fn dates<F: Fn(&NaiveDate) -> bool>(
        &self,
        first: NaiveDate,
        exists: F,
    ) -> impl Iterator<Item = NaiveDate> + use<F> {
        let (until, count) = match self.ending {
            Ending::Until(date) => (date, usize::MAX),
            Ending::UntilInstant(_) => (NaiveDate::MAX, usize::MAX),
            Ending::Count(count) => (NaiveDate::MAX, count as usize),
        };
        let (repeat, interval) = (self.repeat, self.interval.max(1));
        let mut period = 0u32;
        let mut ready: Vec<NaiveDate> = Vec::new();
        let later = std::iter::from_fn(move || {
            for _ in 0..BARREN {
                if let Some(date) = ready.pop() {
                    return Some(date);
                }
                ready = repeat.period(first, period.checked_mul(interval)?)?;
                ready.reverse();
                period += 1;
            }
            None
        });
        let later = later.filter(move |date| *date > first);
        let dates = std::iter::once(first).chain(later).take_while(move |date| *date <= until);
        dates.filter(exists).take(count)
    }

    /// Instants in order, each with the first one's wall time.
    pub fn instants<'z>(&self, first: NaiveDateTime, zone: &'z Zone) -> impl Iterator<Item = DateTime<Utc>> + use<'z> {
        let time: NaiveTime = first.time();
        let dates = self.dates(first.date(), |date| zone.has_date(*date));
        let until = match self.ending {
            Ending::UntilInstant(until) => until,
            Ending::Until(_) | Ending::Count(_) => DateTime::<Utc>::MAX_UTC,
        };
        dates.map(move |date| zone.instant(date.and_time(time))).take_while(move |at| *at <= until)
    }

    /// Whether the rule itself names the first date: RFC 5545 leaves open what it means where it does not.
    #[must_use]
    pub fn begins_on(&self, first: NaiveDate) -> bool {
        self.repeat.period(first, 0).is_some_and(|dates| dates.contains(&first))
    }
}

impl Repeat {
    /// Dates of the n-th day, week, month or year; `None` past the end of the calendar.
    fn period(self, first: NaiveDate, n: u32) -> Option<Vec<NaiveDate>> {
        let month = |months: u32| first.with_day(1)?.checked_add_months(Months::new(months));
        let one = |date: Option<NaiveDate>| date.into_iter().collect();
        Some(match self {
            Self::Daily => vec![first.checked_add_days(Days::new(n.into()))?],
            Self::Weekly(days) => {
                let monday = first.week(Weekday::Mon).first_day().checked_add_days(Days::new(7 * u64::from(n)))?;
                let wanted = |date: &NaiveDate| match days {
                    none if none == Weekdays::default() => date.weekday() == first.weekday(),
                    days => days.has(date.weekday()),
                };
                monday.iter_days().take(7).filter(wanted).collect()
            }
            Self::MonthlyDay => one(month(n)?.with_day(first.day())),
            Self::MonthlyNthWeekday => {
                let start = month(n)?;
                let nth = u8::try_from(first.day0() / 7 + 1).ok()?;
                one(NaiveDate::from_weekday_of_month_opt(start.year(), start.month(), first.weekday(), nth))
            }
            Self::MonthlyWeekday(nth, day) => one(nth_weekday(month(n)?, nth, day)),
            Self::Yearly => one(month(n.checked_mul(12)?)?.with_day(first.day())),
        })
    }
}

/// The n-th such day of the month that begins with `start`, counted from its end when `nth` is below zero.
fn nth_weekday(start: NaiveDate, nth: i8, day: Weekday) -> Option<NaiveDate> {
    let found = if nth > 0 {
        NaiveDate::from_weekday_of_month_opt(start.year(), start.month(), day, nth.unsigned_abs())?
    } else {
        let last = start.checked_add_months(Months::new(1))?.pred_opt()?;
        let back = last.weekday().days_since(day) + 7 * u32::from(nth.unsigned_abs().checked_sub(1)?);
        last.checked_sub_days(Days::new(back.into()))?
    };
    (found.month() == start.month()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(repeat: Repeat, interval: u32, ending: Ending, first: &str) -> Vec<String> {
        let rule = Recurrence { repeat, interval, ending };
        rule.dates(first.parse().unwrap(), |_| true).map(|d| d.to_string()).collect()
    }

    #[test]
    fn short_months_and_common_years_are_skipped() {
        let monthly = dates(Repeat::MonthlyDay, 1, Ending::Count(3), "2026-01-31");
        assert_eq!(monthly, ["2026-01-31", "2026-03-31", "2026-05-31"]);
        let leap = dates(Repeat::Yearly, 1, Ending::Count(3), "2024-02-29");
        assert_eq!(leap, ["2024-02-29", "2028-02-29", "2032-02-29"]);
    }

    #[test]
    fn a_rule_that_never_comes_again_ends() {
        assert_eq!(dates(Repeat::MonthlyDay, 12, Ending::Count(9), "2026-02-28").len(), 9);
        assert_eq!(dates(Repeat::Yearly, 1, Ending::Count(2), "2096-02-29"), ["2096-02-29", "2104-02-29"]);
        assert_eq!(dates(Repeat::MonthlyDay, 0, Ending::Until("2026-01-01".parse().unwrap()), "2026-02-01").len(), 0);
    }

    #[test]
    fn weekdays_are_counted_from_either_end_of_the_month() {
        let second = dates(Repeat::MonthlyWeekday(2, Weekday::Tue), 1, Ending::Count(3), "2026-09-08");
        assert_eq!(second, ["2026-09-08", "2026-10-13", "2026-11-10"]);
        let last = dates(Repeat::MonthlyWeekday(-1, Weekday::Fri), 1, Ending::Count(3), "2026-01-30");
        assert_eq!(last, ["2026-01-30", "2026-02-27", "2026-03-27"]);
        let fifth = dates(Repeat::MonthlyWeekday(5, Weekday::Mon), 1, Ending::Count(3), "2026-03-30");
        assert_eq!(fifth, ["2026-03-30", "2026-06-29", "2026-08-31"]);
        let back = dates(Repeat::MonthlyWeekday(-5, Weekday::Mon), 1, Ending::Count(2), "2026-03-02");
        assert_eq!(back, ["2026-03-02", "2026-06-01"]);
        let rule = |nth| Recurrence {
            repeat: Repeat::MonthlyWeekday(nth, Weekday::Tue),
            interval: 1,
            ending: Ending::Count(1),
        };
        let date = "2026-09-08".parse().unwrap();
        assert!(rule(2).begins_on(date) && rule(-4).begins_on(date));
        assert!(!rule(1).begins_on(date) && !rule(-1).begins_on(date));
    }

    #[test]
    fn an_instant_ends_it_too() {
        let zone = Zone::parse("America/New_York").unwrap();
        let until = Ending::UntilInstant("2026-03-09T13:00:00Z".parse().unwrap());
        let rule = Recurrence { repeat: Repeat::Daily, interval: 1, ending: until };
        let starts: Vec<_> = rule.instants("2026-03-07T09:00:00".parse().unwrap(), &zone).collect();
        let told: Vec<_> = starts.iter().map(|s| s.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)).collect();
        assert_eq!(told, ["2026-03-07T14:00:00Z", "2026-03-08T13:00:00Z", "2026-03-09T13:00:00Z"]);
    }

    #[test]
    fn weeks_begin_on_monday() {
        let days = [Weekday::Tue, Weekday::Sun].into_iter().collect();
        let found = dates(Repeat::Weekly(days), 2, Ending::Count(4), "1997-08-05");
        assert_eq!(found, ["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"]);
    }

    #[test]
    fn a_missing_date_is_skipped() {
        let zone = Zone::parse("Pacific/Apia").unwrap();
        let rule = Recurrence { repeat: Repeat::Daily, interval: 1, ending: Ending::Count(3) };
        let starts: Vec<_> = rule.instants("2011-12-29T09:00:00".parse().unwrap(), &zone).collect();
        let dates: Vec<_> = starts.iter().map(|s| zone.date(*s).to_string()).collect();
        assert_eq!(dates, ["2011-12-29", "2011-12-31", "2012-01-01"]);
    }
}
