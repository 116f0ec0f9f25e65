//! What can be booked, and who and what performs it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod bulk;
mod resources;
mod service_list;
mod services;
mod staff;

use serde_json::{Value, json};
use sqlx::Row;

use crate::support::app::Service;
use crate::support::client::Client;
use crate::support::people::Tenant;

/// The least that a service needs.
pub fn a_service(name: &str) -> Value {
    json!({"name": name, "duration_min": 60, "price_cents": 5000})
}

/// Makes something and gives its id.
pub async fn made(client: &Client, path: &str, body: &Value) -> String {
    client.post(path, body).await.expect(201)["id"].as_str().unwrap().to_owned()
}

/// What the audit log says of one row: operations, in order.
pub async fn audited(service: &Service, tenant: &Tenant, table: &str, id: &str) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT operation FROM app.audit_logs WHERE tenant_id = $1 AND table_name = $2 AND record_id = $3 ORDER BY id",
    )
    .bind(tenant.id.0)
    .bind(table)
    .bind(id.parse::<uuid::Uuid>().unwrap())
    .fetch_all(&mut service.platform().await)
    .await
    .unwrap()
}

/// What the outbox tells of one thing: codes and payloads, in order.
pub async fn told(service: &Service, tenant: &Tenant, id: &str) -> Vec<(String, Value)> {
    let rows = sqlx::query(
        "SELECT event_code, payload FROM app.events_outbox WHERE tenant_id = $1 AND aggregate_id = $2 ORDER BY created_at, id",
    )
    .bind(tenant.id.0)
    .bind(id.parse::<uuid::Uuid>().unwrap())
    .fetch_all(&mut service.platform().await)
    .await
    .unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Pointers of a problem's field errors, sorted.
pub fn pointers(problem: &Value) -> Vec<String> {
    let mut pointers: Vec<String> = problem["errors"]
        .as_array()
        .map(|errors| errors.iter().map(|e| e["pointer"].as_str().unwrap().to_owned()).collect())
        .unwrap_or_default();
    pointers.sort();
    pointers
}

/// The ids of a list's entries, in order.
pub fn ids(list: &Value) -> Vec<String> {
    list["data"].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect()
}
