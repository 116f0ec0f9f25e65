//! Which weeks make sense: each window in itself, and no two over each other.
//!
//! Windows that touch are welcome, the engine joins them. Two that overlap on the same dates are refused:
//! joined they would say something that nobody wrote.

use chrono::{NaiveDate, NaiveTime};

use super::dto::ScheduleWindow;
use crate::domains::scheduling::availability::wall;
use crate::error::FieldError;

const WEEK: i32 = 7 * 1440;

/// A window as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    pub weekday: i16,
    pub starts: NaiveTime,
    pub ends: NaiveTime,
    pub valid_from: Option<NaiveDate>,
    /// Included.
    pub valid_until: Option<NaiveDate>,
}

/// A window as it is sent.
#[derive(Debug, Clone, Copy)]
pub struct Span<'w> {
    pub weekday: i16,
    pub start: &'w str,
    pub end: &'w str,
    pub valid_from: Option<NaiveDate>,
    /// Included.
    pub valid_until: Option<NaiveDate>,
}

impl<'w> From<&'w ScheduleWindow> for Span<'w> {
    fn from(window: &'w ScheduleWindow) -> Self {
        Self {
            weekday: window.weekday,
            start: &window.start_time,
            end: &window.end_time,
            valid_from: window.valid_from.map(Into::into),
            valid_until: window.valid_until.map(Into::into),
        }
    }
}

/// The windows of a week, or everything that is wrong with them; `list` is where they stand.
pub fn week<'w>(
    schedule: impl IntoIterator<Item = impl Into<Span<'w>>>,
    list: &str,
) -> Result<Vec<Window>, Vec<FieldError>> {
    let mut faults = Vec::new();
    let mut windows: Vec<Option<Window>> = Vec::new();
    for (at, given) in schedule.into_iter().enumerate() {
        let place = format!("{list}/{at}");
        let window = read(given.into(), &place).map_err(|fault| faults.push(fault)).ok();
        if let Some(other) =
            window.as_ref().and_then(|w| windows.iter().position(|o| o.as_ref().is_some_and(|o| over(o, w))))
        {
            faults.push(FieldError::new(place, "overlap", format!("It overlaps the window {list}/{other}.")));
        }
        windows.push(window);
    }
    if faults.is_empty() { Ok(windows.into_iter().flatten().collect()) } else { Err(faults) }
}

fn read(given: Span<'_>, place: &str) -> Result<Window, FieldError> {
    let (starts, ends) = wall::window(given.start, given.end, place)?;
    if let (Some(from), Some(until)) = (given.valid_from, given.valid_until)
        && from > until
    {
        return Err(FieldError::new(format!("{place}/valid_until"), "order", "The last date is before the first."));
    }
    let Span { weekday, valid_from, valid_until, .. } = given;
    Ok(Window { weekday, starts, ends, valid_from, valid_until })
}

/// The first of `stored` that one of `windows` overlaps.
pub fn clash<'s>(windows: &[Window], stored: &'s [Window]) -> Option<&'s Window> {
    stored.iter().find(|old| windows.iter().any(|new| over(new, old)))
}

/// The windows that are not among those that are kept elsewhere, or nothing when one of these is missing.
pub fn without(windows: Vec<Window>, elsewhere: &[Window]) -> Option<Vec<Window>> {
    let whole = elsewhere.iter().all(|kept| windows.contains(kept));
    whole.then(|| windows.into_iter().filter(|window| !elsewhere.contains(window)).collect())
}

/// Whether two windows overlap in some week, the one after Sunday's midnight included.
fn over(a: &Window, b: &Window) -> bool {
    let place = |w: &Window| i32::from(w.weekday) * 1440 + wall::minutes(w.starts);
    let after = (place(b) - place(a)).rem_euclid(WEEK);
    let before = (place(a) - place(b)).rem_euclid(WEEK);
    let meet = after < wall::length(a.starts, a.ends) || before < wall::length(b.starts, b.ends);
    meet && !ends_before(a, b) && !ends_before(b, a)
}

