//! What a completed booking earns: once, in its own transaction.
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{accounts, balances, standing};
use crate::booking::Shop;
use crate::support::app::Service;

/// A visit that has been checked in.
async fn there(shop: &Shop) -> Value {
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let booking = shop.visit(&shop.wish(&start)).await.expect(201);
    shop.act(&booking, "check-in", None).await.expect(200)
}

async fn list(shop: &Shop, booking: &Value) -> Vec<Value> {
    let customer = booking["customer_id"].as_str().unwrap();
    let path = format!("{}/transactions", accounts(customer));
    shop.owner.get(&path).await.expect(200)["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_completed_booking_earns_a_point_for_each_whole_unit() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"price_cents": 50099})).await;
    let booking = there(&shop).await;
    assert!(list(&shop, &booking).await.is_empty(), "nothing is earned before");
    shop.act(&booking, "complete", None).await.expect(200);
    shop.act(&booking, "complete", None).await.refused(409, "TITHI_BOOKING_INVALID_STATE");
    let entries = list(&shop, &booking).await;
    assert_eq!(entries.len(), 1);
    assert_eq!((&entries[0]["points_change"], &entries[0]["booking_id"]), (&json!(500), &booking["id"]));
    let account = shop.owner.get(&accounts(booking["customer_id"].as_str().unwrap())).await.expect(200);
    assert_eq!(standing(&account), (500, "silver".into()));
    assert_eq!(balances(&service, &shop.tenant).await, [500]);
}

#[tokio::test]
async fn of_all_who_complete_it_at_once_one_earns() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let booking = there(&shop).await;
    let answers = join_all((0..8).map(|_| shop.act(&booking, "complete", None))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status.as_u16() == 200).count(), 1);
    assert_eq!(balances(&service, &shop.tenant).await, [45]);
}

#[tokio::test]
async fn money_without_hundredths_counts_whole() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"price_cents": 3200})).await;
    let booking = there(&shop).await;
    sqlx::query("UPDATE app.bookings SET currency = 'JPY' WHERE tenant_id = $1")
        .bind(shop.tenant.id.0)
        .execute(&mut service.platform().await)
        .await
        .unwrap();
    shop.act(&booking, "complete", None).await.expect(200);
    assert_eq!(balances(&service, &shop.tenant).await, [3200]);
}

#[tokio::test]
async fn what_costs_nothing_earns_nothing() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"price_cents": 99})).await;
    let booking = there(&shop).await;
    shop.act(&booking, "complete", None).await.expect(200);
    assert!(list(&shop, &booking).await.is_empty());
    assert!(balances(&service, &shop.tenant).await.is_empty(), "no account was made for nothing");
}

/// The guard under the code: a booking's points are there once.
#[tokio::test]
async fn the_database_lets_a_booking_earn_once() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let booking = there(&shop).await;
    shop.act(&booking, "complete", None).await.expect(200);
    let again =
        "INSERT INTO app.loyalty_transactions (tenant_id, id, loyalty_account_id, points_change, reason, booking_id)
                 SELECT tenant_id, gen_random_uuid(), loyalty_account_id, 1, 'again', booking_id
                 FROM app.loyalty_transactions WHERE tenant_id = $1";
    let refused = sqlx::query(again).bind(shop.tenant.id.0).execute(&mut service.platform().await).await.unwrap_err();
    assert!(refused.to_string().contains("loyalty_transactions_booking_unique"), "{refused}");
}
