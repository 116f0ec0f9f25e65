//! A member of staff's calendar at a secret address.
use chrono::{Days, TimeDelta};
use icalendar::{Component, Event, EventStatus};
use serde_json::{Value, json};
use sqlx::Row;

use super::calendar::entries;
use super::{Shop, made};
use crate::catalogue::audited;
use crate::support::app::Service;
use crate::support::client::Client;

const GONE: &str = "TITHI_NOT_FOUND";

/// A profile for the shop's first resource, for a member or for nobody.
async fn profile(shop: &Shop, membership: Option<String>) -> String {
    let staff = json!({"display_name": "Mia, Stone", "resource_id": shop.resources[0], "membership_id": membership});
    made(&shop.owner, "/api/v1/staff", &staff).await
}

fn path(staff: &str) -> String {
    format!("/api/v1/staff/{staff}/calendar-feed")
}

/// Makes the address; gives its path on this host.
async fn address(client: &Client, staff: &str) -> String {
    let answer = client.post(&path(staff), &Value::Null).await;
    let location = answer.header("location").to_owned();
    let feed = answer.expect(201);
    assert_eq!((&feed["staff_id"], feed["url"].as_str().unwrap().ends_with(&location)), (&json!(staff), true));
    location
}

async fn read(shop: &Shop, address: &str) -> Vec<Event> {
    let answer = shop.stranger.get(address).await;
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    entries(&answer).1
}

#[tokio::test]
async fn a_calendar_is_read_by_its_address_and_tells_no_addresses() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 2, json!({})).await;
    let staff = profile(&shop, None).await;
    let starts = shop.starts(shop.tomorrow + Days::new(3)).await;
    let with = async |start: &str, resource: usize| {
        let mut wish = shop.wish(start);
        wish["resource_id"] = shop.resources[resource].clone().into();
        wish["customer"]["phone"] = "+1 212 555 0100".into();
        shop.visit(&wish).await.expect(201)
    };
    let (own, other, gone) = (with(&starts[0], 0).await, with(&starts[0], 1).await, with(&starts[4], 0).await);
    shop.own(gone["manage_token"].as_str().unwrap(), "cancel", &json!({})).await.expect(200);
    let feed = address(&shop.owner, &staff).await;
    let answer = shop.stranger.get(&feed).await;
    let (calendar, events) = entries(&answer);
    assert_eq!(calendar.property_value("X-WR-CALNAME"), Some("Mia, Stone"));
    assert_eq!(events.len(), 1, "neither {other} nor what is canceled");
    assert_eq!((events[0].get_uid(), events[0].get_summary()), (own["id"].as_str(), Some("Cut: Ana Torres")));
    let text = String::from_utf8(answer.body.clone()).unwrap();
    assert!(!text.contains('@') && !text.contains("555"), "{text}");

    // a version that is known is not sent again, until something changes
    let tag = answer.header("etag").to_owned();
    service.clock.advance(TimeDelta::minutes(5));
    let known = shop.stranger.clone().with("if-none-match", &tag).get(&feed).await;
    assert_eq!((known.status.as_u16(), known.body.len(), known.header("etag")), (304, 0, tag.as_str()));
    let body = json!({"start_at": starts[2]});
    shop.own(own["manage_token"].as_str().unwrap(), "reschedule", &body).await.expect(201);
    let changed = shop.stranger.clone().with("if-none-match", &tag).get(&feed).await;
    let events = entries(&changed).1;
    assert_eq!((events.len(), events[0].get_uid(), events[0].get_sequence()), (1, own["id"].as_str(), Some(1)));
    // the secret is in no log line and in no table
    let hash = "SELECT length(secret_hash) AS length, position($2::bytea IN secret_hash) AS clear FROM app.calendar_feeds WHERE tenant_id = $1";
    let secret = feed.rsplit('/').nth(1).unwrap().as_bytes();
    let query = sqlx::query(hash).bind(shop.tenant.id.0).bind(secret);
    let row = query.fetch_one(&mut service.platform().await).await.unwrap();
    assert_eq!((row.get::<i32, _>("length"), row.get::<i32, _>("clear")), (32, 0));
}

#[tokio::test]
async fn a_new_address_ends_the_old_one_and_so_does_revoking() {
    let service = Service::start().await;
    let (shop, other) = (Shop::open(&service, json!({})).await, Shop::open(&service, json!({})).await);
    let staff = profile(&shop, None).await;
    let first = address(&shop.owner, &staff).await;
    read(&shop, &first).await;
    let second = address(&shop.owner, &staff).await;
    assert_ne!(first, second);
    shop.stranger.get(&first).await.refused(404, GONE);
    read(&shop, &second).await;
    // of another business it is none; nor is anything that was not made
    let elsewhere = second.replace(&shop.tenant.slug, &other.tenant.slug);
    other.stranger.get(&elsewhere).await.refused(404, GONE);
    for bad in ["x", &"A".repeat(43), "%00"] {
        shop.stranger.get(&format!("/v1/b/{}/feeds/{bad}/calendar.ics", shop.tenant.slug)).await.refused(404, GONE);
    }
    let problem = shop.stranger.get(&first).await.refused(404, GONE);
    assert!(!problem.to_string().contains(first.rsplit('/').nth(1).unwrap()), "{problem}");
    for _ in 0..2 {
        shop.owner.delete(&path(&staff)).await.expect(204);
        shop.stranger.get(&second).await.refused(404, GONE);
    }
    let third = address(&shop.owner, &staff).await;
    read(&shop, &third).await;
    let sql = "SELECT id::text FROM app.calendar_feeds WHERE tenant_id = $1";
    let id: String =
        sqlx::query_scalar(sql).bind(shop.tenant.id.0).fetch_one(&mut service.platform().await).await.unwrap();
    assert_eq!(audited(&service, &shop.tenant, "calendar_feeds", &id).await, ["INSERT"]);
    // whoever is gone has no calendar
    shop.owner.delete(&format!("/api/v1/staff/{staff}")).await.expect(204);
    shop.stranger.get(&third).await.refused(404, GONE);
}

