//! Bookings that newer rules of the zones would move.
use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tithi::kernel::zone::tzdb_version;

use super::Shop;
use crate::support::app::Service;

const MOVED: &str = "/api/v1/timezones/moved";

/// Writes down how a booking was arranged: its wall time is off by `minutes` from what the clock will show.
async fn arranged(at: &Service, shop: &Shop, booking: &Value, minutes: i64, tzdata: Option<&str>) {
    let sql = "UPDATE app.bookings SET wall_tz = 'America/New_York', tzdata = $3,
                 wall_start = (start_at + make_interval(mins => $4)) AT TIME ZONE 'America/New_York'
               WHERE tenant_id = $1 AND id = $2::uuid";
    let query = sqlx::query(sql).bind(shop.tenant.id.0).bind(booking["id"].as_str().unwrap()).bind(tzdata);
    let done = query.bind(i32::try_from(minutes).unwrap()).execute(&mut at.platform().await).await.unwrap();
    assert_eq!(done.rows_affected(), 1);
}

/// A business with a booking at each of its first free times.
async fn booked(at: &Service, count: usize) -> (Shop, Vec<Value>) {
    let shop = Shop::open(at, json!({})).await;
    let mut bookings = Vec::new();
    for start in shop.starts(shop.tomorrow).await.iter().take(count) {
        bookings.push(shop.book(&shop.wish(start)).await.expect(201));
    }
    (shop, bookings)
}

fn id(booking: &Value) -> &str {
    booking["id"].as_str().unwrap()
}

#[tokio::test]
async fn only_those_that_another_release_arranged_and_that_move() {
    let service = Service::start().await;
    let (shop, bookings) = booked(&service, 6).await;
    arranged(&service, &shop, &bookings[0], 60, Some("2001a")).await;
    arranged(&service, &shop, &bookings[1], 0, Some("2001a")).await;
    arranged(&service, &shop, &bookings[2], 60, Some(tzdb_version())).await;
    arranged(&service, &shop, &bookings[3], -30, None).await;
    arranged(&service, &shop, &bookings[4], 60, Some("2001a")).await;
    shop.act(&bookings[4], "cancel", Some(&json!({}))).await.expect(200);
    let answer = shop.owner.get(MOVED).await.expect(200);
    let data = answer["data"].as_array().unwrap();
    assert_eq!(
        data.iter().map(|row| row["booking_id"].as_str().unwrap()).collect::<Vec<_>>(),
        [id(&bookings[0]), id(&bookings[3])]
    );
    let start: DateTime<Utc> = bookings[0]["start_at"].as_str().unwrap().parse().unwrap();
    let (now, row) = (start + TimeDelta::hours(1), &data[0]);
    assert_eq!(row["start_at"], bookings[0]["start_at"]);
    assert_eq!(row["start_at_now"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap(), now);
    // an hour after the opening at nine
    assert_eq!(row["wall_start"], format!("{}T10:00:00", shop.tomorrow));
    assert_eq!((&row["timezone"], &row["tzdata_then"]), (&json!("America/New_York"), &json!("2001a")));
    assert_eq!(
        row["tzdata_now"],
        service.visitor().get("/api/v1/timezones/version").await.expect(200)["tzdata_version"]
    );
    assert_eq!(data[1]["tzdata_then"], Value::Null);
    // once it has begun nobody can be told any more
    service.clock.advance(start - service.clock.now());
    let left = service.owner_of(&shop.tenant).await.get(MOVED).await.expect(200);
    assert_eq!(left["data"].as_array().unwrap().len(), 1, "{left}");
}

#[tokio::test]
async fn pages_join_and_the_total_counts_all() {
    let service = Service::start().await;
    let (shop, bookings) = booked(&service, 8).await;
    for (place, booking) in bookings.iter().enumerate() {
        arranged(&service, &shop, booking, if place % 2 == 0 { 60 } else { 0 }, Some("2001a")).await;
    }
    let (mut seen, mut path) = (Vec::new(), format!("{MOVED}?limit=1&include_total=true"));
    loop {
        let page = shop.owner.get(&path).await.expect(200);
        if path.contains("total") {
            assert_eq!(page["total"], 4);
        }
        seen.extend(page["data"].as_array().unwrap().iter().map(|row| row["booking_id"].as_str().unwrap().to_owned()));
        assert!(seen.len() <= 4, "{seen:?}");
        assert_eq!(page["has_more"], !page["next_cursor"].is_null());
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("{MOVED}?limit=1&cursor={cursor}");
    }
    assert_eq!(seen, bookings.iter().step_by(2).map(|booking| id(booking).to_owned()).collect::<Vec<_>>());
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 4);
}

#[tokio::test]
async fn a_zone_without_rules_is_told_and_others_see_nothing() {
    let service = Service::start().await;
    let (shop, bookings) = booked(&service, 1).await;
    arranged(&service, &shop, &bookings[0], 60, Some("2001a")).await;
    let sql = "UPDATE app.bookings SET wall_tz = 'Mars/Olympus' WHERE tenant_id = $1";
    sqlx::query(sql).bind(shop.tenant.id.0).execute(&mut service.platform().await).await.unwrap();
    let admin = service.admin_of(&shop.tenant).await;
    let answer = admin.get(MOVED).await.expect(200);
    assert_eq!(
        (&answer["data"][0]["start_at_now"], &answer["data"][0]["timezone"]),
        (&Value::Null, &json!("Mars/Olympus"))
    );
    service.staff_of(&shop.tenant).await.get(MOVED).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    let other = Shop::open(&service, json!({})).await;
    assert_eq!(other.owner.get(MOVED).await.expect(200)["data"], json!([]));
}
