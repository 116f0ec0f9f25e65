//! What a booking leaves behind: rows, events and audit of one transaction, or nothing.
use serde_json::json;
use sqlx::Row;
use uuid::Uuid;

use super::Shop;
use crate::catalogue::{audited, told};
use crate::support::app::Service;

#[tokio::test]
async fn effect_events_audit_and_key_are_one_transaction() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let booking = shop.visit(&shop.wish(&start)).await.expect(201);
    let id: Uuid = booking["id"].as_str().unwrap().parse().unwrap();
    let sql = "SELECT 'booking' AS what, xmin::text AS tx FROM app.bookings WHERE tenant_id = $1 AND id = $2
               UNION ALL SELECT 'item', xmin::text FROM app.booking_items WHERE tenant_id = $1 AND booking_id = $2
               UNION ALL SELECT 'allocation', xmin::text FROM app.booking_allocations WHERE tenant_id = $1 AND booking_id = $2
               UNION ALL SELECT 'event', xmin::text FROM app.events_outbox WHERE tenant_id = $1 AND aggregate_id = $2
               UNION ALL SELECT 'audit', xmin::text FROM app.audit_logs WHERE tenant_id = $1 AND record_id = $2
               UNION ALL SELECT 'key', xmin::text FROM app.idempotency_keys WHERE tenant_id = $1 AND operation LIKE '%bookings'";
    let rows = sqlx::query(sql).bind(shop.tenant.id.0).bind(id).fetch_all(&mut service.platform().await).await.unwrap();
    let what: Vec<String> = rows.iter().map(|row| row.get("what")).collect();
    assert_eq!(what, ["booking", "item", "allocation", "event", "event", "audit", "key"]);
    let first: String = rows[0].get("tx");
    assert!(rows.iter().all(|row| row.get::<String, _>("tx") == first), "several transactions");
}

#[tokio::test]
async fn each_transition_is_told_once() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"requires_confirmation": true})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let booking = shop.visit(&shop.wish(&start)).await.expect(201);
    shop.act(&booking, "confirm", None).await.expect(200);
    shop.act(&booking, "confirm", None).await.expect(409);
    shop.act(&booking, "cancel", Some(&json!({}))).await.expect(200);
    let id = booking["id"].as_str().unwrap();
    let told = told(&service, &shop.tenant, id).await;
    let codes: Vec<&str> = told.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["BOOKING_CREATED", "BOOKING_CONFIRMED", "BOOKING_CANCELED"]);
    assert!(told.iter().all(|(_, payload)| payload["booking_id"] == *id && payload["start_at"] == *start));
    assert_eq!(audited(&service, &shop.tenant, "bookings", id).await, ["INSERT", "UPDATE", "UPDATE"]);
}

#[tokio::test]
async fn a_refusal_leaves_nothing() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    shop.visit(&shop.wish(&start)).await.expect(201);
    let count = async || {
        let sql = "SELECT (SELECT count(*) FROM app.bookings WHERE tenant_id = $1) + (SELECT count(*) FROM app.customers WHERE tenant_id = $1)
                        + (SELECT count(*) FROM app.events_outbox WHERE tenant_id = $1) + (SELECT count(*) FROM app.audit_logs WHERE tenant_id = $1)";
        sqlx::query_scalar::<_, i64>(sql).bind(shop.tenant.id.0).fetch_one(&mut service.platform().await).await.unwrap()
    };
    let before = count().await;
    shop.visit(&shop.wish(&start)).await.refused(409, "TITHI_BOOKING_CONFLICT");
    assert_eq!(count().await, before);
}
