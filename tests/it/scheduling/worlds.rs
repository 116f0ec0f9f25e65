//! Random schedules around days on which clocks change, and the same as a search of the engine.

use chrono::{NaiveDate, Weekday};
use proptest::{collection::vec, option, prelude::*, sample::select};
use tithi::{
    domains::scheduling::rules::{
        Assign, Busy, Grid, Hours, Limit, Override, Period, ResourceCalendar, Rounding, Search, ServiceRules, WallTime,
        Weekdays, WeeklyWindow, Window,
    },
    kernel::{interval::Interval, zone::Zone},
};

use super::oracle::time;

/// Minutes since the epoch, of instants or of the wall.
pub type Minute = i64;

#[derive(Clone, Debug)]
pub struct World {
    /// In seconds.
    pub now: i64,
    pub from: Minute,
    pub to: Minute,
    pub duration: Minute,
    pub step: Minute,
    pub offset: Minute,
    pub before: Minute,
    pub after: Minute,
    pub notice: Minute,
    pub rolling_days: Option<i64>,
    pub anchor: Anchor,
    pub groups: Groups,
    pub places: Vec<Place>,
    pub seats: Option<u32>,
    pub party: u32,
    pub limit: Option<PerDay>,
}

#[derive(Clone, Debug)]
pub enum Anchor {
    Opening,
    Free { align: Minute, zone: String },
    Wall,
}

#[derive(Clone, Debug)]
pub enum Groups {
    Any,
    All,
    FirstPlusAny,
}

#[derive(Clone, Debug)]
pub struct Place {
    pub zone: String,
    pub weekly: Vec<([bool; 7], (Minute, Minute))>,
    pub overrides: Vec<(i64, Vec<(Minute, Minute)>)>,
    pub absences: Vec<(Minute, Minute)>,
    pub bookings: Vec<Booking>,
    pub capacity: u32,
}

#[derive(Clone, Debug)]
pub struct Booking {
    pub start: Minute,
    pub end: Minute,
    pub before: Minute,
    pub after: Minute,
    pub units: u32,
    pub same_service: bool,
}

#[derive(Clone, Debug)]
pub struct PerDay {
    pub zone: String,
    pub max_count: usize,
    pub max_minutes: usize,
    pub counted: Vec<(Minute, Minute)>,
}

