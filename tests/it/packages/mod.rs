//! What is bought ahead and used up: counted in double entry, used once, and lost when it says.
mod bookings;
mod credits;
mod ledger;
mod memberships;
mod sale;

use ::entity::ids::CustomerId;
use serde_json::{Value, json};
use sqlx::Row;
use uuid::Uuid;

use crate::booking::{Shop, key};
use crate::catalogue::made;
use crate::support::app::Service;
use crate::support::client::Client;
use crate::support::people::Tenant;

pub const PACKAGES: &str = "/api/v1/packages";
pub const CREDITS: &str = "/api/v1/credits";
pub const PURCHASES: &str = "/api/v1/purchases";

/// A new customer with an address.
pub async fn customer(owner: &Client) -> (CustomerId, String) {
    let email = format!("{}@customers.example", key());
    let body = json!({"display_name": "Ana", "email": email});
    (CustomerId(made(owner, "/api/v1/customers", &body).await.parse().unwrap()), email)
}

/// Sells a package at the counter.
pub async fn sell(owner: &Client, package: &str, customer: CustomerId) -> Value {
    let body = json!({"customer_id": customer, "paid_with": "cash"});
    owner.key(&key()).post(&format!("{PACKAGES}/{package}/purchase"), &body).await.expect(201)
}

/// Gives credits.
pub async fn grant(owner: &Client, customer: CustomerId, credits: i64) -> Value {
    let body = json!({"customer_id": customer, "credits": credits, "reason": "For a reason"});
    owner.key(&key()).post(&format!("{CREDITS}/grant"), &body).await.expect(200)
}

/// A customer's credits, and the sessions of each package that they have left.
pub async fn left(owner: &Client, customer: CustomerId) -> (i64, Vec<i64>) {
    let held = owner.get(&format!("{CREDITS}?customer_id={customer}")).await.expect(200);
    let lots = held["lots"].as_array().unwrap().iter().filter(|lot| !lot["package_id"].is_null());
    (held["balance"].as_i64().unwrap(), lots.map(|lot| lot["balance"].as_i64().unwrap()).collect())
}

/// What staff send to book for a customer.
pub fn wish(shop: &Shop, start: &str, customer: CustomerId, pay_with: &Value) -> Value {
    json!({"service_id": shop.service_id, "start_at": start, "customer_id": customer, "pay_with": pay_with})
}

/// Asserts what must always be true of the ledger: each movement sums to nothing, no lot holds less than nothing, and
/// all accounts together hold nothing. Gives what was issued, used and expired, in that order.
pub async fn audit(service: &Service, tenant: &Tenant) -> [i64; 3] {
    let mut platform = service.platform().await;
    let uneven: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM (SELECT FROM app.credit_transactions WHERE tenant_id = $1 GROUP BY movement_id HAVING sum(amount) <> 0) m",
    )
    .bind(tenant.id.0)
    .fetch_one(&mut platform)
    .await
    .unwrap();
    assert_eq!(uneven, 0, "a movement is uneven");
    let rows = sqlx::query("SELECT kind, balance FROM app.credit_balances WHERE tenant_id = $1")
        .bind(tenant.id.0)
        .fetch_all(&mut platform)
        .await
        .unwrap();
    let all: Vec<(String, i64)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert!(all.iter().all(|(kind, balance)| kind != "lot" || *balance >= 0), "a lot holds less than nothing: {all:?}");
    assert_eq!(all.iter().map(|(_, balance)| balance).sum::<i64>(), 0, "units were made or lost");
    let of = |wanted: &str| all.iter().filter(|(kind, _)| kind == wanted).map(|(_, balance)| balance).sum::<i64>();
    [-of("issued"), of("used"), of("expired")]
}

pub fn id(value: &Value) -> Uuid {
    value["id"].as_str().unwrap().parse().unwrap()
}
