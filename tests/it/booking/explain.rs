//! Why a time is not offered: by the rules that list it, and without a word about who took it.
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Shop, made};
use crate::support::app::Service;
use crate::support::client::Answer;

fn at(start: &str, minutes: i64) -> String {
    let start: DateTime<Utc> = start.parse().unwrap();
    (start + TimeDelta::minutes(minutes)).to_rfc3339_opts(SecondsFormat::Micros, true)
}

async fn ask(shop: &Shop, start: &str, more: &str) -> Answer {
    let path = format!("/api/v1/availability/explain?service_id={}&start={start}{more}", shop.service_id);
    shop.owner.get(&path).await
}

/// The reasons for the public, after what an explanation always says was looked at.
async fn why(shop: &Shop, start: &str, more: &str) -> Vec<Value> {
    let told = ask(shop, start, more).await.expect(200);
    let reasons = told["reasons"].as_array().unwrap().clone();
    assert_eq!(told["available"], reasons.is_empty(), "{told}");
    assert_eq!((&told["service_id"], &told["start"]), (&json!(shop.service_id), &json!(at(start, 0))));
    reasons
}

fn codes(reasons: &[Value]) -> Vec<&str> {
    reasons.iter().map(|reason| reason["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_is_taken_is_told_apart_from_what_is_around_it() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"interval_min": 15, "buffer_after_min": 15, "buffer_before_min": 5})).await;
    let starts = shop.starts(shop.tomorrow).await;
    let start = &starts[8];
    assert_eq!(why(&shop, start, "").await, Vec::<Value>::new());
    let booking = shop.visit(&shop.wish(start)).await.expect(201);

    // a quarter of an hour before: half an hour runs into the appointment
    let booked = why(&shop, &starts[7], "").await;
    assert_eq!(codes(&booked), ["booked"]);
    assert_eq!((&booked[0]["resource_id"], &booked[0]["resource_name"]), (&json!(shop.resources[0]), &json!("Ana 0")));
    let (from, to) = (booking["start_at"].as_str().unwrap(), booking["end_at"].as_str().unwrap());
    let taken = json!({"start": from, "end": to, "occupied_start": at(from, -5), "occupied_end": at(to, 15)});
    assert_eq!(booked[0]["taken"], taken);
    // right behind and right before: only the buffers are in the way
    for beside in [at(to, 0), at(to, 15), at(from, -30), at(from, -45)] {
        let reasons = why(&shop, &beside, "").await;
        assert_eq!(codes(&reasons), ["buffer"], "{beside}");
        assert_eq!(reasons[0]["taken"], taken);
    }
    assert_eq!(codes(&why(&shop, &at(to, 30), "").await), [""; 0]);
    // nothing of the customer
    let text = String::from_utf8(ask(&shop, start, "").await.body).unwrap();
    for word in ["Ana Torres", "visitors.example", booking["id"].as_str().unwrap(), "customer"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
    // a canceled one explains nothing
    shop.act(&booking, "cancel", Some(&json!({}))).await.expect(200);
    assert_eq!(why(&shop, start, "").await, Vec::<Value>::new());
}

/// Nothing is listed that is explained away, and nothing is left out without a reason.
#[tokio::test]
async fn what_is_listed_has_no_reasons_and_the_rest_has_some() {
    let service = Service::start().await;
    let wanted = json!({"duration_min": 45, "interval_min": 15, "buffer_after_min": 10, "notice_min": 120});
    let shop = Shop::staffed(&service, 2, wanted).await;
    for number in [3, 9, 9] {
        let start = shop.starts(shop.tomorrow).await.remove(number);
        shop.visit(&shop.wish(&start)).await.expect(201);
    }
    let path = format!("/v1/b/{}/availability?service_id={}&date={}", shop.tenant.slug, shop.service_id, shop.tomorrow);
    let listed = shop.stranger.get(&path).await.expect(200);
    let listed: Vec<&str> = listed["data"].as_array().unwrap().iter().map(|s| s["start"].as_str().unwrap()).collect();
    let mut seen = 0;
    // from before the opening until after the end, on the grid and beside it
    let first = at(listed[0], -60);
    for step in 0..60 {
        let start = at(&first, step * 10);
        let reasons = why(&shop, &start, "").await;
        assert_eq!(listed.contains(&&*start), reasons.is_empty(), "{start}: {reasons:?}");
        seen += usize::from(reasons.is_empty());
    }
    assert!(seen > 5, "{seen} were free");
}

#[tokio::test]
async fn each_of_several_has_its_own_reasons() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 2, json!({})).await;
    let start = shop.starts(shop.tomorrow).await.remove(2);
    shop.visit(&shop.wish(&start)).await.expect(201);
    assert_eq!(why(&shop, &start, "").await, Vec::<Value>::new(), "the other one is free");
    let one = format!("&resource_id={}", shop.resources[0]);
    let two = format!("&resource_id={}", shop.resources[1]);
    let each = [why(&shop, &start, &one).await.len(), why(&shop, &start, &two).await.len()];
    assert_eq!(each.iter().sum::<usize>(), 1, "{each:?}");
    let busy = if each[0] == 1 { 1 } else { 0 };
    let closure = json!({"resource_id": shop.resources[busy], "exception_date": shop.tomorrow, "is_available": false});
    made(&shop.owner, "/api/v1/availability/exceptions", &closure).await;
    let mut reasons = why(&shop, &start, "").await;
    reasons.sort_by_key(|reason| reason["code"].to_string());
    assert_eq!(codes(&reasons), ["booked", "exception"]);
    assert_eq!(reasons[1]["resource_id"], json!(shop.resources[busy]));
    assert_ne!(reasons[0]["resource_name"], reasons[1]["resource_name"]);
}

#[tokio::test]
async fn hours_notice_and_horizon() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"notice_min": 10_000, "horizon_days": 10})).await;
    let soon = shop.starts(shop.tomorrow).await.remove(0);
    let reasons = why(&shop, &soon, "").await;
    assert_eq!(codes(&reasons), ["notice"]);
    let earliest: DateTime<Utc> = reasons[0]["earliest"].as_str().unwrap().parse().unwrap();
    let ahead = earliest - service.clock.now();
    assert!((10_000..=10_001).contains(&ahead.num_minutes()), "{ahead}");
    assert_eq!(codes(&why(&shop, &soon, "&audience=staff").await), [""; 0], "the front desk keeps no notice");
    let far = at(&soon, 60 * 24 * 14);
    assert_eq!(codes(&why(&shop, &far, "").await), ["window"]);
    assert_eq!(codes(&why(&shop, &far, "&audience=staff").await), [""; 0]);
    let staff = async |start: &str| codes(&why(&shop, start, "&audience=staff").await).join(" ");
    assert_eq!(staff(&at(&soon, 7)).await, "off_grid");
    assert_eq!(staff(&at(&soon, -60)).await, "closed");
    assert_eq!(staff(&at(&soon, -60 * 24 * 30)).await, "past");
    let closure = json!({"exception_date": shop.tomorrow, "is_available": false});
    made(&shop.owner, "/api/v1/availability/exceptions", &closure).await;
    assert_eq!(staff(&soon).await, "exception");
    ask(&shop, &soon, "&audience=everybody").await.refused(400, "TITHI_VALIDATION_ERROR");
}

