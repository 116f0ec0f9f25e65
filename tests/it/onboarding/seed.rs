//! The demo businesses.
use chrono::{DateTime, Days, Utc};
use serde_json::Value;
use tithi::cli::seed::seed;

use crate::pipeline::wire::Wire;
use crate::support::app::Service;
use crate::support::database::Database;

async fn count(service: &Service, table: &str) -> i64 {
    let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM app.{table}"));
    sqlx::query_scalar(sql).fetch_one(&mut service.platform().await).await.unwrap()
}

#[tokio::test]
async fn the_demo_is_filled_in_once() {
    let database = Database::own().await;
    let wire = Wire::new(&database.options("tithi_platform"));
    let service = Service::through(database, &[], None, |options| wire.lead(options)).await;
    let platform = &service.app.platform;
    wire.take();
    let seeded = seed(platform, |password| Ok(format!("hash of {password}"))).await.unwrap();
    let run = wire.take();
    let inserts = run.iter().filter(|sql| sql.starts_with("INSERT")).count();
    // eighteen tables and two businesses: a first start does not wait for a statement a row
    assert!(inserts <= 36 && run.len() <= inserts + 10, "{inserts} of {}: {run:#?}", run.len());
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

/// Whatever day the demo is first started on: what it shows can be booked within the week after its holidays.
#[tokio::test]
async fn the_demo_can_be_tried_on_any_day() {
    // a Saturday, both change days of New York and of Berlin, Christmas, the year's last minute, a leap day
    for day in [
        "2027-01-09T23:30:00Z",
        "2027-03-14T06:30:00Z",
        "2027-03-28T00:30:00Z",
        "2027-10-31T00:30:00Z",
        "2027-11-07T05:30:00Z",
        "2027-12-25T12:00:00Z",
        "2027-12-31T23:59:30Z",
        "2028-02-29T15:00:00Z",
    ] {
        let service = Service::alone().await;
        service.clock.advance(day.parse::<DateTime<Utc>>().unwrap() - service.clock.now());
        seed(&service.app.platform, |_| Ok("hash".into())).await.unwrap();
        let visitor = service.visitor();
        let (first, last) = (service.clock.now().date_naive(), service.clock.now().date_naive() + Days::new(13));
        for slug in ["salon", "serenity"] {
            let services = visitor.get(&format!("/v1/{slug}/services")).await.expect(200);
            for offered in services["data"].as_array().unwrap() {
                let id = offered["id"].as_str().unwrap();
                let path = format!("/v1/b/{slug}/availability?service_id={id}&start_date={first}&end_date={last}");
                let free = visitor.get(&path).await.expect(200);
                assert!(!free["data"].as_array().unwrap().is_empty(), "{slug} on {day}: {}", offered["name"]);
            }
        }
    }
}
