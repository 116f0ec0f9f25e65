//! Rules of repetition as RFC 5545 writes them: `FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=10`.
//!
//! What must stay true: what is printed is read back as the same rule; what is not supported is refused in words,
//! never passed over. The subset: FREQ of DAILY, WEEKLY or MONTHLY, INTERVAL, one of COUNT and UNTIL, BYDAY (days with
//! WEEKLY, one n-th weekday such as `2TU` or `-1FR` with MONTHLY), and WKST=MO, which is how weeks are counted anyway.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc, Weekday};

use super::hours::Weekdays;
use super::recurrence::{Ending, Recurrence, Repeat};

/// The longest period between two occurrences, in days, weeks or months.
const MAX_INTERVAL: u32 = 1_000;

/// The two letters of each day, Monday first.
const DAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Mon),
    ("TU", Weekday::Tue),
    ("WE", Weekday::Wed),
    ("TH", Weekday::Thu),
    ("FR", Weekday::Fri),
    ("SA", Weekday::Sat),
    ("SU", Weekday::Sun),
];

/// Why a rule is none, in a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RruleError(pub String);

impl fmt::Display for RruleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RruleError {}

/// The parts of a rule as they stand there, each at most once.
#[derive(Default)]
struct Parts<'t> {
    freq: Option<&'t str>,
    interval: Option<&'t str>,
    count: Option<&'t str>,
    until: Option<&'t str>,
    by_day: Option<&'t str>,
    week_start: Option<&'t str>,
}

impl<'t> Parts<'t> {
    fn of(text: &'t str) -> Result<Self, RruleError> {
        let mut parts = Self::default();
        for part in text.split(';') {
            let Some((name, value)) = part.split_once('=') else {
                return Err(RruleError("A rule reads NAME=value;NAME=value, beginning with FREQ=.".into()));
            };
            let place = match name {
                "FREQ" => &mut parts.freq,
                "INTERVAL" => &mut parts.interval,
                "COUNT" => &mut parts.count,
                "UNTIL" => &mut parts.until,
                "BYDAY" => &mut parts.by_day,
                "WKST" => &mut parts.week_start,
                _ => return refused("This part of a rule is not supported", name),
            };
            if place.replace(value).is_some() {
                return refused("This part stands twice", name);
            }
        }
        Ok(parts)
    }
}

impl std::str::FromStr for Recurrence {
    type Err = RruleError;

    /// Reads a rule; names are in capital letters, as every program writes them.
    fn from_str(text: &str) -> Result<Self, RruleError> {
        let parts = Parts::of(text)?;
        if parts.week_start.is_some_and(|day| day != "MO") {
            return Err(RruleError("Weeks begin on Monday: only WKST=MO is supported.".into()));
        }
        let repeat = match (parts.freq, parts.by_day) {
            (Some("DAILY"), None) => Repeat::Daily,
            (Some("DAILY"), Some(_)) => {
                return Err(RruleError("With FREQ=DAILY there is no BYDAY: use FREQ=WEEKLY.".into()));
            }
            (Some("WEEKLY"), days) => Repeat::Weekly(days.map(weekdays).transpose()?.unwrap_or_default()),
            (Some("MONTHLY"), None) => Repeat::MonthlyDay,
            (Some("MONTHLY"), Some(day)) => nth_weekday(day)?,
            (Some(other), _) => return refused("FREQ is DAILY, WEEKLY or MONTHLY; this is not supported", other),
            (None, _) => return Err(RruleError("A rule needs FREQ.".into())),
        };
        let ending = match (parts.count, parts.until) {
            (Some(count), None) => Ending::Count(number("COUNT", count, u32::MAX)?),
            (None, Some(until)) => ending(until)?,
            (None, None) => return Err(RruleError("A rule needs an end: COUNT or UNTIL.".into())),
            (Some(_), Some(_)) => return Err(RruleError("A rule has COUNT or UNTIL, not both.".into())),
        };
        let interval = parts.interval.map_or(Ok(1), |value| number("INTERVAL", value, MAX_INTERVAL))?;
        Ok(Self { repeat, interval, ending })
    }
}

