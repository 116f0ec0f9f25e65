//! What a customer has booked, past and to come.
use serde_json::json;

use crate::booking::{Shop, key};
use crate::catalogue::ids;
use crate::support::app::Service;

#[tokio::test]
async fn a_customer_has_a_history() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let starts = shop.starts(shop.tomorrow).await;
    let mut wish = shop.wish(&starts[0]);
    wish["customer"]["email"] = "ana@example.com".into();
    let mut booked = Vec::new();
    for start in &starts[..3] {
        wish["start_at"] = start.clone().into();
        booked.push(shop.visit(&wish).await.expect(201));
    }
    shop.visit(&shop.wish(&starts[4])).await.expect(201);
    shop.act(&booked[1], "cancel", Some(&json!({}))).await.expect(200);
    let customer = shop.owner.get("/api/v1/customers?email=ana%40example.com").await.expect(200);
    let customer = customer["data"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/customers/{customer}/bookings");
    let list = async |query: &str| ids(&shop.owner.get(&format!("{path}?{query}")).await.expect(200));
    let mut all: Vec<String> = booked.iter().map(|booking| booking["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(list("sort=start_at").await, all);
    assert_eq!(list("status=canceled").await, [all[1].clone()]);
    assert!(list(&format!("start_date={}", shop.tomorrow + chrono::Days::new(1))).await.is_empty());
    assert_eq!(list(&format!("end_date={}&sort=start_at", shop.tomorrow)).await, all);
    all.reverse();
    assert_eq!(list("").await, all, "the latest first");
    let page = shop.owner.get(&format!("{path}?limit=2&include_total=true")).await.expect(200);
    assert_eq!((ids(&page), &page["total"]), (all[..2].to_vec(), &json!(3)));
    let cursor = page["next_cursor"].as_str().unwrap();
    assert_eq!(list(&format!("limit=2&cursor={cursor}")).await, all[2..]);

    // another customer's list is another list
    let other = json!({"display_name": "Bob", "email": format!("{}@example.com", key())});
    let other = shop.owner.post("/api/v1/customers", &other).await.expect(201)["id"].as_str().unwrap().to_owned();
    let foreign = format!("/api/v1/customers/{other}/bookings");
    assert!(ids(&shop.owner.get(&foreign).await.expect(200)).is_empty());
    shop.owner.get(&format!("{foreign}?limit=2&cursor={cursor}")).await.refused(400, "TITHI_CURSOR_INVALID");
    let elsewhere = Shop::open(&service, json!({})).await.owner;
    elsewhere.get(&path).await.refused(404, "TITHI_CUSTOMER_NOT_FOUND");
    // bookings may be looked at by a viewer, customers not
    service.viewer_of(&shop.tenant).await.get(&path).await.refused(403, "TITHI_AUTH_FORBIDDEN");
}
