//! Coupons and gift cards: never used more often than they say, never worth more than was paid.
mod coupons;
mod gift_cards;
mod redeem;
mod referrals;

use ::entity::ids::CustomerId;
use serde_json::{Value, json};
use sqlx::Row;
use tithi::db::{Access, Scope};
use tithi::kernel::money::{Currency, Money};
use uuid::Uuid;

use crate::catalogue::made;
use crate::support::app::Service;
use crate::support::client::Client;
use crate::support::people::Tenant;

pub const COUPONS: &str = "/api/v1/promotions/coupons";
pub const CARDS: &str = "/api/v1/promotions/gift-cards";

/// A key for each attempt.
pub fn key() -> String {
    format!("{:032x}", rand::random::<u128>())
}

pub fn money(minor: i64, code: &str) -> Money {
    Money::new(minor, Currency::new(code).unwrap())
}

/// A new customer.
pub async fn customer(owner: &Client) -> CustomerId {
    let body = json!({"display_name": "Ana", "email": format!("{}@customers.example", key())});
    CustomerId(made(owner, "/api/v1/customers", &body).await.parse().unwrap())
}

/// A transaction of the tenant's, as a payment has one.
pub fn scope(service: &Service, tenant: &Tenant) -> Scope {
    service.app.db.scope(tenant.id, Access::Write)
}

/// Issues a card and gives its id and its code.
pub async fn card(owner: &Client, body: &Value) -> (Uuid, String) {
    let issued = owner.key(&key()).post(CARDS, body).await.expect(201);
    (issued["gift_card"]["id"].as_str().unwrap().parse().unwrap(), issued["code"].as_str().unwrap().to_owned())
}

/// Asserts that every card of the tenant holds the sum of its movements, and gives the balances.
pub async fn balances(service: &Service, tenant: &Tenant) -> Vec<i64> {
    let rows = sqlx::query(
        "SELECT c.balance_cents, coalesce(sum(t.amount_cents), 0)::bigint FROM app.gift_cards c
         LEFT JOIN app.gift_card_transactions t ON t.tenant_id = c.tenant_id AND t.gift_card_id = c.id
         WHERE c.tenant_id = $1 GROUP BY c.tenant_id, c.id ORDER BY c.balance_cents",
    )
    .bind(tenant.id.0)
    .fetch_all(&mut service.platform().await)
    .await
    .unwrap();
    let read = |row: &sqlx::postgres::PgRow| -> (i64, i64) { (row.get(0), row.get(1)) };
    rows.iter()
        .map(|row| {
            let (balance, sum) = read(row);
            assert_eq!(balance, sum);
            balance
        })
        .collect()
}

/// All that was logged and told of a tenant, as one text.
pub async fn traces(service: &Service, tenant: &Tenant) -> String {
    let sql = "SELECT string_agg(t, ' ') FROM (
                 SELECT coalesce(old_data::text, '') || coalesce(new_data::text, '') AS t FROM app.audit_logs WHERE tenant_id = $1
                 UNION ALL SELECT payload::text FROM app.events_outbox WHERE tenant_id = $1) all_of_it";
    sqlx::query_scalar(sql).bind(tenant.id.0).fetch_one(&mut service.platform().await).await.unwrap()
}
