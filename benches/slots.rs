//! The slot engine on a month: 30-minute service, 15-minute grid, 60 bookings a host.
//!
//! Goals: less than 0.05 ms for one host, less than 1 ms for fifty.

use std::hint::black_box;

use chrono::{DateTime, TimeDelta, Utc, Weekday};
use criterion::{Criterion, criterion_group, criterion_main};
use tithi::{
    domains::scheduling::rules::{
        Assign, Busy, Hours, ResourceCalendar, Search, ServiceRules, WallTime, WeeklyWindow, check, slots,
    },
    kernel::zone::Zone,
};

const ZONES: [&str; 5] =
    ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Sao_Paulo"];

fn monday() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_409_600, 0).unwrap_or_default() // 2026-03-02, with changes of March ahead
}

fn host(number: i64, zone: &str) -> ResourceCalendar {
    let mut hours = Hours::new(Zone::parse(zone).unwrap_or_else(|_| Zone::utc()));
    let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri].into_iter().collect();
    let time = |text| WallTime::parse(text).unwrap_or(WallTime::MIDNIGHT);
    hours.weekly.push(WeeklyWindow { days, from: time("09:00"), to: time("12:30") });
    hours.weekly.push(WeeklyWindow { days, from: time("13:30"), to: time("18:00") });
    let mut calendar = ResourceCalendar::new(hours);
    calendar.busy = (0..60)
        .map(|n| {
            let start = monday() + TimeDelta::minutes(n / 2 * 1_440 + 480 + n % 2 * 240 + number % 16 * 15);
            let (buffer_before_min, buffer_after_min) = (5, 10);
            Busy { buffer_before_min, buffer_after_min, ..Busy::new(start, start + TimeDelta::minutes(45)) }
        })
        .collect();
    calendar
}

fn search(hosts: i64, zones: &[&str]) -> Search {
    let service = ServiceRules {
        interval_min: Some(15),
        buffer_before_min: 5,
        buffer_after_min: 10,
        notice_min: 120,
        ..ServiceRules::lasting(30)
    };
    let from = monday();
    let mut search = Search::new(from, from, from + TimeDelta::days(30), service);
    search.resources = (0..hosts).map(|n| host(n, zones[n as usize % zones.len()])).collect();
    search.assign = Assign::AnyOf((0..hosts as usize).collect());
    search
}

fn month(c: &mut Criterion) {
    let one = search(1, &ZONES[..1]);
    c.bench_function("one host, 30 days", |b| b.iter(|| slots(black_box(&one))));
    let fifty = search(50, &ZONES[..1]);
    c.bench_function("any of fifty hosts, 30 days", |b| b.iter(|| slots(black_box(&fifty))));
    let scattered = search(50, &ZONES);
    c.bench_function("any of fifty hosts in five zones, 30 days", |b| b.iter(|| slots(black_box(&scattered))));
    let start = slots(&one).ok().and_then(|listing| listing.starts().nth(200)).unwrap_or_default();
    c.bench_function("check one start", |b| b.iter(|| check(black_box(&one), start)));
}

criterion_group!(benches, month);
criterion_main!(benches);