/// The one spelling of a rule: FREQ, INTERVAL unless it is 1, BYDAY, then the end.
impl fmt::Display for Recurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.repeat {
            Repeat::Daily => "FREQ=DAILY",
            Repeat::Weekly(_) => "FREQ=WEEKLY",
            Repeat::MonthlyDay | Repeat::MonthlyNthWeekday | Repeat::MonthlyWeekday(..) => "FREQ=MONTHLY",
            Repeat::Yearly => "FREQ=YEARLY",
        })?;
        if self.interval > 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        match self.repeat {
            Repeat::Weekly(days) if days != Weekdays::default() => {
                let named: Vec<&str> = DAYS.iter().filter(|(_, day)| days.has(*day)).map(|(name, _)| *name).collect();
                write!(f, ";BYDAY={}", named.join(","))?;
            }
            Repeat::MonthlyWeekday(nth, day) => {
                let name = DAYS.iter().find(|(_, known)| *known == day).map_or("", |(name, _)| name);
                write!(f, ";BYDAY={nth}{name}")?;
            }
            _ => {}
        }
        match self.ending {
            Ending::Count(count) => write!(f, ";COUNT={count}"),
            Ending::Until(date) => write!(f, ";UNTIL={}", date.format("%Y%m%d")),
            Ending::UntilInstant(at) => write!(f, ";UNTIL={}", at.format("%Y%m%dT%H%M%SZ")),
        }
    }
}

fn refused<T>(sentence: &str, what: &str) -> Result<T, RruleError> {
    let what: String = what.chars().take(20).collect();
    Err(RruleError(format!("{sentence}: {what}.")))
}

/// Digits only: a sign or a space is no number of a rule.
fn number(name: &str, text: &str, most: u32) -> Result<u32, RruleError> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match plain.then(|| text.parse::<u32>().ok()).flatten() {
        Some(number) if (1..=most).contains(&number) => Ok(number),
        _ => Err(RruleError(format!("{name} is a number from 1 to {most}."))),
    }
}

fn weekday(text: &str) -> Option<Weekday> {
    DAYS.iter().find(|(name, _)| *name == text).map(|(_, day)| *day)
}

fn weekdays(text: &str) -> Result<Weekdays, RruleError> {
    let days: Option<Vec<Weekday>> = text.split(',').map(weekday).collect();
    match days {
        Some(days) if days.len() <= DAYS.len() => Ok(days.into_iter().collect()),
        _ => refused("With FREQ=WEEKLY, BYDAY lists days such as MO,TH; this is not supported", text),
    }
}

fn nth_weekday(text: &str) -> Result<Repeat, RruleError> {
    let at = text.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(0);
    let (nth, day) = text.split_at(at);
    let digits = nth.trim_start_matches(['+', '-']);
    // one sign at most, and one digit
    let plain = digits.len() == 1 && nth.len() <= 2;
    match (nth.parse::<i8>(), weekday(day)) {
        (Ok(nth), Some(day)) if plain && (1..=5).contains(&nth.unsigned_abs()) => Ok(Repeat::MonthlyWeekday(nth, day)),
        _ => refused("With FREQ=MONTHLY, BYDAY is one n-th weekday such as 2TU or -1FR; this is not supported", text),
    }
}

