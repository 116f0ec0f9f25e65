//! Services that need several things at once: a therapist and a room, two of a group, one of a pool; and whose turn it is.
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{BOOKINGS, Shop, made, overlaps};
use crate::support::app::Service;

fn member(id: &str) -> Value {
    json!({"resource_id": id})
}

impl Shop {
    async fn needs(&self, groups: Value) {
        let path = format!("/api/v1/services/{}/resources", self.service_id);
        self.owner.put(&path, &json!({"groups": groups})).await.expect(200);
    }

    /// A room or a machine without hours of its own.
    async fn thing(&self, kind: &str, capacity: u32) -> String {
        made(&self.owner, "/api/v1/resources", &json!({"type": kind, "name": kind, "capacity": capacity})).await
    }

    fn everybody(&self) -> Value {
        self.resources.iter().map(|id| member(id)).collect()
    }
}

async fn taken(shop: &Shop, booking: &Value) -> Vec<Value> {
    let path = format!("{BOOKINGS}/{}?expand=items", booking["id"].as_str().unwrap());
    let items = shop.owner.get(&path).await.expect(200)["items"].clone();
    items.as_array().unwrap().iter().map(|item| item["resource_id"].clone()).collect()
}

#[tokio::test]
async fn a_therapist_without_a_room_is_no_offer() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 2, json!({})).await;
    let room = shop.thing("room", 1).await;
    shop.needs(
        json!([{"name": "Therapist", "members": shop.everybody()}, {"name": "Room", "members": [member(&room)]}]),
    )
    .await;
    let slot = shop.free(shop.tomorrow).await.remove(0);
    assert_eq!(slot["with_resource_ids"], json!([room]));
    assert_eq!(slot["resource_ids"].as_array().unwrap().len(), 2);
    let start = slot["start"].as_str().unwrap();
    let booking = shop.book(&shop.wish(start)).await.expect(201);
    assert_eq!(taken(&shop, &booking).await, [booking["resource_id"].clone(), json!(room)]);
    // the other therapist is free, the room is not
    assert!(!shop.starts(shop.tomorrow).await.contains(&start.to_owned()));
    shop.book(&shop.wish(start)).await.refused(409, "TITHI_BOOKING_CONFLICT");
    shop.act(&booking, "cancel", Some(&json!({}))).await.expect(200);
    let wishes: Vec<Value> = (0..12).map(|_| shop.wish(start)).collect();
    let answers = join_all(wishes.iter().map(|wish| shop.visit(wish))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status.as_u16() == 201).count(), 1);
    assert_eq!(overlaps(&service, &shop.tenant).await, 0);
}

#[tokio::test]
async fn of_a_pool_no_more_is_taken_than_there_is() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 6, json!({})).await;
    let tables = shop.thing("equipment", 2).await;
    shop.needs(json!([{"members": shop.everybody()}, {"members": [member(&tables)]}])).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let wishes: Vec<Value> = (0..24).map(|_| shop.wish(&start)).collect();
    let mut made = 0;
    for answer in join_all(wishes.iter().map(|wish| shop.visit(wish))).await {
        match answer.status.as_u16() {
            201 => made += 1,
            _ => drop(answer.refused(409, "TITHI_BOOKING_CONFLICT")),
        }
    }
    assert_eq!(made, 2, "two tables, six therapists");
    assert!(!shop.starts(shop.tomorrow).await.contains(&start));
}

#[tokio::test]
async fn two_of_a_group_are_two() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 3, json!({})).await;
    shop.needs(json!([{"count": 2, "members": shop.everybody()}])).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let mut wish = shop.wish(&start);
    wish["resource_id"] = json!(shop.resources[2]);
    let booking = shop.book(&wish).await.expect(201);
    let both = taken(&shop, &booking).await;
    assert_eq!((both.len(), &both[0]), (2, &json!(shop.resources[2])), "whom they asked for, and one more");
    assert_ne!(both[0], both[1]);
    shop.book(&shop.wish(&start)).await.refused(409, "TITHI_BOOKING_CONFLICT");
}

#[tokio::test]
async fn turns_go_round_and_priority_comes_first() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 3, json!({})).await;
    shop.needs(json!([{"pick": "round_robin", "members": shop.everybody()}])).await;
    let starts = shop.starts(shop.tomorrow).await;
    let mut met = Vec::new();
    for start in &starts[..6] {
        service.clock.advance(chrono::TimeDelta::seconds(1));
        met.push(shop.book(&shop.wish(start)).await.expect(201)["resource_id"].clone());
    }
    assert_eq!(met[..3], met[3..]);
    assert!(shop.resources.iter().all(|id| met.contains(&json!(id))), "{met:?}");
    let mut members = shop.everybody();
    members[1]["priority"] = json!(5);
    shop.needs(json!([{"pick": "priority", "members": members}])).await;
    for start in &starts[6..9] {
        assert_eq!(shop.book(&shop.wish(start)).await.expect(201)["resource_id"], json!(shop.resources[1]));
    }
}

#[tokio::test]
async fn the_second_visitor_joins_the_class_of_the_first() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 3, json!({"capacity": 10})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let mut teachers = Vec::new();
    for _ in 0..4 {
        teachers.push(shop.visit(&shop.wish(&start)).await.expect(201)["resource_id"].clone());
    }
    teachers.dedup();
    assert_eq!(teachers.len(), 1, "one class fills before another opens: {teachers:?}");
}

#[tokio::test]
async fn a_limit_counts_under_many_at_once() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 4, json!({"limits": [{"per": "day", "max_bookings": 3}]})).await;
    let starts = shop.starts(shop.tomorrow).await;
    let wishes: Vec<Value> = starts.iter().take(12).map(|start| shop.wish(start)).collect();
    let answers = join_all(wishes.iter().map(|wish| shop.visit(wish))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status.as_u16() == 201).count(), 3);
    assert_eq!(shop.starts(shop.tomorrow).await, Vec::<String>::new(), "the day is full");
    let explained = format!("/api/v1/availability/explain?service_id={}&start={}", shop.service_id, starts[13]);
    let reasons = shop.owner.get(&explained).await.expect(200)["reasons"].clone();
    assert_eq!(reasons[0]["code"], "limit");
}
