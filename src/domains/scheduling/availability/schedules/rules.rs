//! What a schedule must fulfil beyond the form of its fields, and what it is written through to.

use chrono::{NaiveDate, NaiveTime};

use super::dto::{ScheduleType, WorkScheduleCreate, WorkWindow};
use crate::domains::scheduling::availability::exceptions::rules::dates;
use crate::domains::scheduling::availability::weekly::rules::{Span, Window, week};
use crate::error::FieldError;

const OVERRIDE_DATES: usize = 92;
const TIME_OFF_DATES: usize = 366;
const OVERRIDE_WINDOWS: usize = 10;

/// What a schedule becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// Rules.
    Weekly(Vec<Window>),
    /// Openings of these dates, each with all windows.
    Open { dates: Vec<NaiveDate>, windows: Vec<(NaiveTime, NaiveTime)> },
    /// Closures of these dates: whole, or of one in part.
    Closed { dates: Vec<NaiveDate>, part: Option<(NaiveTime, NaiveTime)> },
}

/// What a schedule becomes, or everything that is wrong with it.
pub fn plan(new: &WorkScheduleCreate) -> Result<Plan, Vec<FieldError>> {
    match new.schedule_type {
        ScheduleType::Recurring => recurring(new),
        ScheduleType::Override => {
            let windows = of_a_date(&new.work_hours)?;
            if windows.is_empty() || windows.len() > OVERRIDE_WINDOWS {
                return Err(vec![fault("work_hours", "range", "Other hours are 1 to 10 windows.")]);
            }
            Ok(Plan::Open { dates: range(new, OVERRIDE_DATES)?, windows })
        }
        ScheduleType::TimeOff => {
            let (windows, dates) = (of_a_date(&new.work_hours)?, range(new, TIME_OFF_DATES)?);
            if windows.len() > 1 || (windows.len() == 1 && dates.len() > 1) {
                let detail = "Time off is whole days, or one part of one day.";
                return Err(vec![fault("work_hours", "range", detail)]);
            }
            Ok(Plan::Closed { dates, part: windows.first().copied() })
        }
    }
}

fn recurring(new: &WorkScheduleCreate) -> Result<Plan, Vec<FieldError>> {
    let (from, until) = (new.valid_from.map(NaiveDate::from), new.valid_until.map(NaiveDate::from));
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        return Err(vec![fault("valid_until", "order", "The last date is before the first.")]);
    }
    if new.work_hours.is_empty() {
        return Err(vec![fault("work_hours", "too_short", "What recurs has at least one window.")]);
    }
    let missing: Vec<FieldError> = (new.work_hours.iter().enumerate())
        .filter(|(_, window)| window.weekday.is_none())
        .map(|(at, _)| fault(&format!("work_hours/{at}/weekday"), "required", "What recurs names the weekday."))
        .collect();
    if !missing.is_empty() {
        return Err(missing);
    }
    let spans = new.work_hours.iter().map(|window| span(window, window.weekday.unwrap_or(0), from, until));
    week(spans, "#/work_hours").map(Plan::Weekly)
}

/// Windows that hold on a date, whatever its weekday.
fn of_a_date(windows: &[WorkWindow]) -> Result<Vec<(NaiveTime, NaiveTime)>, Vec<FieldError>> {
    let named: Vec<FieldError> = (windows.iter().enumerate())
        .filter(|(_, window)| window.weekday.is_some())
        .map(|(at, _)| fault(&format!("work_hours/{at}/weekday"), "unknown", "Only what recurs names weekdays."))
        .collect();
    if !named.is_empty() {
        return Err(named);
    }
    let spans = windows.iter().map(|window| span(window, 0, None, None));
    Ok(week(spans, "#/work_hours")?.into_iter().map(|window| (window.starts, window.ends)).collect())
}

fn span(window: &WorkWindow, weekday: i16, from: Option<NaiveDate>, until: Option<NaiveDate>) -> Span<'_> {
    let (start, end) = (&window.start_time, &window.end_time);
    Span { weekday, start, end, valid_from: from, valid_until: until }
}

fn range(new: &WorkScheduleCreate, longest: usize) -> Result<Vec<NaiveDate>, Vec<FieldError>> {
    let required = |name: &str| fault(name, "required", "Only what recurs may be without it.");
    match (new.valid_from, new.valid_until) {
        (Some(from), Some(until)) => {
            dates(from.into(), until.into(), longest, "#/valid_until").map_err(|fault| vec![fault])
        }
        (from, until) => {
            let missing = [("valid_from", from.is_none()), ("valid_until", until.is_none())];
            Err(missing.iter().filter(|(_, missing)| *missing).map(|(name, _)| required(name)).collect())
        }
    }
}

fn fault(field: &str, code: &str, detail: &str) -> FieldError {
    FieldError::new(format!("#/{field}"), code, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::Date;

    fn schedule(
        kind: ScheduleType,
        from: &str,
        until: &str,
        windows: &[(Option<i16>, &str, &str)],
    ) -> WorkScheduleCreate {
        let window = |(weekday, start, end): &(Option<i16>, &str, &str)| WorkWindow {
            weekday: *weekday,
            start_time: (*start).into(),
            end_time: (*end).into(),
        };
        WorkScheduleCreate {
            schedule_type: kind,
            valid_from: Date::parse(from),
            valid_until: Date::parse(until),
            work_hours: windows.iter().map(window).collect(),
            reason: None,
        }
    }

    fn faults(schedule: &WorkScheduleCreate) -> Vec<String> {
        plan(schedule).unwrap_err().into_iter().map(|fault| fault.pointer).collect()
    }

    #[test]
    fn each_kind_has_its_own_dates_and_windows() {
        use ScheduleType::{Override, Recurring, TimeOff};
        let nine = (None, "09:00", "12:00");
        let monday = (Some(0), "09:00", "12:00");
        assert!(matches!(plan(&schedule(Recurring, "", "", &[monday])), Ok(Plan::Weekly(w)) if w.len() == 1));
        assert_eq!(faults(&schedule(Recurring, "", "", &[nine])), ["#/work_hours/0/weekday"]);
        assert_eq!(faults(&schedule(Recurring, "", "", &[])), ["#/work_hours"]);
        assert_eq!(faults(&schedule(Recurring, "2026-06-02", "2026-06-01", &[monday])), ["#/valid_until"]);
        assert_eq!(faults(&schedule(Recurring, "", "", &[monday, (Some(0), "11:00", "13:00")])), ["#/work_hours/1"]);

        assert!(plan(&schedule(Override, "2026-06-01", "2026-08-31", &[nine])).is_ok(), "92 dates");
        assert_eq!(faults(&schedule(Override, "2026-06-01", "2026-09-01", &[nine])), ["#/valid_until"]);
        assert_eq!(faults(&schedule(Override, "2026-06-01", "2026-06-01", &[])), ["#/work_hours"]);
        assert_eq!(faults(&schedule(Override, "2026-06-01", "2026-06-01", &[monday])), ["#/work_hours/0/weekday"]);
        assert_eq!(faults(&schedule(Override, "", "", &[nine])), ["#/valid_from", "#/valid_until"]);

        assert!(plan(&schedule(TimeOff, "2026-06-01", "2026-06-20", &[])).is_ok());
        assert!(plan(&schedule(TimeOff, "2026-06-01", "2026-06-01", &[nine])).is_ok());
        assert_eq!(faults(&schedule(TimeOff, "2026-06-01", "2026-06-02", &[nine])), ["#/work_hours"]);
        assert_eq!(faults(&schedule(TimeOff, "2026-06-01", "2027-06-02", &[])), ["#/valid_until"]);
    }
}