/// A date, which is included by the clock of the place; or an instant in UTC.
fn ending(text: &str) -> Result<Ending, RruleError> {
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    let found = match text.strip_suffix('Z').and_then(|rest| rest.split_once('T')) {
        Some((date, time)) if digits(date, 8) && digits(time, 6) => {
            let at = NaiveDateTime::parse_from_str(&format!("{date}{time}"), "%Y%m%d%H%M%S").ok();
            // a leap second is none that a clock of ours shows
            at.map(|at| at.and_utc())
                .filter(|at: &DateTime<Utc>| at.timestamp_subsec_nanos() == 0)
                .map(Ending::UntilInstant)
        }
        None if digits(text, 8) => NaiveDate::parse_from_str(text, "%Y%m%d").ok().map(Ending::Until),
        _ => None,
    };
    found.ok_or_else(|| RruleError("UNTIL is a date such as 20270331, or an instant such as 20270331T120000Z.".into()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day() -> impl Strategy<Value = Weekday> {
        (0..7u8).prop_map(|number| Weekday::try_from(number).unwrap())
    }

    fn rule() -> impl Strategy<Value = Recurrence> {
        let repeat = prop_oneof![
            Just(Repeat::Daily),
            proptest::collection::vec(day(), 0..8).prop_map(|days| Repeat::Weekly(days.into_iter().collect())),
            Just(Repeat::MonthlyDay),
            (1..=5i8, any::<bool>(), day())
                .prop_map(|(nth, last, day)| Repeat::MonthlyWeekday(if last { -nth } else { nth }, day)),
        ];
        let ending = prop_oneof![
            (1..=u32::MAX).prop_map(Ending::Count),
            (0..200_000i64).prop_map(|days| Ending::Until(
                NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + chrono::TimeDelta::days(days)
            )),
            (0..10_000_000_000i64).prop_map(|secs| Ending::UntilInstant(DateTime::from_timestamp(secs, 0).unwrap())),
        ];
        (repeat, 1..=MAX_INTERVAL, ending).prop_map(|(repeat, interval, ending)| Recurrence {
            repeat,
            interval,
            ending,
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_printed_is_read_back(rule in rule()) {
            prop_assert_eq!(rule.to_string().parse::<Recurrence>(), Ok(rule));
        }

        #[test]
        fn parts_stand_in_any_order(rule in rule(), turn in 0..4usize) {
            let printed = rule.to_string();
            let mut parts: Vec<&str> = printed.split(';').chain(["WKST=MO"]).collect();
            let turn = turn % parts.len();
            parts.rotate_left(turn);
            prop_assert_eq!(parts.join(";").parse::<Recurrence>(), Ok(rule));
        }

        #[test]
        fn nothing_else_is_read(text in "[A-Z0-9=;,+-]{0,40}") {
            // whatever is read is a rule that can be written, and reads the same again
            if let Ok(rule) = text.parse::<Recurrence>() {
                prop_assert_eq!(rule.to_string().parse::<Recurrence>(), Ok(rule));
            }
        }

        #[test]
        fn a_rule_with_something_added_is_refused(rule in rule(), more in "[;=,A-Z]{1,6}") {
            let text = format!("{rule}{more}");
            prop_assert!(text.parse::<Recurrence>().is_err(), "{}", text);
        }
    }

    #[test]
    fn what_is_not_supported_is_said() {
        for (text, said) in [
            ("", "NAME=value"),
            ("FREQ=WEEKLY", "needs an end"),
            ("COUNT=3", "needs FREQ"),
            ("FREQ=YEARLY;COUNT=3", "YEARLY"),
            ("FREQ=HOURLY;COUNT=3", "HOURLY"),
            ("freq=DAILY;COUNT=3", "freq"),
            ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "not both"),
            ("FREQ=DAILY;COUNT=0", "from 1"),
            ("FREQ=DAILY;COUNT=+3", "from 1"),
            ("FREQ=DAILY;COUNT=3;COUNT=4", "twice"),
            ("FREQ=DAILY;COUNT=3;INTERVAL=1001", "1000"),
            ("FREQ=DAILY;COUNT=3;BYDAY=MO", "FREQ=WEEKLY"),
            ("FREQ=WEEKLY;COUNT=3;BYDAY=1MO", "1MO"),
            ("FREQ=WEEKLY;COUNT=3;BYDAY=", "lists days"),
            ("FREQ=WEEKLY;COUNT=3;WKST=SU", "Monday"),
            ("FREQ=MONTHLY;COUNT=3;BYMONTHDAY=31", "BYMONTHDAY"),
            ("FREQ=MONTHLY;COUNT=3;BYDAY=MO", "n-th"),
            ("FREQ=MONTHLY;COUNT=3;BYDAY=6MO", "6MO"),
            ("FREQ=MONTHLY;COUNT=3;BYDAY=0MO", "0MO"),
            ("FREQ=MONTHLY;COUNT=3;BYDAY=1MO,2MO", "n-th"),
            ("FREQ=DAILY;UNTIL=20270230", "UNTIL"),
            ("FREQ=DAILY;UNTIL=20270101T000000", "UNTIL"),
            ("RRULE:FREQ=DAILY;COUNT=3", "RRULE:FREQ"),
            ("FREQ=DAILY;COUNT=3;", "NAME=value"),
        ] {
            let error = text.parse::<Recurrence>().unwrap_err();
            assert!(error.0.contains(said), "{text}: {error}");
        }
        let last_friday: Recurrence = "FREQ=MONTHLY;COUNT=3;BYDAY=-1FR".parse().unwrap();
        assert_eq!(last_friday.repeat, Repeat::MonthlyWeekday(-1, Weekday::Fri));
        assert_eq!(
            "FREQ=MONTHLY;BYDAY=+2TU;COUNT=3".parse::<Recurrence>().unwrap().to_string(),
            "FREQ=MONTHLY;BYDAY=2TU;COUNT=3"
        );
    }
}
