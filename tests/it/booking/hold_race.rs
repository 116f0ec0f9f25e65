//! Many at once for times that are held, or were.
use std::time::{Duration, Instant};

use chrono::{Days, TimeDelta};
use futures_util::future::join_all;
use serde_json::json;

use super::hold::{hold, redeem};
use super::{Shop, overlaps};
use crate::support::app::Service;

/// Twelve at once on one time with an expired hold in the way, half of them to hold it: one gets it, each round.
#[tokio::test]
async fn of_twelve_at_once_over_an_expired_hold_one_wins() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let begun = Instant::now();
    let mut rounds = 0;
    while rounds < 60 && begun.elapsed() < Duration::from_secs(10) {
        let date = shop.tomorrow + Days::new(1 + rounds);
        let listed = format!("/api/v1/availability?service_id={}&date={date}", shop.service_id);
        let listed = shop.stranger.get(&listed).await.expect(200);
        let start = listed["data"][0]["start"].as_str().unwrap().to_owned();
        let first = hold(&shop, &start).await.expect(201);
        service.clock.advance(TimeDelta::minutes(15));
        let wish: Vec<_> = (0..12).map(|_| shop.wish(&start)).collect();
        let answers = join_all(wish.iter().enumerate().map(async |(number, wish)| match number {
            0 => redeem(&shop, &first).await,
            number if number % 2 == 0 => hold(&shop, &start).await,
            _ => shop.visit(wish).await,
        }))
        .await;
        let winners = answers.iter().filter(|answer| answer.status.as_u16() == 201).count();
        let others: Vec<_> = answers.iter().filter(|answer| !matches!(answer.status.as_u16(), 201 | 409)).collect();
        assert!(others.is_empty(), "{others:?}");
        assert_eq!(winners, 1, "round {rounds}");
        rounds += 1;
    }
    assert!(rounds >= 5, "only {rounds} rounds");
    assert_eq!(overlaps(&service, &shop.tenant).await, 0);
}

#[tokio::test]
async fn a_hold_is_booked_once_however_many_try() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let held = hold(&shop, &start).await.expect(201);
    let answers = join_all((0..12).map(|_| redeem(&shop, &held))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status.as_u16() == 201).count(), 1);
    for answer in answers.into_iter().filter(|answer| answer.status.as_u16() != 201) {
        answer.refused(409, "TITHI_HOLD_EXPIRED");
    }
}

/// Forty at once for five seats, half of them to hold one; then the holds become bookings and no seat more is sold.
#[tokio::test]
async fn holds_and_bookings_share_the_seats_of_a_class() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"capacity": 5})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let wishes: Vec<_> = (0..20).map(|_| shop.wish(&start)).collect();
    let (booked, held) = tokio::join!(
        join_all(wishes.iter().map(|wish| shop.visit(wish))),
        join_all((0..20).map(|_| hold(&shop, &start)))
    );
    let holds: Vec<_> = held.into_iter().filter(|answer| answer.status.as_u16() == 201).map(|a| a.json()).collect();
    let booked = booked.into_iter().filter(|answer| answer.status.as_u16() == 201).count();
    assert_eq!(booked + holds.len(), 5);
    assert!(!shop.starts(shop.tomorrow).await.contains(&start), "a class that is held full is not listed");
    for held in &holds {
        redeem(&shop, held).await.expect(201);
    }
    let taken: i32 = sqlx::query_scalar("SELECT taken FROM app.class_sessions WHERE tenant_id = $1")
        .bind(shop.tenant.id.0)
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap();
    assert_eq!(taken, 5);
}

#[tokio::test]
async fn seats_that_were_held_come_back() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"capacity": 2})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    for _ in 0..2 {
        hold(&shop, &start).await.expect(201);
    }
    shop.visit(&shop.wish(&start)).await.refused(409, "TITHI_BOOKING_CONFLICT");
    service.clock.advance(TimeDelta::minutes(15));
    for _ in 0..2 {
        shop.visit(&shop.wish(&start)).await.expect(201);
    }
    shop.visit(&shop.wish(&start)).await.refused(409, "TITHI_BOOKING_CONFLICT");
}