fn ends_before(a: &Window, b: &Window) -> bool {
    matches!((a.valid_until, b.valid_from), (Some(until), Some(from)) if until < from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(weekday: i16, start: &str, end: &str) -> ScheduleWindow {
        let (valid_from, valid_until) = (None, None);
        ScheduleWindow { weekday, start_time: start.into(), end_time: end.into(), valid_from, valid_until }
    }

    fn faults(schedule: &[ScheduleWindow]) -> Vec<String> {
        week(schedule, "#/schedule").err().unwrap_or_default().into_iter().map(|fault| fault.pointer).collect()
    }

    #[test]
    fn touching_is_fine_overlapping_is_not() {
        assert!(faults(&[window(0, "09:00", "12:00"), window(0, "12:00", "17:00")]).is_empty());
        assert_eq!(faults(&[window(0, "09:00", "12:00"), window(0, "11:59", "17:00")]), ["#/schedule/1"]);
        assert_eq!(
            faults(&[window(0, "09:00", "12:00"), window(1, "09:00", "12:00"), window(0, "08:00", "18:00")]),
            ["#/schedule/2"]
        );
        assert_eq!(faults(&[window(3, "00:00", "24:00"), window(3, "23:59", "24:00")]), ["#/schedule/1"]);
    }

    #[test]
    fn a_window_past_midnight_meets_the_next_day() {
        assert_eq!(faults(&[window(0, "22:00", "02:00"), window(1, "01:00", "03:00")]), ["#/schedule/1"]);
        assert!(faults(&[window(0, "22:00", "02:00"), window(1, "02:00", "03:00")]).is_empty());
        // Sunday night is followed by Monday
        assert_eq!(faults(&[window(0, "00:00", "03:00"), window(6, "22:00", "00:30")]), ["#/schedule/1"]);
    }

    #[test]
    fn seasons_do_not_meet() {
        let date = |month| NaiveDate::from_ymd_opt(2026, month, 1).map(Into::into);
        let summer = ScheduleWindow { valid_until: date(9), ..window(0, "09:00", "17:00") };
        let winter = ScheduleWindow { valid_from: date(10), ..window(0, "10:00", "16:00") };
        let autumn = ScheduleWindow { valid_from: date(9), ..window(0, "10:00", "16:00") };
        assert!(faults(&[summer.clone(), winter]).is_empty());
        assert_eq!(faults(&[summer.clone(), autumn]), ["#/schedule/1"], "the last day is included");
        let never = ScheduleWindow { valid_from: date(10), ..summer };
        assert_eq!(faults(&[never]), ["#/schedule/0/valid_until"]);
    }

    #[test]
    fn what_is_kept_elsewhere_comes_back_unchanged_or_not_at_all() {
        let windows = week(&[window(0, "09:00", "12:00"), window(1, "09:00", "12:00")], "#").unwrap();
        let (own, elsewhere) = windows.split_at(1);
        assert_eq!(without(windows.clone(), elsewhere), Some(own.to_vec()));
        assert_eq!(without(own.to_vec(), elsewhere), None);
        assert_eq!(without(windows.clone(), &[]), Some(windows.clone()));
        assert_eq!(clash(&week(&[window(1, "11:00", "13:00")], "#").unwrap(), &windows), Some(&windows[1]));
        assert_eq!(clash(&week(&[window(1, "12:00", "13:00")], "#").unwrap(), &windows), None);
    }

    #[test]
    fn all_faults_are_named() {
        assert_eq!(
            faults(&[
                window(0, "09:00", "09:00"),
                window(0, "25:00", "10:00"),
                window(1, "09:00", "10:00"),
                window(1, "09:00", "10:00")
            ]),
            ["#/schedule/0/end_time", "#/schedule/1/start_time", "#/schedule/3"]
        );
    }
}
