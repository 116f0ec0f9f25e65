//! Listed means bookable, and what is not listed is refused.
use serde_json::{Value, json};

use super::{Shop, overlaps};
use crate::support::app::Service;

/// Books the first listed time again and again until none is left.
async fn fill(at: &Service, shop: &Shop, date: chrono::NaiveDate) -> usize {
    let mut booked = 0;
    loop {
        let free = shop.free(date).await;
        let Some(slot) = free.get(booked * 7 % free.len().max(1)) else { break };
        let booking = shop.book(&shop.wish(slot["start"].as_str().unwrap())).await.expect(201);
        assert_eq!((&booking["start_at"], &booking["end_at"]), (&slot["start"], &slot["end"]));
        assert_eq!(booking["resource_id"], slot["resource_id"], "whom the list names");
        booked += 1;
        assert!(booked < 200, "the day never ends");
    }
    assert_eq!(overlaps(at, &shop.tenant).await, 0);
    booked
}

#[tokio::test]
async fn every_listed_time_can_be_booked_until_none_is_listed() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 2, json!({})).await;
    // eight hours of halves, twice
    assert_eq!(fill(&service, &shop, shop.tomorrow).await, 32);
    assert!(shop.starts(shop.tomorrow).await.is_empty());
}

#[tokio::test]
async fn whatever_the_grid_listed_means_bookable() {
    let service = Service::start().await;
    for (grid, buffers) in [("opening_start", (10, 5)), ("free_start", (0, 10)), ("wall_clock", (5, 0))] {
        let wanted = json!({
            "grid": grid, "interval_min": 20, "duration_min": 45, "buffer_before_min": buffers.0, "buffer_after_min": buffers.1,
        });
        let shop = Shop::open(&service, wanted).await;
        assert!(fill(&service, &shop, shop.tomorrow).await >= 5, "{grid}");
    }
}

/// Around the clock the day has no beginning of its own: the question's window must not become the grid's anchor.
#[tokio::test]
async fn around_the_clock_too() {
    let service = Service::start().await;
    for grid in ["opening_start", "free_start", "wall_clock"] {
        let wanted = json!({"duration_min": 50, "buffer_after_min": 15, "grid": grid});
        let shop = Shop::with(&service, "UTC", 1, ("00:00", "24:00"), wanted).await;
        let date = shop.tomorrow + chrono::Days::new(5);
        // thirty hours before: near enough for the question of a booking, too far for that of the list
        let before = shop.starts(date - chrono::Days::new(2)).await;
        let evening = before.iter().find(|start| &start[11..13] >= "17").unwrap();
        shop.book(&shop.wish(evening)).await.expect(201);
        assert!(fill(&service, &shop, date).await >= 10, "{grid}");
    }
}

#[tokio::test]
async fn buffers_are_kept_between_neighbours() {
    let service = Service::start().await;
    let wanted = json!({"duration_min": 30, "interval_min": 15, "buffer_before_min": 15, "buffer_after_min": 15});
    let shop = Shop::open(&service, wanted).await;
    let starts = shop.starts(shop.tomorrow).await;
    shop.book(&shop.wish(&starts[8])).await.expect(201);
    let left = shop.starts(shop.tomorrow).await;
    // the buffers of both add up: an hour from start to start
    let gone: Vec<&String> = starts.iter().filter(|start| !left.contains(start)).collect();
    assert_eq!(gone, starts[5..=11].iter().collect::<Vec<_>>());
    for near in [5, 7, 9, 11] {
        shop.book(&shop.wish(&starts[near])).await.refused(409, "TITHI_BOOKING_CONFLICT");
    }
    for next in [4, 12] {
        shop.book(&shop.wish(&starts[next])).await.expect(201);
    }
}

#[tokio::test]
async fn what_is_not_listed_is_refused_with_what_is() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let starts = shop.starts(shop.tomorrow).await;
    let day = &starts[0][..10];
    let off_grid = starts[0].replace(":00:00", ":07:00");
    for (start, reason) in [(off_grid, "off_grid"), (format!("{day}T03:00:00Z"), "closed")] {
        for answer in [shop.book(&shop.wish(&start)).await, shop.visit(&shop.wish(&start)).await] {
            let problem = answer.refused(409, "TITHI_SLOT_UNAVAILABLE");
            assert_eq!(problem["reason"], reason, "{problem}");
            let others: Vec<&Value> =
                problem["next_free"].as_array().unwrap().iter().map(|slot| &slot["start"]).collect();
            assert_eq!(others.len(), 5);
            assert!(others.iter().all(|other| starts.iter().any(|listed| *other == listed)), "{others:?}");
        }
    }
    let closure = json!({"exception_date": shop.tomorrow, "is_available": false});
    shop.owner.post("/api/v1/availability/exceptions", &closure).await.expect(201);
    assert!(shop.starts(shop.tomorrow).await.is_empty());
    let problem = shop.book(&shop.wish(&starts[0])).await.refused(409, "TITHI_SLOT_UNAVAILABLE");
    assert_eq!(problem["reason"], "exception", "{problem}");
}
