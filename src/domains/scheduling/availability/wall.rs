//! Wall times on the wire: `HH:MM`, and `24:00` for the midnight that ends a day.
//!
//! The database keeps that midnight as 00:00, because not every client knows a 24th hour; an end that is not
//! after its beginning lies on the next day, so nothing is lost.

use chrono::{NaiveTime, Timelike};

use crate::error::FieldError;

/// A beginning and an end as they were typed, checked: they differ, or are the whole day.
pub fn window(start: &str, end: &str, place: &str) -> Result<(NaiveTime, NaiveTime), FieldError> {
    let fault = |field: &str, code: &str, detail: &str| FieldError::new(format!("{place}/{field}"), code, detail);
    let starts = read(start).ok_or_else(|| fault("start_time", "format", "Use a time such as 09:00."))?;
    let ends = if end == "24:00" { Some(NaiveTime::MIN) } else { read(end) };
    let ends = ends.ok_or_else(|| fault("end_time", "format", "Use a time such as 17:00 or 24:00."))?;
    if starts == ends && starts != NaiveTime::MIN {
        return Err(fault("end_time", "empty", "The end must differ from the beginning."));
    }
    Ok((starts, ends))
}

fn read(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
}

/// A beginning as it is sent.
pub fn start(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

/// An end as it is sent.
pub fn end(time: NaiveTime) -> String {
    if time == NaiveTime::MIN { "24:00".to_owned() } else { start(time) }
}

/// Minutes since midnight.
pub fn minutes(time: NaiveTime) -> i32 {
    i32::try_from(time.num_seconds_from_midnight() / 60).unwrap_or(0)
}

/// Minutes from a beginning to its end, at most a day.
pub fn length(starts: NaiveTime, ends: NaiveTime) -> i32 {
    let length = minutes(ends) - minutes(starts);
    if length > 0 { length } else { length + 1440 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_may_be_midnight_or_the_next_day() {
        let (starts, ends) = window("09:00", "24:00", "#").unwrap();
        assert_eq!((length(starts, ends), end(ends)), (900, "24:00".to_owned()));
        let (starts, ends) = window("22:00", "02:00", "#").unwrap();
        assert_eq!((length(starts, ends), start(starts), end(ends)), (240, "22:00".to_owned(), "02:00".to_owned()));
        let (starts, ends) = window("00:00", "24:00", "#").unwrap();
        assert_eq!(length(starts, ends), 1440);
    }

    #[test]
    fn empty_and_impossible_times_are_refused() {
        assert_eq!(window("09:00", "09:00", "#/schedule/1").unwrap_err().pointer, "#/schedule/1/end_time");
        assert_eq!(window("24:00", "01:00", "#").unwrap_err().pointer, "#/start_time");
        assert_eq!(window("09:00", "24:01", "#").unwrap_err().pointer, "#/end_time");
    }
}
