//! Why a time is not offered: one world, one reason each.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc, Weekday};
use tithi::{
    domains::scheduling::rules::{
        Assign, Busy, Hours, Limit, Override, Period, Reason, ResourceCalendar, Search, ServiceRules, WallTime,
        Weekdays, WeeklyWindow, Window, check, explain, slots,
    },
    kernel::{interval::Interval, zone::Zone},
};

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-01-{text}:00Z").parse().unwrap()
}

fn hour(text: &str) -> (DateTime<Utc>, DateTime<Utc>) {
    (at(text), at(text) + TimeDelta::hours(1))
}

fn weekdays_nine_to_five() -> ResourceCalendar {
    let mut hours = Hours::new(Zone::utc());
    let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri].into_iter().collect();
    let (from, to) = (WallTime::parse("09:00").unwrap(), WallTime::parse("17:00").unwrap());
    hours.weekly.push(WeeklyWindow { days, from, to });
    ResourceCalendar::new(hours)
}

/// A therapist and a room, an hour with a quarter of an hour after it.
fn both() -> Search {
    let service = ServiceRules { buffer_after_min: 15, ..ServiceRules::lasting(60) };
    Search {
        resources: vec![weekdays_nine_to_five(), weekdays_nine_to_five()],
        assign: Assign::AllOf(vec![0, 1]),
        ..Search::new(at("04T12:00"), at("05T00:00"), at("12T00:00"), service)
    }
}

fn only(search: &Search, start: DateTime<Utc>) -> Reason {
    let reasons = explain(search, start);
    assert_eq!(check(search, start).unwrap_err(), reasons[0]);
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    reasons.into_iter().next().unwrap()
}

#[test]
fn nothing_stands_against_a_free_time() {
    assert_eq!(explain(&both(), at("05T09:00")), []);
    let slot = check(&both(), at("05T09:00")).unwrap();
    assert_eq!((slot.end, slot.resources, slot.seats_left), (at("05T10:00"), vec![0, 1], None));
}

#[test]
fn hours_and_exceptions() {
    let mut search = both();
    assert_eq!(explain(&search, at("10T10:00")), [Reason::Closed { resource: 0 }, Reason::Closed { resource: 1 }]);
    let date = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
    search.resources[1].hours.overrides.push(Override { date, windows: Vec::new() });
    assert_eq!(only(&search, at("05T10:00")), Reason::Exception { resource: 1 });
    let mut search = both();
    search.resources[0].absences.push(Interval::new(at("05T08:00"), at("05T09:30")));
    assert_eq!(only(&search, at("05T09:00")), Reason::Exception { resource: 0 });
}

#[test]
fn the_booking_its_buffer_and_the_room() {
    let mut search = both();
    let (start, end) = hour("05T11:00");
    search.resources[1].busy.push(Busy { buffer_before_min: 5, ..Busy::new(start, end) });
    assert_eq!(only(&search, at("05T11:00")), Reason::Booked { resource: 1, busy: 0 });
    assert_eq!(only(&search, at("05T10:00")), Reason::Buffer { resource: 1, busy: 0 });
    assert_eq!(explain(&search, at("05T12:00")), []);
    search.resources[1].busy[0].outside = true;
    assert_eq!(only(&search, at("05T11:00")), Reason::Outside { resource: 1, busy: 0 });
}

#[test]
fn one_of_two_rooms_is_enough() {
    let mut search = both();
    let (start, end) = hour("05T11:00");
    search.resources.push(weekdays_nine_to_five());
    search.assign = Assign::OneOfEach(vec![vec![0], vec![1, 2]]);
    search.resources[1].busy.push(Busy::new(start, end));
    assert_eq!(check(&search, at("05T11:00")).unwrap().resources, [0, 2]);
    search.resources[2].busy.push(Busy::new(start, end));
    let taken = [Reason::Booked { resource: 1, busy: 0 }, Reason::Booked { resource: 2, busy: 0 }];
    assert_eq!(explain(&search, at("05T11:00")), taken);
}

