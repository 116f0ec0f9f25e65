//! Days on which the clocks are changed, booked to the last minute. The service's clock is moved to them, so that they
//! lie ahead whatever day it is.
use chrono::{Days, NaiveDate, NaiveTime};
use serde_json::json;

use super::{Shop, overlaps};
use crate::support::app::Service;

/// Local and universal starts of a date whose nights are open, each of them booked.
async fn night(zone: &str, date: &str) -> Vec<String> {
    let service = Service::start().await;
    let date: NaiveDate = date.parse().unwrap();
    let before = (date - Days::new(2)).and_time(NaiveTime::MIN).and_utc();
    service.clock.advance(before - service.clock.now());
    let shop = Shop::with(&service, zone, 1, ("00:00", "06:00"), json!({"duration_min": 60})).await;
    let free = shop.free(date).await;
    let mut told = Vec::new();
    for slot in &free {
        let start = slot["start"].as_str().unwrap();
        let booking = shop.book(&shop.wish(start)).await.expect(201);
        assert_eq!(booking["start_at"], start);
        let (local, utc) = (&slot["local_start"].as_str().unwrap()[11..16], &start[11..16]);
        told.push(format!("{local} {utc}"));
    }
    assert!(shop.free(date).await.is_empty());
    assert_eq!(overlaps(&service, &shop.tenant).await, 0);
    told
}

#[tokio::test]
async fn new_york_loses_and_gains_an_hour() {
    let spring = night("America/New_York", "2027-03-14").await;
    assert_eq!(spring, ["00:00 05:00", "01:00 06:00", "03:00 07:00", "04:00 08:00", "05:00 09:00"]);
    let autumn = night("America/New_York", "2027-11-07").await;
    let expected =
        ["00:00 04:00", "01:00 05:00", "01:00 06:00", "02:00 07:00", "03:00 08:00", "04:00 09:00", "05:00 10:00"];
    assert_eq!(autumn, expected);
}

#[tokio::test]
async fn lord_howe_moves_by_half_an_hour() {
    let spring = night("Australia/Lord_Howe", "2027-10-03").await;
    assert_eq!(spring, ["00:00 13:30", "01:00 14:30", "02:30 15:30", "03:30 16:30", "04:30 17:30"]);
    let autumn = night("Australia/Lord_Howe", "2027-04-04").await;
    let expected = ["00:00 13:00", "01:00 14:00", "01:30 15:00", "02:30 16:00", "03:30 17:00", "04:30 18:00"];
    assert_eq!(autumn, expected);
}
