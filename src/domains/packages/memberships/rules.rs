//! When the periods of a membership end. Pure.

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};

use crate::kernel::zone::Zone;

/// From where a membership's periods are counted: the date in the member's zone on which the period of this number
/// begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    pub date: NaiveDate,
    pub period: i32,
}

impl Anchor {
    /// Where a membership begins now.
    #[must_use]
    pub fn now(zone: &Zone, now: DateTime<Utc>) -> Self {
        Self { date: zone.date(now), period: 0 }
    }

    /// The instant at which a period ends: midnight of the member. Each is counted from the anchor, not from the one
    /// before it: whoever begins on the 31st has the 28th in February and the 31st again in March. `None` beyond what
    /// the calendar has.
    #[must_use]
    pub fn end_of(&self, period: i32, months: u32, zone: &Zone) -> Option<DateTime<Utc>> {
        let periods = u32::try_from(period.checked_add(1)?.checked_sub(self.period)?).ok()?;
        let date = self.date.checked_add_months(Months::new(periods.checked_mul(months)?))?;
        Some(zone.midnight(date))
    }

    /// Where the periods are counted from after a pause in period `period`, of which `left` was left: the period ends so
    /// much later than now, at the next midnight, so that nobody loses a moment of it.
    #[must_use]
    pub fn resumed(zone: &Zone, now: DateTime<Utc>, left: TimeDelta, period: i32) -> Option<Self> {
        let end = now.checked_add_signed(left.max(TimeDelta::zero()))?;
        let date = zone.date(end);
        let date = if zone.midnight(date) < end { date.succ_opt()? } else { date };
        Some(Self { date, period: period.checked_add(1)? })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn berlin() -> Zone {
        Zone::parse("Europe/Berlin").unwrap()
    }

    fn dates(from: &str, zone: &Zone, months: u32, count: i32) -> Vec<String> {
        let anchor = Anchor { date: from.parse().unwrap(), period: 0 };
        let end = |period| zone.date(anchor.end_of(period, months, zone).unwrap()).to_string();
        (0..count).map(end).collect()
    }

    #[test]
    fn the_31st_stays_the_31st() {
        let expected = ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"];
        assert_eq!(dates("2026-01-31", &berlin(), 1, 4), expected);
        assert_eq!(dates("2027-11-30", &berlin(), 3, 2), ["2028-02-29", "2028-05-30"]);
    }

    #[test]
    fn a_period_ends_at_the_members_midnight_whatever_the_clocks_do() {
        let anchor = Anchor { date: "2026-03-15".parse().unwrap(), period: 0 };
        let ends = |name: &str| anchor.end_of(0, 1, &Zone::parse(name).unwrap()).unwrap().to_rfc3339();
        assert_eq!(ends("Europe/Berlin"), "2026-04-14T22:00:00+00:00");
        assert_eq!(ends("America/New_York"), "2026-04-15T04:00:00+00:00");
        assert_eq!(ends("Pacific/Auckland"), "2026-04-14T12:00:00+00:00");
    }

    proptest! {
        #[test]
        fn periods_follow_each_other(day in 0_i64..20_000, months in 1_u32..=12, period in 0_i32..200) {
            let zone = berlin();
            let date = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap() + TimeDelta::days(day);
            let anchor = Anchor { date, period: 0 };
            let end = |period| anchor.end_of(period, months, &zone).unwrap();
            prop_assert!(end(period) < end(period + 1));
            let days = (end(period + 1) - end(period)).num_days();
            prop_assert!(i64::from(months) * 27 <= days && days <= i64::from(months) * 31 + 1);
        }

        #[test]
        fn a_pause_takes_nothing(seconds in 0_i64..40_000_000, paused in 0_i64..100_000_000, period in 0_i32..50) {
            let (zone, left) = (berlin(), TimeDelta::seconds(seconds));
            let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(paused);
            let anchor = Anchor::resumed(&zone, now, left, period).unwrap();
            let end = anchor.end_of(period, 1, &zone).unwrap();
            prop_assert!(end >= now + left && end <= now + left + TimeDelta::hours(25));
            prop_assert!(anchor.end_of(period + 1, 1, &zone).unwrap() > end);
        }
    }
}
