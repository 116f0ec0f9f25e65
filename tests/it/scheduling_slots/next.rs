//! The next free times: the listing's own, however far away.
use chrono::{DateTime, Days, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::booking::Shop;
use crate::support::app::Service;
use crate::support::client::Client;

async fn next(client: &Client, shop: &Shop, query: &str) -> Value {
    let path = format!("/api/v1/availability/next?service_id={}{query}", shop.service_id);
    client.get(&path).await.expect(200)
}

fn starts(answer: &Value) -> Vec<String> {
    answer["data"].as_array().unwrap().iter().map(|slot| slot["start"].as_str().unwrap().to_owned()).collect()
}

fn until(answer: &Value) -> DateTime<Utc> {
    answer["searched_until"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn the_next_are_those_of_the_list() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 2, json!({})).await;
    let listed = shop.starts(shop.tomorrow).await;
    let from = &listed[3];
    let found = next(&shop.owner, &shop, &format!("&from={from}&count=4")).await;
    assert_eq!(starts(&found), listed[3..7], "the one that begins then is one of them");
    let same = shop.free(shop.tomorrow).await;
    assert_eq!(found["data"][0]["start"], same[3]["start"]);
    // a moment later it is the next one, and one is what is told unless more are asked for
    let later = from.replace(":00.000000Z", ":01Z");
    assert_eq!(starts(&next(&shop.owner, &shop, &format!("&from={later}")).await), listed[4..5]);
    // both are taken: it is gone
    for _ in 0..2 {
        shop.book(&shop.wish(from)).await.expect(201);
    }
    assert_eq!(starts(&next(&shop.owner, &shop, &format!("&from={from}")).await), listed[4..5]);
    let one = format!("&from={from}&resource_id={}&count=20", shop.resources[1]);
    let one = next(&shop.owner, &shop, &one).await;
    assert_eq!(one["data"].as_array().unwrap().len(), 20);
    assert!(one["data"].as_array().unwrap().iter().all(|slot| slot["resource_id"] == shop.resources[1].as_str()));
}

#[tokio::test]
async fn what_has_passed_is_not_next() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let plain = next(&shop.owner, &shop, "&count=3").await;
    assert_eq!(starts(&plain), starts(&next(&shop.owner, &shop, "&count=3&from=2001-01-01T00:00:00Z").await));
    assert!(starts(&plain)[0].parse::<DateTime<Utc>>().unwrap() >= service.clock.now());
}

#[tokio::test]
async fn far_away_is_found_and_never_ends() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"horizon_days": 30})).await;
    let opens = service.clock.now().date_naive() + Days::new(150);
    let rule = format!("/api/v1/availability/rules/{}", shop.resources[0]);
    let week: Vec<Value> = (0..7)
        .map(|day| json!({"weekday": day, "start_time": "09:00", "end_time": "17:00", "valid_from": opens}))
        .collect();
    shop.owner.put(&rule, &json!({"rule_type": "weekly", "schedule": week})).await.expect(200);
    let found = next(&shop.owner, &shop, "&count=2").await;
    assert_eq!(starts(&found), shop.starts(opens).await[..2]);
    assert!(until(&found) < service.clock.now() + TimeDelta::days(14 + 3 * 62 + 1), "no farther than needed");
    // the horizon ends it for the public: one look is enough
    let public = next(&shop.stranger, &shop, "&count=2").await;
    assert!(starts(&public).is_empty());
    assert!(until(&public) < service.clock.now() + TimeDelta::days(14 + 62 + 1));
    // nobody ever works
    let idle = Shop::open(&service, json!({})).await;
    let rule = format!("/api/v1/availability/rules/{}", idle.resources[0]);
    idle.owner.delete(&rule).await;
    let nothing = next(&idle.owner, &idle, "&count=20").await;
    assert!(starts(&nothing).is_empty());
    let year = until(&nothing) - service.clock.now();
    assert!((323..=324).contains(&year.num_days()), "{year}");
    // and at the end of the calendar
    assert!(starts(&next(&idle.owner, &idle, "&from=9999-12-30T00:00:00Z").await).is_empty());
}

#[tokio::test]
async fn the_public_page_finds_them_too() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"notice_min": 600})).await;
    let path = format!("/v1/b/{}/availability/next?service_id={}&count=3", shop.tenant.slug, shop.service_id);
    let answer = shop.stranger.get(&path).await.expect(200);
    assert_eq!(answer, next(&shop.stranger, &shop, "&count=3").await);
    assert!(starts(&answer)[0].parse::<DateTime<Utc>>().unwrap() >= service.clock.now() + TimeDelta::minutes(600));
    for offered in starts(&answer) {
        shop.visit(&shop.wish(&offered)).await.expect(201);
    }
}

#[tokio::test]
async fn what_is_no_question_is_refused() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let base = format!("/api/v1/availability/next?service_id={}", shop.service_id);
    for (query, pointer) in [
        ("&count=0", "query/count"),
        ("&count=21", "query/count"),
        ("&from=yesterday", "query/from"),
        ("&from=2026-12-01", "query/from"),
    ] {
        let problem = shop.owner.get(&format!("{base}{query}")).await.refused(400, "TITHI_VALIDATION_ERROR");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}: {problem}");
    }
    let other = Shop::open(&service, json!({})).await;
    let theirs = format!("/api/v1/availability/next?service_id={}", other.service_id);
    shop.owner.get(&theirs).await.refused(404, "TITHI_SERVICE_NOT_FOUND");
    // inactive: nobody's matter but the members'
    shop.owner.patch(&format!("/api/v1/services/{}", shop.service_id), &json!({"active": false})).await.expect(200);
    shop.stranger.get(&base).await.refused(404, "TITHI_SERVICE_NOT_FOUND");
    shop.owner.get(&base).await.expect(200);
}
