//! Whoever stands first in the list is who is booked, and whoever it names can be asked for.
use chrono::{DateTime, Days, TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};

use super::hold::HOLDS;
use super::{BOOKINGS, Shop, key};
use crate::support::app::Service;

/// The free times of several days, with whom.
async fn listed(shop: &Shop, days: u64, more: &str) -> Vec<Value> {
    let (first, last) = (shop.tomorrow, shop.tomorrow + Days::new(days));
    let path = format!("/api/v1/availability?service_id={}&start_date={first}&end_date={last}{more}", shop.service_id);
    shop.owner.get(&path).await.expect(200)["data"].as_array().unwrap().clone()
}

/// A list of a week sees more than a booking does: what lies days away makes nobody the busier one.
#[tokio::test]
async fn of_those_with_the_fewest_bookings_the_listed_one_is_booked() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 2, json!({})).await;
    let book = async |resource: usize, start: &str| {
        let mut wish = shop.wish(start);
        wish["resource_id"] = shop.resources[resource].clone().into();
        shop.book(&wish).await.expect(201);
    };
    let far = shop.starts(shop.tomorrow + Days::new(4)).await;
    for start in &far[..4] {
        book(0, start).await;
    }
    let near = shop.starts(shop.tomorrow).await;
    book(1, &near[0]).await;
    let slot = listed(&shop, 6, "").await.into_iter().find(|slot| slot["start"] == near[4].as_str()).unwrap();
    assert_eq!(slot["resource_id"], shop.resources[0], "who has nothing to do that day");
    assert_eq!(shop.book(&shop.wish(&near[4])).await.expect(201)["resource_id"], slot["resource_id"]);
    // and so for every time of the week, one after the other
    for turn in 0..8 {
        let slots = listed(&shop, 6, "").await;
        let slot = &slots[(turn * 7) % slots.len()];
        let booking = shop.book(&shop.wish(slot["start"].as_str().unwrap())).await.expect(201);
        assert_eq!(booking["resource_id"], slot["resource_id"], "turn {turn}: {slot}");
    }
}

/// A start of the group's grid, with somebody on whose own grid there is none.
async fn beside(shop: &Shop) -> String {
    let second = shop.resources[1].as_str();
    let own = listed(shop, 0, &format!("&resource_id={second}")).await;
    let with_them = |slot: &&Value| {
        let could = slot["resource_ids"].as_array().unwrap().iter().any(|id| id == second);
        could && !own.iter().any(|own| own["start"] == slot["start"])
    };
    let slots = listed(shop, 0, "").await;
    slots.iter().find(with_them).unwrap()["start"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_time_of_the_group_is_had_with_whoever_it_names() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 2, json!({"interval_min": 30})).await;
    let week: Vec<Value> =
        (0..7).map(|day| json!({"weekday": day, "start_time": "09:20", "end_time": "17:00"})).collect();
    let rule = json!({"rule_type": "weekly", "schedule": week});
    shop.owner.put(&format!("/api/v1/availability/rules/{}", shop.resources[1]), &rule).await.expect(200);
    let named = |start: &str| {
        let mut wish = shop.wish(start);
        wish["resource_id"] = shop.resources[1].clone().into();
        wish
    };
    let start = beside(&shop).await;
    let booking = shop.visit(&named(&start)).await.expect(201);
    assert_eq!(booking["resource_id"], shop.resources[1]);
    let start = beside(&shop).await;
    let wish = json!({"service_id": shop.service_id, "start_at": start, "resource_id": shop.resources[1]});
    let hold = shop.stranger.key(&key()).post(HOLDS, &wish).await.expect(201);
    assert_eq!(hold["resource_id"], shop.resources[1]);
    let start = beside(&shop).await;
    let moved = shop.act(&booking, "reschedule", Some(&json!({"start_at": start}))).await.expect(201);
    assert_eq!(moved["resource_id"], shop.resources[1]);
    // what is on neither grid is on none
    let next = shop.starts(shop.tomorrow + Days::new(1)).await.remove(2);
    let between = next.parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(7);
    let refused = shop.visit(&named(&between.to_rfc3339())).await.refused(409, "TITHI_SLOT_UNAVAILABLE");
    assert_eq!(refused["reason"], "off_grid");
    let path = format!("{BOOKINGS}/{}", moved["id"].as_str().unwrap());
    shop.owner.send(Method::GET, &path, None).await.expect(200);
}
