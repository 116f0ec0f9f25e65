//! The demo businesses.
use std::time::{Duration, Instant};

use serde_json::Value;
use tithi::cli::seed::seed;

use crate::support::app::Service;

async fn count(service: &Service, table: &str) -> i64 {
    let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM app.{table}"));
    sqlx::query_scalar(sql).fetch_one(&mut service.platform().await).await.unwrap()
}

#[tokio::test]
async fn the_demo_is_filled_in_once() {
    let service = Service::alone().await;
    let platform = &service.app.platform;
    let begun = Instant::now();
    let seeded = seed(platform, |password| Ok(format!("hash of {password}"))).await.unwrap();
    assert!(begun.elapsed() < Duration::from_millis(1500), "{:?}", begun.elapsed());
    assert_eq!(seeded.slugs, ["salon", "serenity"]);
    let tables = ["tenants", "users", "services", "customers", "bookings", "booking_items", "booking_allocations"];
    let mut before = Vec::new();
    for table in tables {
        before.push(count(&service, table).await);
    }
    assert!(before.iter().all(|count| *count > 1), "{before:?}");

    let again = seed(platform, |_| panic!("nothing is left to do")).await.unwrap();
    assert!(again.slugs.is_empty());
    for (table, before) in tables.into_iter().zip(before) {
        assert_eq!(count(&service, table).await, before, "{table}");
    }
    let events = count(&service, "events_outbox").await;
    assert_eq!(events, 0, "what is filled in is no news");
}

#[tokio::test]
async fn two_starts_at_once_fill_in_one_demo() {
    let service = Service::alone().await;
    let platform = &service.app.platform;
    let (one, two) = tokio::join!(seed(platform, |_| Ok("hash".into())), seed(platform, |_| Ok("hash".into())));
    assert_eq!(one.unwrap().slugs.len() + two.unwrap().slugs.len(), 2);
}

#[tokio::test]
async fn a_demo_business_answers_the_public() {
    let service = Service::alone().await;
    seed(&service.app.platform, |_| Ok("hash".into())).await.unwrap();
    for (slug, zone, currency) in [("salon", "America/New_York", "USD"), ("serenity", "Europe/Berlin", "EUR")] {
        let info: Value = service.visitor().get(&format!("/v1/{slug}/info")).await.expect(200);
        assert_eq!((info["timezone"].as_str(), info["currency"].as_str()), (Some(zone), Some(currency)));
    }
}
