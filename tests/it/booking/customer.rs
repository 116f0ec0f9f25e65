//! Whoever types an address proves nothing by it.
use serde_json::{Value, json};

use super::{Shop, made};
use crate::support::app::Service;

#[tokio::test]
async fn a_customer_is_found_by_the_address_and_never_rewritten() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let ana = json!({"display_name": "Ana Lima", "email": "ana@customers.example", "phone": "+1 212 555 0134", "marketing_opt_in": true});
    let customer = made(&shop.owner, "/api/v1/customers", &ana).await;
    let before = shop.owner.get(&format!("/api/v1/customers/{customer}")).await.expect(200);
    let mut starts = shop.starts(shop.tomorrow).await;
    let mut wish = shop.wish(&starts.remove(0));
    wish["customer"] =
        json!({"display_name": "Mallory", "email": " ANA@Customers.example", "phone": "+1 900 555 0000"});
    let trimmed = shop.visit(&wish).await;
    if trimmed.status.as_u16() != 201 {
        // an address with a blank before it is refused rather than guessed at
        trimmed.refused(400, "TITHI_VALIDATION_ERROR");
        wish["customer"]["email"] = "ANA@Customers.example".into();
        shop.visit(&wish).await.expect(201);
    }
    let after = shop.owner.get(&format!("/api/v1/customers/{customer}")).await.expect(200);
    for kept in ["display_name", "email", "phone", "marketing_opt_in"] {
        assert_eq!(after[kept], before[kept], "{kept}");
    }
    let all = shop.owner.get("/api/v1/customers").await.expect(200);
    assert_eq!(all["data"].as_array().unwrap().len(), 1, "found, not made again");
    assert_eq!(booked_for(&shop).await, [customer]);
}

#[tokio::test]
async fn two_businesses_know_two_customers_of_one_address() {
    let service = Service::start().await;
    let (shop, other) = (Shop::open(&service, json!({})).await, Shop::open(&service, json!({})).await);
    let mut seen = Vec::new();
    for shop in [&shop, &other] {
        let start = shop.starts(shop.tomorrow).await.remove(0);
        let mut wish = shop.wish(&start);
        wish["customer"]["email"] = "both@customers.example".into();
        shop.visit(&wish).await.expect(201);
        seen.extend(booked_for(shop).await);
    }
    assert_ne!(seen[0], seen[1]);
}

#[tokio::test]
async fn at_once_with_one_address_makes_one_customer() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 8, json!({})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let wishes = (0..8).map(|number| {
        let mut wish = shop.wish(&start);
        wish["customer"]["email"] = "rush@customers.example".into();
        wish["resource_id"] = shop.resources[number].clone().into();
        wish
    });
    let wishes: Vec<Value> = wishes.collect();
    for answer in futures_util::future::join_all(wishes.iter().map(|wish| shop.visit(wish))).await {
        answer.expect(201);
    }
    let mut customers = booked_for(&shop).await;
    customers.dedup();
    assert_eq!(customers.len(), 1);
}

#[tokio::test]
async fn the_first_booking_is_marked_once() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let ana = json!({"display_name": "Ana Lima", "email": "ana@customers.example"});
    let path = format!("/api/v1/customers/{}", made(&shop.owner, "/api/v1/customers", &ana).await);
    let known = async || {
        let customer = shop.owner.get(&path).await.expect(200);
        (customer["is_first_time"].clone(), customer["customer_first_booking_at"].clone())
    };
    let starts = shop.starts(shop.tomorrow).await;
    assert_eq!(known().await, (json!(true), Value::Null));
    let mut wish = shop.wish(&starts[0]);
    shop.visit(&wish).await.expect(201);
    assert_eq!(known().await, (json!(true), Value::Null), "that was somebody else");
    // a refused one is none
    wish["customer"] = ana;
    shop.visit(&wish).await.refused(409, "TITHI_BOOKING_CONFLICT");
    assert_eq!(known().await, (json!(true), Value::Null));
    wish["start_at"] = starts[1].clone().into();
    let booking = shop.visit(&wish).await.expect(201);
    let first = known().await;
    let owned = shop.owner.get(&format!("{}/{}", super::BOOKINGS, booking["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(first, (json!(false), owned["created_at"].clone()));
    // neither another booking nor what becomes of the first one changes it
    service.clock.advance(chrono::TimeDelta::seconds(90));
    wish["start_at"] = starts[2].clone().into();
    shop.visit(&wish).await.expect(201);
    let moved = shop.act(&booking, "reschedule", Some(&json!({"start_at": starts[5]}))).await.expect(201);
    shop.act(&moved, "cancel", Some(&json!({}))).await.expect(200);
    assert_eq!(known().await, first);
    // a seat of a class counts as well
    let class = Shop::open(&service, json!({"capacity": 4})).await;
    let start = class.starts(class.tomorrow).await.remove(0);
    class.visit(&class.wish(&start)).await.expect(201);
    let all = class.owner.get("/api/v1/customers").await.expect(200);
    assert_eq!(all["data"][0]["is_first_time"], false);
}

async fn booked_for(shop: &Shop) -> Vec<String> {
    let list = shop.owner.get(super::BOOKINGS).await.expect(200);
    list["data"].as_array().unwrap().iter().map(|booking| booking["customer_id"].as_str().unwrap().to_owned()).collect()
}
