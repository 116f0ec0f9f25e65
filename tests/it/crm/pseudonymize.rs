//! Making a customer unknown: what goes, what stays, and that it is found nowhere afterwards.
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Row};

use crate::booking::{Shop, key};
use crate::catalogue::{made, told};
use crate::loyalty::{accounts, balances, moved};
use crate::support::app::Service;
use crate::support::client::{Answer, Client};

/// A word that stands in everything personal that the test writes.
const WORD: &str = "Zanzibar";

async fn erase(owner: &Client, customer: &str) -> Answer {
    owner.send(Method::POST, &format!("/api/v1/customers/{customer}/pseudonymize"), None).await
}

/// The tables of the tenant in which the word stands, the audit log and the outbox among those that are looked into.
async fn holding(service: &Service, shop: &Shop) -> Vec<String> {
    let mut admin = service.database.connect("postgres").await;
    let tables = "SELECT c.table_name::text AS name FROM information_schema.columns c
                  JOIN information_schema.tables t USING (table_schema, table_name)
                  WHERE c.table_schema = 'app' AND c.column_name = 'tenant_id' AND t.table_type = 'BASE TABLE' ORDER BY 1";
    let mut found = Vec::new();
    for table in sqlx::query(tables).fetch_all(&mut admin).await.unwrap() {
        let table: String = table.get("name");
        let sql = format!("SELECT count(*) FROM app.{table} x WHERE x.tenant_id = $1 AND to_jsonb(x)::text ILIKE $2");
        let rows: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(shop.tenant.id.0)
            .bind(format!("%{WORD}%"))
            .fetch_one(&mut admin)
            .await
            .unwrap();
        if rows > 0 {
            found.push(table);
        }
    }
    found
}

/// A customer with a past: completed, canceled, noted, picked and with points.
async fn known(service: &Service, shop: &mut Shop) -> (String, Value) {
    let body = json!({
        "display_name": format!("Ana {WORD}"), "email": format!("{WORD}@example.com"), "phone": format!("+1 {WORD}"),
        "marketing_opt_in": true, "notification_preferences": {"sms": true},
    });
    let customer = made(&shop.owner, "/api/v1/customers", &body).await;
    let path = format!("/api/v1/customers/{customer}");
    shop.owner.patch(&path, &json!({"display_name": format!("Ana {WORD} Lima")})).await.expect(200);
    let starts = shop.starts(shop.tomorrow).await;
    let mut bookings = Vec::new();
    for start in &starts[..2] {
        let wish = json!({
            "service_id": shop.service_id, "start_at": start, "customer_id": customer, "notes": format!("From {WORD}"),
        });
        bookings.push(shop.book(&wish).await.expect(201));
    }
    let reason = json!({"reason": format!("Back to {WORD}")});
    shop.act(&bookings[0], "cancel", Some(&reason)).await.expect(200);
    shop.act(&bookings[1], "check-in", None).await.expect(200);
    shop.act(&bookings[1], "complete", None).await.expect(200);
    let notes = format!("/api/v1/crm/customers/{customer}/notes");
    let note = made(&shop.owner, &notes, &json!({"content": format!("Lives in {WORD}")})).await;
    shop.owner.put(&format!("{notes}/{note}"), &json!({"content": format!("Lived in {WORD}")})).await.expect(200);
    let segment = made(&shop.owner, "/api/v1/crm/segments", &json!({"name": format!("S {}", key())})).await;
    let pick = format!("/api/v1/crm/segments/{segment}/customers/{customer}");
    shop.owner.send(Method::PUT, &pick, None).await.expect(204);
    moved(&shop.owner, &customer, "earn", 100).await.expect(200);
    let now = service.clock.now();
    sqlx::query(
        "INSERT INTO app.waitlist_entries (tenant_id, id, customer_id, service_id, from_at, until_at, source, notes)
         VALUES ($1, $2, $3::uuid, $4::uuid, $5, $6, 'public', $7)",
    )
    .bind(shop.tenant.id.0)
    .bind(service.new_id())
    .bind(&customer)
    .bind(&shop.service_id)
    .bind(now)
    .bind(now + chrono::TimeDelta::days(9))
    .bind(format!("Comes from {WORD}"))
    .execute(&mut service.platform().await)
    .await
    .unwrap();
    // what was stored for a repeat is gone within a day
    service.clock.advance(chrono::TimeDelta::days(3));
    shop.owner = service.owner_of(&shop.tenant).await;
    sqlx::query("DELETE FROM app.idempotency_keys WHERE tenant_id = $1 AND expires_at < $2")
        .bind(shop.tenant.id.0)
        .bind(service.clock.now())
        .execute(&mut service.platform().await)
        .await
        .unwrap();
    (customer, bookings[1].clone())
}