/// Zones with a day on which something happens there, where something does.
const SKIES: [(&str, &str); 12] = [
    ("America/New_York", "2025-03-09"),
    ("America/New_York", "2025-11-02"),
    ("Europe/London", "2025-03-30"),
    ("Europe/London", "2025-10-26"),
    ("Australia/Lord_Howe", "2025-10-05"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("America/Sao_Paulo", "2018-11-04"),
    ("America/Sao_Paulo", "2019-02-17"),
    ("Pacific/Apia", "2011-12-30"),
    ("Africa/Cairo", "2024-04-26"),
    ("Asia/Kathmandu", "2026-06-01"),
    ("UTC", "2026-01-05"),
];

fn zone() -> impl Strategy<Value = String> {
    select(SKIES.map(|(zone, _)| zone.to_owned()).to_vec())
}

fn windows() -> impl Strategy<Value = (Minute, Minute)> {
    prop_oneof![
        6 => (0..96i64, 0..=96i64).prop_map(|(from, to)| (from * 15, to * 15)),
        2 => (0..1_440i64, 0..=1_440i64),
        1 => Just((0, 1_440)),
    ]
}

fn weekly() -> impl Strategy<Value = Vec<([bool; 7], (Minute, Minute))>> {
    let days = prop_oneof![2 => Just([true; 7]), 1 => any::<[bool; 7]>()];
    vec((days, windows()), 1..4)
}

fn buffer() -> impl Strategy<Value = Minute> {
    select(vec![0, 0, 5, 10, 30])
}

fn booking(from: Minute) -> impl Strategy<Value = Booking> {
    (from - 300..from + 3_000, 0..150i64, buffer(), buffer(), 1..3u32, any::<bool>()).prop_map(
        |(start, length, before, after, units, same_service)| {
            let start = if start % 2 == 0 { start / 30 * 30 } else { start };
            Booking { start, end: start + length, before, after, units, same_service }
        },
    )
}

fn place(home: String, day: i64) -> impl Strategy<Value = Place> {
    let from = day * 1_440 - 1_440;
    let zone = prop_oneof![3 => Just(home), 1 => zone()];
    let overrides = vec((day - 1..day + 3, vec(windows(), 0..3)), 0..2);
    let absences = vec((from..from + 3_000, 1..600i64).prop_map(|(start, length)| (start, start + length)), 0..2);
    (zone, weekly(), overrides, absences, vec(booking(from), 0..8), select(vec![1, 1, 1, 3])).prop_map(
        |(zone, weekly, overrides, absences, bookings, capacity)| Place {
            zone,
            weekly,
            overrides,
            absences,
            bookings,
            capacity,
        },
    )
}

fn limit(day: i64) -> impl Strategy<Value = PerDay> {
    let from = day * 1_440 - 1_440;
    let counted = vec((from..from + 3_000, 1..200i64).prop_map(|(start, length)| (start, start + length)), 0..5);
    (zone(), 1..4usize, 30..400usize, counted).prop_map(|(zone, max_count, max_minutes, counted)| PerDay {
        zone,
        max_count,
        max_minutes,
        counted,
    })
}

fn anchor(zone: &str) -> impl Strategy<Value = Anchor> + use<> {
    let free =
        (select(vec![1, 5, 15, 30, 60]), Just(zone.to_owned())).prop_map(|(align, zone)| Anchor::Free { align, zone });
    prop_oneof![3 => Just(Anchor::Opening), 2 => free, 1 => Just(Anchor::Wall)]
}

pub fn world() -> impl Strategy<Value = World> {
    select(SKIES.to_vec()).prop_flat_map(|(zone, date)| {
        let day = i64::from(date.parse::<NaiveDate>().unwrap().to_epoch_days());
        let start = day * 1_440 - 1_440;
        let service = (
            select(vec![15, 20, 30, 45, 60, 90, 400]),
            select(vec![10, 15, 30, 45, 50, 60, 120]),
            select(vec![0, 0, 0, 5, 20]),
            (buffer(), buffer()),
            select(vec![0, 0, 60, 600]),
            option::weighted(0.2, 0..3i64),
            (option::weighted(0.3, 2..6u32), 1..4u32),
        );
        let time = (start..start + 2_000, 1..2_400i64, -600..300i64, 0..60i64);
        let groups = prop_oneof![3 => Just(Groups::Any), 2 => Just(Groups::All), 1 => Just(Groups::FirstPlusAny)];
        let places = vec(place(zone.to_owned(), day), 1..4);
        (service, time, anchor(zone), groups, places, option::weighted(0.25, limit(day))).prop_map(build)
    })
}

type Service = (Minute, Minute, Minute, (Minute, Minute), Minute, Option<i64>, (Option<u32>, u32));
type Parts = (Service, (Minute, Minute, Minute, i64), Anchor, Groups, Vec<Place>, Option<PerDay>);

fn build((service, (from, length, ahead, second), anchor, groups, mut places, limit): Parts) -> World {
    let (duration, step, offset, (before, after), notice, rolling_days, (seats, party)) = service;
    for place in &mut places {
        // a class keeps the service's times
        for class in place.bookings.iter_mut().filter(|b| seats.is_some() && b.same_service) {
            (class.end, class.before, class.after) = (class.start + duration, before, after);
        }
        if seats.is_some() {
            place.capacity = 1;
        }
    }
    let (now, to) = ((from + ahead) * 60 + second, from + length);
    World {
        now,
        from,
        to,
        duration,
        step,
        offset,
        before,
        after,
        notice,
        rolling_days,
        anchor,
        groups,
        places,
        seats,
        party,
        limit,
    }
}

fn wall_time(minute: Minute) -> WallTime {
    WallTime::parse(&format!("{:02}:{:02}", minute / 60, minute % 60)).unwrap()
}

fn zone_of(name: &str) -> Zone {
    Zone::parse(name).unwrap()
}

fn interval(&(start, end): &(Minute, Minute)) -> Interval<chrono::DateTime<chrono::Utc>> {
    Interval::new(time(start), time(end))
}

fn calendar(place: &Place) -> ResourceCalendar {
    let mut hours = Hours::new(zone_of(&place.zone));
    let week = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    for (days, (from, to)) in &place.weekly {
        let days: Weekdays = week.into_iter().zip(days).filter(|(_, open)| **open).map(|(day, _)| day).collect();
        hours.weekly.push(WeeklyWindow { days, from: wall_time(*from), to: wall_time(*to) });
    }
    let mut seen = Vec::new();
    for (day, windows) in &place.overrides {
        if !seen.contains(day) {
            seen.push(*day);
            let date = NaiveDate::from_epoch_days(i32::try_from(*day).unwrap()).unwrap();
            let windows = windows.iter().map(|&(from, to)| (wall_time(from), wall_time(to))).collect();
            hours.overrides.push(Override { date, windows });
        }
    }
    let mut calendar = ResourceCalendar::new(hours);
    calendar.absences = place.absences.iter().map(interval).collect();
    calendar.capacity = place.capacity;
    calendar.busy = place.bookings.iter().map(busy).collect();
    calendar
}

fn busy(booking: &Booking) -> Busy {
    Busy {
        buffer_before_min: u32::try_from(booking.before).unwrap(),
        buffer_after_min: u32::try_from(booking.after).unwrap(),
        units: booking.units,
        same_service: booking.same_service,
        ..Busy::new(time(booking.start), time(booking.end))
    }
}

impl World {
    pub fn search(&self) -> Search {
        let minutes = |count: Minute| u32::try_from(count).unwrap();
        let service = ServiceRules {
            interval_min: Some(minutes(self.step)),
            offset_min: minutes(self.offset),
            buffer_before_min: minutes(self.before),
            buffer_after_min: minutes(self.after),
            notice_min: minutes(self.notice),
            window: self.rolling_days.map_or(Window::Any, |days| Window::RollingDays {
                days: minutes(days),
                weekends: true,
                zone: None,
            }),
            grid: match &self.anchor {
                Anchor::Opening => Grid::OpeningStart,
                Anchor::Wall => Grid::WallClock { zone: None },
                Anchor::Free { align, zone } => {
                    Grid::FreeStart { align_min: minutes(*align), zone: zone_of(zone), rounding: Rounding::Up }
                }
            },
            seats: self.seats,
            party: self.party,
            ..ServiceRules::lasting(minutes(self.duration))
        };
        let all: Vec<_> = (0..self.places.len()).collect();
        Search {
            resources: self.places.iter().map(calendar).collect(),
            assign: match self.groups {
                Groups::Any => Assign::AnyOf(all),
                Groups::All => Assign::AllOf(all),
                Groups::FirstPlusAny => Assign::FixedPlusAny { fixed: vec![0], pool: all[1..].to_vec() },
            },
            limits: self.limit.iter().map(per_day).collect(),
            ..Search::new(
                chrono::DateTime::from_timestamp(self.now, 0).unwrap(),
                time(self.from),
                time(self.to),
                service,
            )
        }
    }
}

fn per_day(limit: &PerDay) -> Limit {
    Limit {
        per: Period::Day,
        zone: zone_of(&limit.zone),
        max_count: Some(u32::try_from(limit.max_count).unwrap()),
        max_minutes: Some(u32::try_from(limit.max_minutes).unwrap()),
        enforce_between: None,
        enforce_on: Weekdays::ALL,
        counted: limit.counted.iter().map(interval).collect(),
        resource: None,
    }
}