#[tokio::test]
async fn the_own_calendar_is_everybody_s_and_all_are_an_admin_s() {
    let service = Service::start().await;
    let (shop, other) = (Shop::open(&service, json!({})).await, Shop::open(&service, json!({})).await);
    let sql = "SELECT id::text FROM app.memberships WHERE tenant_id = $1 AND user_id = $2";
    let query = sqlx::query_scalar(sql).bind(shop.tenant.id.0).bind(shop.tenant.staff.0);
    let membership: String = query.fetch_one(&mut service.platform().await).await.unwrap();
    let staff = profile(&shop, Some(membership)).await;
    let missing = "TITHI_STAFF_NOT_FOUND";
    for (client, own) in [
        (service.staff_of(&shop.tenant).await, true),
        (service.admin_of(&shop.tenant).await, true),
        (service.viewer_of(&shop.tenant).await, false),
        (other.owner, false),
    ] {
        if own {
            let feed = address(&client, &staff).await;
            read(&shop, &feed).await;
            client.delete(&path(&staff)).await.expect(204);
            shop.stranger.get(&feed).await.refused(404, GONE);
        } else {
            client.post(&path(&staff), &Value::Null).await.refused(404, missing);
            client.delete(&path(&staff)).await.refused(404, missing);
        }
    }
    shop.stranger.post(&path(&staff), &Value::Null).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    let nobody = path(&service.new_id().to_string());
    shop.owner.post(&nobody, &Value::Null).await.refused(404, missing);
}

#[tokio::test]
async fn a_class_is_one_entry_with_all_names() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"capacity": 3, "name": "Yoga"})).await;
    let staff = profile(&shop, None).await;
    let starts = shop.starts(shop.tomorrow).await;
    for name in ["Ana", "Ben", "Cleo"] {
        let mut wish = shop.wish(&starts[0]);
        wish["customer"]["display_name"] = name.into();
        shop.visit(&wish).await.expect(201);
    }
    shop.visit(&shop.wish(&starts[1])).await.expect(201);
    let feed = address(&shop.owner, &staff).await;
    let events = read(&shop, &feed).await;
    let summaries: Vec<_> = events.iter().map(|event| event.get_summary().unwrap()).collect();
    assert_eq!(summaries, ["Yoga (3)", "Yoga: Ana Torres"]);
    let mut names: Vec<_> = events[0].get_description().unwrap().lines().collect();
    names.sort_unstable();
    assert_eq!(names, ["Ana", "Ben", "Cleo"]);
    assert_eq!(events[0].get_status(), Some(EventStatus::Confirmed));
}

#[tokio::test]
async fn a_calendar_is_bounded_and_what_is_to_come_goes_first() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let staff = profile(&shop, None).await;
    let booking = shop.visit(&shop.wish(&shop.starts(shop.tomorrow).await[0])).await.expect(201);
    // 600 behind and 700 ahead, an hour each; some outside of what is shown
    let sql = "WITH copy AS (
                 INSERT INTO app.bookings (tenant_id, id, customer_id, service_id, resource_id, service_snapshot, start_at, end_at,
                   booking_tz, status, source, currency)
                 SELECT tenant_id, gen_random_uuid(), customer_id, service_id, resource_id, service_snapshot, at, at + interval '30 minutes',
                   booking_tz, 'completed', 'import', currency
                 FROM app.bookings, (
                   SELECT $3 + make_interval(hours => n) AS at FROM generate_series(-600, 699) AS n
                   UNION ALL SELECT $3 + make_interval(days => n) FROM unnest(ARRAY[-31, 366]) AS n) AS times
                 WHERE tenant_id = $1 AND id = $2::uuid RETURNING *)
               INSERT INTO app.booking_items (tenant_id, id, booking_id, resource_id, service_id, start_at, end_at)
               SELECT tenant_id, gen_random_uuid(), id, resource_id, service_id, start_at, end_at FROM copy";
    let now = service.clock.now();
    let query = sqlx::query(sql).bind(shop.tenant.id.0).bind(booking["id"].as_str().unwrap()).bind(now);
    query.execute(&mut service.platform().await).await.unwrap();
    let feed = address(&shop.owner, &staff).await;
    let events = read(&shop, &feed).await;
    assert_eq!(events.len(), 1_000);
    let starts: Vec<_> = events.iter().map(|event| event.property_value("DTSTART").unwrap().to_owned()).collect();
    assert!(starts.is_sorted());
    let text = |at: chrono::DateTime<chrono::Utc>| at.format("%Y%m%dT%H%M%SZ").to_string();
    let ahead = starts.iter().filter(|start| **start >= text(now)).count();
    assert_eq!(ahead, 701, "the one that was booked among them");
    assert_eq!(starts.last().unwrap(), &text(now + TimeDelta::hours(699)));
    assert_eq!(starts[0], text(now - TimeDelta::hours(299)), "of what is over the latest");
}