#[tokio::test]
async fn nothing_says_who_it_was() {
    let service = Service::start().await;
    let mut shop = Shop::open(&service, json!({})).await;
    let (customer, completed) = known(&service, &mut shop).await;
    assert_eq!(holding(&service, &shop).await, ["bookings", "customer_notes", "customers", "waitlist_entries"]);
    let before = shop.owner.get(&format!("/api/v1/customers/{customer}")).await.expect(200);
    let erased = erase(&shop.owner, &customer).await.expect(200);
    assert_eq!(holding(&service, &shop).await, Vec::<String>::new());

    let name = format!("Customer {}", &customer.replace('-', "")[24..]);
    assert_eq!(
        (&erased["display_name"], &erased["email"], &erased["phone"]),
        (&json!(name), &Value::Null, &Value::Null)
    );
    assert_eq!(erased["marketing_opt_in"], false);
    assert_eq!(erased["notification_preferences"], json!({"email": false, "sms": false, "push": false}));
    assert!(erased["pseudonymized_at"].is_string() && before["pseudonymized_at"].is_null());
    for kept in ["id", "is_first_time", "customer_first_booking_at", "created_at"] {
        assert_eq!(erased[kept], before[kept], "{kept}");
    }
    let path = format!("/api/v1/bookings/{}", completed["id"].as_str().unwrap());
    let booking = shop.owner.get(&path).await.expect(200);
    assert_eq!((&booking["notes"], &booking["status"]), (&Value::Null, &json!("completed")));
    for kept in ["customer_id", "start_at", "total_amount_cents", "service_id"] {
        assert!(!completed[kept].is_null() && booking[kept] == completed[kept], "{kept}: {booking}");
    }
    let history = shop.owner.get(&format!("/api/v1/customers/{customer}/bookings")).await.expect(200);
    assert_eq!(history["data"].as_array().unwrap().len(), 2, "the statistics stay");
    assert_eq!(shop.owner.get(&accounts(&customer)).await.expect(200)["points_balance"], 145);
    assert_eq!(balances(&service, &shop.tenant).await, [145]);
    let picked: i64 = sqlx::query_scalar("SELECT count(*) FROM app.segment_memberships WHERE tenant_id = $1")
        .bind(shop.tenant.id.0)
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap();
    assert_eq!(picked, 0);
    let waits: Vec<String> = sqlx::query_scalar("SELECT status FROM app.waitlist_entries WHERE tenant_id = $1")
        .bind(shop.tenant.id.0)
        .fetch_all(&mut service.platform().await)
        .await
        .unwrap();
    assert_eq!(waits, ["left"], "nobody is waited for who is unknown");
}

#[tokio::test]
async fn it_is_done_once_and_for_good() {
    let service = Service::start().await;
    let mut shop = Shop::open(&service, json!({})).await;
    let (customer, _) = known(&service, &mut shop).await;
    let path = format!("/api/v1/customers/{customer}");
    let first = erase(&shop.owner, &customer).await;
    let tag = first.header("etag").to_owned();
    let first = first.expect(200);
    service.clock.advance(chrono::TimeDelta::seconds(5));
    let again = erase(&shop.owner, &customer).await;
    assert_eq!(again.header("etag"), tag);
    assert_eq!(again.expect(200), first, "a repeat changes nothing");
    let told = told(&service, &shop.tenant, &customer).await;
    let pseudonymized: Vec<_> = told.iter().filter(|(code, _)| code == "CUSTOMER_PSEUDONYMIZED").collect();
    assert_eq!(pseudonymized.len(), 1);
    assert_eq!(pseudonymized[0].1, json!({"customer_id": customer}));

    // nobody is made known again
    let body = json!({"display_name": "Ana", "email": "ana@example.com"});
    shop.owner.put(&path, &body).await.refused(409, "TITHI_CUSTOMER_ERASED");
    shop.owner.patch(&path, &json!({"phone": "1"})).await.refused(409, "TITHI_CUSTOMER_ERASED");
    let notes = format!("/api/v1/crm/customers/{customer}/notes");
    shop.owner.post(&notes, &json!({"content": "Was Ana"})).await.refused(409, "TITHI_CUSTOMER_ERASED");
    // the address is free for whoever has it
    let email = format!("{WORD}@example.com");
    assert_ne!(made(&shop.owner, "/api/v1/customers", &json!({"display_name": "New", "email": email})).await, customer);
    // and the rest can be taken off the list
    shop.owner.delete(&path).await.expect(204);
}

#[tokio::test]
async fn a_deleted_customer_can_be_made_unknown() {
    let service = Service::start().await;
    let mut shop = Shop::open(&service, json!({})).await;
    let (customer, _) = known(&service, &mut shop).await;
    shop.owner.delete(&format!("/api/v1/customers/{customer}")).await.expect(204);
    assert!(!holding(&service, &shop).await.is_empty(), "deleting keeps it all");
    erase(&shop.owner, &customer).await.expect(200);
    assert_eq!(holding(&service, &shop).await, Vec::<String>::new());
    shop.owner.get(&format!("/api/v1/customers/{customer}")).await.refused(404, "TITHI_CUSTOMER_NOT_FOUND");
}

#[tokio::test]
async fn only_the_owner_may_and_only_their_own() {
    let service = Service::start().await;
    let (shop, other) = (Shop::open(&service, json!({})).await, Shop::open(&service, json!({})).await);
    let body = json!({"display_name": "Ana", "email": "ana@example.com"});
    let customer = made(&shop.owner, "/api/v1/customers", &body).await;
    erase(&service.admin_of(&shop.tenant).await, &customer).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    erase(&other.owner, &customer).await.refused(404, "TITHI_CUSTOMER_NOT_FOUND");
    let kept = shop.owner.get(&format!("/api/v1/customers/{customer}")).await.expect(200);
    assert_eq!((&kept["display_name"], &kept["pseudonymized_at"]), (&"Ana".into(), &Value::Null));
}