#[tokio::test]
async fn a_full_class_and_a_service_that_nobody_gives() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"capacity": 3})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let mut wish = shop.wish(&start);
    wish["attendee_count"] = 2.into();
    shop.visit(&wish).await.expect(201);
    assert_eq!(codes(&why(&shop, &start, "").await), [""; 0], "one seat is left");
    assert_eq!(codes(&why(&shop, &start, "&attendee_count=2").await), ["capacity"]);

    let path = format!("/api/v1/services/{}", shop.service_id);
    // somebody has booked it
    shop.owner.patch(&format!("{path}?force=true"), &json!({"active": false})).await.expect(200);
    assert_eq!(codes(&why(&shop, &start, "").await), ["inactive"]);
    shop.owner.put(&format!("{path}/resources?force=true"), &json!({"resource_ids": []})).await.expect(200);
    assert_eq!(codes(&why(&shop, &start, "").await), ["inactive", "no_resource"]);
}

#[tokio::test]
async fn another_business_hears_nothing() {
    let service = Service::start().await;
    let (shop, other) = (Shop::open(&service, json!({})).await, Shop::open(&service, json!({})).await);
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let path = |service_id: &str, more: &str| {
        format!("/api/v1/availability/explain?service_id={service_id}&start={start}{more}")
    };
    other.owner.get(&path(&shop.service_id, "")).await.refused(404, "TITHI_SERVICE_NOT_FOUND");
    let foreign = path(&other.service_id, &format!("&resource_id={}", shop.resources[0]));
    other.owner.get(&foreign).await.refused(404, "TITHI_RESOURCE_NOT_FOUND");
    shop.stranger.get(&path(&shop.service_id, "")).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
}
