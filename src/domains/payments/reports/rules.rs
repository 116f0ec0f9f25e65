//! Which days a report is about, and sums over its lines. Pure.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::error::FieldError;

/// The most days of one report: a year, whichever.
pub const MOST_DAYS: i64 = 366;
/// Days before the last when nobody says from when: thirty in all.
const USUAL: u64 = 29;

/// The first and the last day; thirty to today when nobody says otherwise.
///
/// # Errors
/// When the last comes before the first, or too long after it.
pub fn days(
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<(NaiveDate, NaiveDate), FieldError> {
    let last = last.unwrap_or(today);
    let first = first.unwrap_or_else(|| last.checked_sub_days(Days::new(USUAL)).unwrap_or(last));
    let fault = |code: &str, detail: String| Err(FieldError::new("query/end_date", code, detail));
    match last.signed_duration_since(first).num_days() {
        ..0 => fault("range", "The last date comes before the first.".to_owned()),
        0..MOST_DAYS => Ok((first, last)),
        _ => fault("too_long", format!("Ask for at most {MOST_DAYS} days at a time.")),
    }
}

/// The sums of lines that have the same key.
pub fn totals<'l, L, K: Ord, S: Clone + 'l>(
    lines: &'l [L],
    key: impl Fn(&'l L) -> (K, &'l S),
    add: impl Fn(&mut S, &S),
) -> Vec<(K, S)> {
    let mut sums: BTreeMap<K, S> = BTreeMap::new();
    for line in lines {
        let (key, amounts) = key(line);
        match sums.get_mut(&key) {
            Some(sum) => add(sum, amounts),
            None => {
                sums.insert(key, amounts.clone());
            }
        }
    }
    sums.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn thirty_days_to_today_unless_somebody_says_other_days() {
        let today = day("2026-03-02");
        assert_eq!(days(None, None, today), Ok((day("2026-02-01"), today)));
        assert_eq!(days(Some(today), None, today), Ok((today, today)));
        assert_eq!(days(None, Some(day("2026-01-31")), today), Ok((day("2026-01-02"), day("2026-01-31"))));
        assert_eq!(days(Some(day("2026-03-03")), None, today).unwrap_err().code, "range");
        assert!(days(Some(day("2024-01-01")), Some(day("2024-12-31")), today).is_ok(), "a leap year");
        assert_eq!(days(Some(day("2024-01-01")), Some(day("2025-01-01")), today).unwrap_err().code, "too_long");
    }

    #[test]
    fn lines_of_one_key_are_one_sum() {
        let lines = [("USD", 1), ("EUR", 10), ("USD", 5)];
        let sums = totals(&lines, |(currency, amount)| (*currency, amount), |sum, amount| *sum += amount);
        assert_eq!(sums, [("EUR", 10), ("USD", 6)]);
    }
}
