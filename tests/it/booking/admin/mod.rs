//! The front desk: many bookings at once, with their customers.

mod bulk;
mod export;
mod list;
mod message;
mod swap;
mod update;

use serde_json::Value;
use sqlx::Row;

use super::{Shop, key};
use crate::support::app::Service;
use crate::support::client::{Answer, Client};

pub const DESK: &str = "/api/v1/admin/bookings";

/// An attempt of its own.
pub async fn post(client: &Client, verb: &str, body: &Value) -> Answer {
    client.key(&key()).post(&format!("{DESK}/{verb}"), body).await
}

/// Bookings of the first times of the day, one after the other.
pub async fn booked(shop: &Shop, many: usize) -> Vec<Value> {
    let starts = shop.starts(shop.tomorrow).await;
    let mut bookings = Vec::new();
    for start in &starts[..many] {
        bookings.push(shop.book(&shop.wish(start)).await.expect(201));
    }
    bookings
}

pub fn id(booking: &Value) -> &str {
    booking["id"].as_str().unwrap()
}

/// What the audit log says with one of these operations: operation, record, data, in order.
pub async fn noted(service: &Service, shop: &Shop, operation: &str) -> Vec<(Option<uuid::Uuid>, Value)> {
    let sql = "SELECT record_id, new_data FROM app.audit_logs
               WHERE tenant_id = $1 AND operation = $2 AND user_id = $3 AND table_name = 'bookings' ORDER BY id";
    let rows = sqlx::query(sql)
        .bind(shop.tenant.id.0)
        .bind(operation)
        .bind(shop.tenant.owner.0)
        .fetch_all(&mut service.platform().await)
        .await
        .unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// The codes and payloads of all that the business has told of, in order.
pub async fn all_told(service: &Service, shop: &Shop) -> Vec<(String, Value)> {
    let sql = "SELECT event_code, payload FROM app.events_outbox WHERE tenant_id = $1 ORDER BY created_at, id";
    let rows = sqlx::query(sql).bind(shop.tenant.id.0).fetch_all(&mut service.platform().await).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Everything that the business has, as one text: equal before and after means that nothing has changed.
pub async fn everything(service: &Service, shop: &Shop) -> String {
    let sql = "SELECT coalesce((SELECT jsonb_agg(to_jsonb(b) ORDER BY b.id) FROM app.bookings b WHERE b.tenant_id = $1), '[]')::text
                   || coalesce((SELECT jsonb_agg(to_jsonb(a) ORDER BY a.id) FROM app.booking_allocations a WHERE a.tenant_id = $1), '[]')::text
                   || coalesce((SELECT jsonb_agg(to_jsonb(c) ORDER BY c.id) FROM app.class_sessions c WHERE c.tenant_id = $1), '[]')::text
                   || (SELECT count(*) FROM app.events_outbox WHERE tenant_id = $1)::text
                   || (SELECT count(*) FROM app.audit_logs WHERE tenant_id = $1)::text";
    sqlx::query_scalar(sql).bind(shop.tenant.id.0).fetch_one(&mut service.platform().await).await.unwrap()
}
