//! Which days are looked at, and what a share is.

use chrono::{Days, NaiveDate};

use crate::error::FieldError;

/// The most days of one question.
pub const MOST_DAYS: i64 = 92;
/// Days after the first when nobody says how many: a week in all.
const USUAL: u64 = 6;

/// The first and the last day.
///
/// # Errors
/// When the last comes before the first, or too long after it.
pub fn days(
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<(NaiveDate, NaiveDate), FieldError> {
    let first = first.unwrap_or(today);
    let last = last.unwrap_or_else(|| first.checked_add_days(Days::new(USUAL)).unwrap_or(first));
    let fault = |code: &str, detail: String| Err(FieldError::new("query/end_date", code, detail));
    match last.signed_duration_since(first).num_days() {
        ..0 => {
            fault("range", "The last date comes before the first, which is today unless you say another.".to_owned())
        }
        0..MOST_DAYS => Ok((first, last)),
        _ => fault("too_long", format!("Ask for at most {MOST_DAYS} days at a time.")),
    }
}

/// How many of how many, from 0 to 1 in ten thousandths; of none there is no share.
pub fn share(part: u64, of: u64) -> Option<f64> {
    let in_ten_thousandths = (u128::from(part) * 10_000 + u128::from(of) / 2).checked_div(u128::from(of))?;
    u32::try_from(in_ten_thousandths).ok().map(|share| f64::from(share) / 10_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_week_from_today_unless_somebody_says_other_days() {
        let today = day("2026-03-02");
        assert_eq!(days(None, None, today), Ok((today, day("2026-03-08"))));
        assert_eq!(days(Some(day("2026-01-01")), None, today), Ok((day("2026-01-01"), day("2026-01-07"))));
        assert_eq!(days(None, Some(today), today), Ok((today, today)));
        assert!(days(None, Some(day("2026-03-01")), today).is_err());
        assert!(days(Some(today), Some(day("2026-06-01")), today).is_ok(), "92 days");
        assert_eq!(days(Some(today), Some(day("2026-06-02")), today).unwrap_err().code, "too_long");
    }

    #[test]
    fn of_nothing_there_is_no_share() {
        assert_eq!(share(0, 0), None);
        assert_eq!(share(1, 3), Some(0.3333));
        assert_eq!(share(2, 3), Some(0.6667));
        assert_eq!(share(7, 7), Some(1.0));
    }
}
