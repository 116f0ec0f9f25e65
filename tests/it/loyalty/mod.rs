//! Points that customers earn and redeem.
mod award;
mod points;
mod program;

use serde_json::{Value, json};
use sqlx::Row;

use crate::support::app::Service;
use crate::support::client::{Answer, Client};
use crate::support::people::Tenant;

pub fn accounts(customer: &str) -> String {
    format!("/api/v1/loyalty/accounts/{customer}")
}

/// Earns or redeems, each time anew.
pub async fn moved(client: &Client, customer: &str, verb: &str, points: i64) -> Answer {
    let key = format!("{:032x}", rand::random::<u128>());
    let body = json!({"points": points, "reason": "For a reason"});
    client.key(&key).post(&format!("{}/{verb}", accounts(customer)), &body).await
}

/// Asserts that every account of the tenant is the sum of its movements, and gives the balances.
pub async fn balances(service: &Service, tenant: &Tenant) -> Vec<i64> {
    let rows = sqlx::query(
        "SELECT a.points_balance, a.total_earned, a.total_redeemed,
                coalesce(sum(t.points_change), 0)::bigint, coalesce(sum(greatest(t.points_change, 0)), 0)::bigint
         FROM app.loyalty_accounts a
         LEFT JOIN app.loyalty_transactions t ON t.tenant_id = a.tenant_id AND t.loyalty_account_id = a.id
         WHERE a.tenant_id = $1 GROUP BY a.tenant_id, a.id ORDER BY a.points_balance",
    )
    .bind(tenant.id.0)
    .fetch_all(&mut service.platform().await)
    .await
    .unwrap();
    let read = |row: &sqlx::postgres::PgRow| -> [i64; 5] { [0, 1, 2, 3, 4].map(|at| row.get(at)) };
    rows.iter()
        .map(|row| {
            let [balance, earned, redeemed, sum, gained] = read(row);
            assert_eq!((balance, earned, redeemed), (sum, gained, gained - sum));
            balance
        })
        .collect()
}

/// Balance and tier as they are told.
pub fn standing(account: &Value) -> (i64, String) {
    (account["points_balance"].as_i64().unwrap(), account["tier"].as_str().unwrap().to_owned())
}
