//! What an exception must fulfil beyond the form of its fields.

use chrono::{NaiveDate, NaiveTime};

use crate::domains::scheduling::availability::wall;
use crate::error::FieldError;

/// Dates of one range of exceptions.
pub const LONGEST: usize = 366;

/// Part of a day, or none for the whole of it.
pub fn times(start: Option<&str>, end: Option<&str>) -> Result<Option<(NaiveTime, NaiveTime)>, FieldError> {
    match (start, end) {
        (Some(start), Some(end)) => wall::window(start, end, "#").map(Some),
        (None, None) => Ok(None),
        (Some(_), None) => Err(FieldError::new("#/end_time", "required", "A start needs an end.")),
        (None, Some(_)) => Err(FieldError::new("#/start_time", "required", "An end needs a start.")),
    }
}

/// Every date of a range, both ends included; `pointer` names the field of the last.
pub fn dates(first: NaiveDate, last: NaiveDate, longest: usize, pointer: &str) -> Result<Vec<NaiveDate>, FieldError> {
    if last < first {
        return Err(FieldError::new(pointer, "order", "The last date is before the first."));
    }
    let dates: Vec<NaiveDate> = first.iter_days().take_while(|date| *date <= last).take(longest + 1).collect();
    if dates.len() > longest {
        return Err(FieldError::new(pointer, "too_long", format!("A range has at most {longest} dates.")));
    }
    Ok(dates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_both_ends_and_an_end() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let dates = |first, last| dates(first, last, LONGEST, "#/until_date");
        assert_eq!(dates(date("2026-02-28"), date("2026-03-01")).unwrap(), [date("2026-02-28"), date("2026-03-01")]);
        assert_eq!(dates(date("2026-01-01"), date("2027-01-01")).unwrap().len(), 366);
        assert_eq!(dates(date("2026-01-01"), date("2027-01-02")).unwrap_err().code, "too_long");
        assert_eq!(dates(date("2026-01-02"), date("2026-01-01")).unwrap_err().code, "order");
    }
}
