//! The dates of a question, both included, in the business's zone.

use chrono::{Days, Months, NaiveDate};

use crate::domains::scheduling::rules::MAX_QUERY_DAYS;
use crate::error::ApiError;
use crate::guard::Date;

/// The first and the last date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dates {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

impl Dates {
    /// From `date`, or from `start_date` and `end_date`.
    ///
    /// # Errors
    /// 400 for neither or both, for dates that are turned round and for too many of them.
    pub fn of(date: Option<Date>, start: Option<Date>, end: Option<Date>) -> Result<Self, ApiError> {
        match (date, start, end) {
            (Some(Date(date)), None, None) => Self::bounded(date, date),
            (None, Some(Date(first)), end) => Self::bounded(first, end.map_or(first, |Date(last)| last)),
            (Some(_), ..) => {
                Err(ApiError::field("query/date", "conflict", "Give either date or start_date and end_date."))
            }
            _ => Err(ApiError::field("query/date", "required", "Give date, or start_date and end_date.")),
        }
    }

    /// From `month`, or from `start_date` and `end_date`; the month of `today` when there is nothing.
    ///
    /// # Errors
    /// 400 for what is no month, for both, for dates that are turned round and for too many of them.
    pub fn of_month(
        month: Option<&str>,
        start: Option<Date>,
        end: Option<Date>,
        today: NaiveDate,
    ) -> Result<Self, ApiError> {
        let first = match (month, start, end) {
            (None, Some(Date(first)), end) => return Self::bounded(first, end.map_or(first, |Date(last)| last)),
            (None, None, Some(_)) => {
                return Err(ApiError::field("query/start_date", "required", "Give start_date with end_date."));
            }
            (None, None, None) => today,
            (Some(month), None, None) => {
                let first = Date::parse(&format!("{month}-01"));
                first.ok_or_else(|| ApiError::field("query/month", "format", "Use a month such as 2026-12."))?.0
            }
            (Some(_), ..) => {
                return Err(ApiError::field(
                    "query/month",
                    "conflict",
                    "Give either month or start_date and end_date.",
                ));
            }
        };
        let first = chrono::Datelike::with_day(&first, 1).unwrap_or(first);
        Self::bounded(first, first + Months::new(1) - Days::new(1))
    }

    fn bounded(first: NaiveDate, last: NaiveDate) -> Result<Self, ApiError> {
        if last < first {
            return Err(ApiError::field("query/end_date", "order", "The last date comes before the first."));
        }
        if (last - first).num_days() >= MAX_QUERY_DAYS {
            let detail = format!("Ask for at most {MAX_QUERY_DAYS} days at a time.");
            return Err(ApiError::field("query/end_date", "too_long", detail));
        }
        Ok(Self { first, last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Option<Date> {
        Some(Date::parse(text).unwrap())
    }

    fn month(text: &str) -> Result<(String, String), ApiError> {
        let today = date("2026-11-20").unwrap().0;
        Dates::of_month(Some(text), None, None, today).map(|dates| (dates.first.to_string(), dates.last.to_string()))
    }

    #[test]
    fn a_month_has_its_own_length() {
        assert_eq!(month("2028-02").unwrap(), ("2028-02-01".into(), "2028-02-29".into()));
        assert_eq!(month("9999-12").unwrap(), ("9999-12-01".into(), "9999-12-31".into()));
        for text in ["2026-13", "2026-00", "2026-1", "26-01", "2026-01-01", "2026-01-", ""] {
            assert_eq!(month(text).unwrap_err().errors()[0].pointer, "query/month", "{text}");
        }
    }

    #[test]
    fn sixty_two_dates_and_no_more() {
        let span = |last: &str| Dates::of(None, date("2026-10-01"), date(last));
        assert!(span("2026-12-01").is_ok());
        assert_eq!(span("2026-12-02").unwrap_err().errors()[0].code, "too_long");
        assert_eq!(span("2026-09-30").unwrap_err().errors()[0].code, "order");
    }
}
