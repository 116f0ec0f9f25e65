//! Many at once for times that overlap: the database decides, and everybody hears why.
use futures_util::future::join_all;
use serde_json::json;

use super::{Shop, overlaps};
use crate::support::app::Service;
use crate::support::client::Answer;

/// Answers of `count` visitors who want overlapping times of four members of staff, all at once.
async fn rush(shop: &Shop, count: usize, day: u64) -> Vec<Answer> {
    let date = shop.tomorrow + chrono::Days::new(day);
    let free = shop.free(date).await;
    let starts: Vec<&str> = free.iter().take(9).map(|slot| slot["start"].as_str().unwrap()).collect();
    assert_eq!(starts.len(), 9, "the day is open");
    let attempts = (0..count).map(|number| {
        let mut wish = shop.wish(starts[number * 7 % starts.len()]);
        wish["resource_id"] = shop.resources[number % shop.resources.len()].clone().into();
        async move { shop.visit(&wish).await }
    });
    join_all(attempts).await
}

fn hour() -> serde_json::Value {
    json!({"duration_min": 60, "interval_min": 15, "buffer_after_min": 10})
}

#[tokio::test]
async fn two_hundred_at_once_never_hold_one_time_twice() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 4, hour()).await;
    let answers = rush(&shop, 200, 0).await;
    let mut booked = 0;
    for answer in answers {
        match answer.status.as_u16() {
            201 => booked += 1,
            _ => {
                let problem = answer.refused(409, "TITHI_BOOKING_CONFLICT");
                let others = problem["next_free"].as_array().unwrap();
                assert!(!others.is_empty(), "{problem}");
                assert!(
                    others.iter().all(|slot| slot["start"].is_string() && slot["resource_id"].is_string()),
                    "{problem}"
                );
            }
        }
    }
    assert_eq!(overlaps(&service, &shop.tenant).await, 0);
    // of two hours and a quarter of starts each of the four serves one or two
    assert!((4..=12).contains(&booked), "{booked} were booked");
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM app.bookings WHERE tenant_id = $1")
        .bind(shop.tenant.id.0)
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap();
    assert_eq!(rows, booked, "whoever was refused left nothing behind");
}

#[tokio::test]
async fn any_of_four_serves_four_at_one_time() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 4, hour()).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let wish = shop.wish(&start);
    for round in 0..4 {
        let mut wish = wish.clone();
        wish["customer"]["email"] = format!("round{round}@visitors.example").into();
        shop.visit(&wish).await.expect(201);
    }
    let problem = shop.visit(&wish).await.refused(409, "TITHI_BOOKING_CONFLICT");
    assert_eq!(problem["reason"], "booked");
    assert_eq!(overlaps(&service, &shop.tenant).await, 0);
}

/// The test above can fail: without the constraint the check alone lets pairs through.
#[tokio::test]
async fn without_its_constraint_the_race_is_lost() {
    let service = Service::alone().await;
    let mut owner = service.database.connect("postgres").await;
    let sql = "ALTER TABLE app.booking_allocations DROP CONSTRAINT booking_no_overlap";
    sqlx::query(sql).execute(&mut owner).await.unwrap();
    let shop = Shop::staffed(&service, 4, hour()).await;
    let mut found = 0;
    for day in 0..10 {
        rush(&shop, 100, day).await;
        found = overlaps(&service, &shop.tenant).await;
        if found > 0 {
            break;
        }
    }
    assert!(found > 0, "nothing but the constraint keeps them apart, and it is gone");
}