#[test]
fn one_person_cannot_do_both_tasks() {
    let mut search = both();
    search.assign = Assign::OneOfEach(vec![vec![0, 1], vec![0, 1]]);
    assert_eq!(check(&search, at("05T11:00")).unwrap().resources, [0, 1]);
    search.resources[1].busy.push(Busy::new(at("05T11:00"), at("05T12:00")));
    assert_eq!(only(&search, at("05T11:00")), Reason::Shared);
}

#[test]
fn notice_window_and_grid() {
    let mut search = both();
    search.service.notice_min = 22 * 60;
    assert_eq!(only(&search, at("05T09:00")), Reason::Notice { earliest: at("05T10:00") });
    assert_eq!(explain(&search, at("05T10:00")), []);
    assert_eq!(only(&search, at("05T10:20")), Reason::OffGrid);
    assert_eq!(only(&search, at("05T11:00") + TimeDelta::milliseconds(1)), Reason::OffGrid);
    search.service.window = Window::RollingDays { days: 1, weekends: true, zone: None };
    assert_eq!(only(&search, at("06T10:00")), Reason::Window);
}

#[test]
fn only_days_with_a_free_time_count_in_a_window_of_bookable_days() {
    let mut search = both();
    search.service.window = Window::BookableDays { days: 2, weekends: true, zone: None };
    search.resources[0].busy.push(Busy::new(at("06T00:00"), at("07T00:00")));
    assert_eq!(explain(&search, at("07T09:00")), []);
    assert_eq!(only(&search, at("08T09:00")), Reason::Window);
    let listed = slots(&search).unwrap();
    assert!(listed.iter().all(|offer| check(&search, offer.start) == Ok(offer.to_slot())));
    assert_eq!(listed.len(), 16);
}

#[test]
fn limits_of_the_search_and_of_a_person() {
    let mut search = both();
    let (start, end) = hour("05T14:00");
    let limit = Limit {
        per: Period::Day,
        zone: Zone::utc(),
        max_count: Some(1),
        max_minutes: None,
        enforce_between: None,
        enforce_on: Weekdays::ALL,
        counted: vec![Interval::new(start, end)],
        resource: None,
    };
    search.limits = vec![limit.clone()];
    assert_eq!(only(&search, at("05T10:00")), Reason::Limit { limit: 0 });
    assert_eq!(explain(&search, at("06T10:00")), []);
    search.limits = vec![Limit { resource: Some(1), ..limit }];
    assert_eq!(only(&search, at("05T10:00")), Reason::Limit { limit: 0 });
    search.assign = Assign::AnyOf(vec![0, 1]);
    assert_eq!(check(&search, at("05T10:00")).unwrap().resources, [0]);
}

#[test]
fn seats_run_out() {
    let mut search = both();
    search.resources.truncate(1);
    search.assign = Assign::One(0);
    search.service.seats = Some(5);
    let (start, end) = hour("05T10:00");
    search.resources[0].busy.push(Busy { units: 3, same_service: true, ..Busy::new(start, end) });
    assert_eq!(check(&search, start).unwrap().seats_left, Some(2));
    assert_eq!(check(&search, at("05T13:00")).unwrap().seats_left, Some(5));
    search.service.party = 3;
    assert_eq!(only(&search, start), Reason::Capacity { resource: 0 });
    search.service.seats = None;
    search.resources[0].capacity = 4;
    assert_eq!(only(&search, start), Reason::Capacity { resource: 0 });
    search.service.party = 1;
    assert_eq!(check(&search, start).unwrap().seats_left, Some(1));
}

#[test]
fn a_question_without_an_answer_is_told_so() {
    let mut search = both();
    search.to = search.from + TimeDelta::days(63);
    assert!(slots(&search).is_err_and(|cause| cause.to_string().contains("62 days")));
    assert!(matches!(check(&search, at("05T10:00")), Err(Reason::Invalid(_))));
    let mut search = both();
    search.assign = Assign::One(7);
    assert!(slots(&search).is_err());
}
