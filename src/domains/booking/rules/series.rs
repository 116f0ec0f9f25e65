//! The times of a series: pure.

use chrono::{DateTime, Months, NaiveDateTime, Utc};

use crate::domains::scheduling::rules::Recurrence;
use crate::kernel::zone::Zone;

/// A weekly appointment for two years.
pub const MAX_OCCURRENCES: usize = 104;
/// How far ahead a series reaches.
const AHEAD: Months = Months::new(24);

/// The times that a rule names, each at the first one's wall time.
///
/// # Errors
/// A sentence, when the rule does not name the first time, never comes, or names too many.
pub fn occurrences(
    rule: &Recurrence,
    first: NaiveDateTime,
    zone: &Zone,
    now: DateTime<Utc>,
) -> Result<Vec<DateTime<Utc>>, String> {
    if !rule.begins_on(first.date()) {
        return Err("The first time is on a day that the rule does not name.".into());
    }
    let times: Vec<DateTime<Utc>> = rule.instants(first, zone).take(MAX_OCCURRENCES + 1).collect();
    if times.is_empty() {
        return Err("The rule ends before the first time.".into());
    }
    if times.len() > MAX_OCCURRENCES {
        return Err(format!("A series has at most {MAX_OCCURRENCES} times."));
    }
    if times.last().is_some_and(|last| *last > now + AHEAD) {
        return Err("A series reaches at most 2 years ahead.".into());
    }
    Ok(times)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(rule: &str, first: &str, zone: &str) -> Result<Vec<String>, String> {
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        let times = occurrences(&rule.parse().unwrap(), first.parse().unwrap(), &Zone::parse(zone).unwrap(), now)?;
        Ok(times.iter().map(|at| at.format("%m-%dT%H:%M").to_string()).collect())
    }

    #[test]
    fn the_clock_on_the_wall_stays() {
        let spring = told("FREQ=WEEKLY;COUNT=3", "2026-03-01T09:00:00", "America/New_York").unwrap();
        assert_eq!(spring, ["03-01T14:00", "03-08T13:00", "03-15T13:00"]);
        // 02:30 does not exist on the 29th: the offset before the gap holds
        let gap = told("FREQ=DAILY;COUNT=3", "2026-03-28T02:30:00", "Europe/Berlin").unwrap();
        assert_eq!(gap, ["03-28T01:30", "03-29T01:30", "03-30T00:30"]);
    }

    #[test]
    fn what_is_too_much_is_said() {
        let refused = |rule: &str, first: &str| told(rule, first, "UTC").unwrap_err();
        assert!(refused("FREQ=WEEKLY;BYDAY=TU;COUNT=3", "2026-03-02T09:00:00").contains("does not name"));
        assert!(refused("FREQ=DAILY;UNTIL=20260301", "2026-03-02T09:00:00").contains("ends before"));
        assert!(refused("FREQ=DAILY;COUNT=105", "2026-03-02T09:00:00").contains("104"));
        assert!(refused("FREQ=DAILY;COUNT=4000000000", "2026-03-02T09:00:00").contains("104"));
        assert!(refused("FREQ=MONTHLY;COUNT=26", "2026-01-15T09:00:00").contains("2 years"));
        assert_eq!(told("FREQ=DAILY;COUNT=104", "2026-03-02T09:00:00", "UTC").unwrap().len(), 104);
        assert_eq!(told("FREQ=WEEKLY;COUNT=104", "2026-01-02T09:00:00", "UTC").unwrap().len(), 104);
    }
}
