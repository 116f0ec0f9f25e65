//! What the payment provider sends us: taken in, worked on, looked at.
mod operators;
mod place;
mod receive;
mod signature;
mod work;

use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tithi::jobs;

use crate::support::app::Service;
use crate::support::client::{Answer, Client};
use crate::support::people::Tenant;

/// The secret of the endpoint in these tests.
pub const SECRET: &str = "whsec_of_these_tests";
/// The one before it, which still holds.
pub const OLDER: &str = "whsec_of_the_tests_before";

pub const PATH: &str = "/api/v1/webhooks/stripe";

/// A service over a database of its own: its worker takes whatever lies in the inbox.
pub async fn service() -> Service {
    with(&[]).await
}

pub async fn with(flags: &[&str]) -> Service {
    let database = crate::support::database::Database::own().await;
    let secrets = format!("{SECRET},{OLDER}");
    let flags: Vec<&str> = ["--stripe-webhook-secret", &secrets].into_iter().chain(flags.iter().copied()).collect();
    Service::build(database, &flags, None).await
}

/// `t=..,v1=..` as the provider writes it.
pub fn signed(secret: &str, at: i64, body: &[u8]) -> String {
    format!("t={at},v1={}", hex(secret, &at.to_string(), body))
}

/// One signature in hexadecimal.
pub fn hex(secret: &str, stamp: &str, body: &[u8]) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(stamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An event about an object, on an account.
pub fn event(service: &Service, kind: &str, account: Option<&str>, object: Value) -> Value {
    let mut event = json!({
        "id": format!("evt_{:024x}", rand::random::<u64>()), "object": "event", "type": kind, "livemode": false,
        "created": service.clock.now().timestamp(), "api_version": "2026-09-30.endive", "pending_webhooks": 1,
        "request": {"id": null, "idempotency_key": null}, "data": {"object": object},
    });
    if let Some(account) = account {
        event["account"] = account.into();
    }
    event
}

/// The event that takes an account away from us.
pub fn deauthorized(service: &Service, account: &str) -> Value {
    event(service, "account.application.deauthorized", Some(account), json!({"id": "ca_1", "object": "application"}))
}

/// Sends bytes with a header as the provider would.
pub async fn post(service: &Service, header: &str, body: &[u8]) -> Answer {
    let client = service.visitor().with("stripe-signature", header);
    client.raw(Method::POST, PATH, "application/json; charset=utf-8", Some(body.to_vec())).await
}

/// Sends an event, signed well and now.
pub async fn send(service: &Service, event: &Value) -> Answer {
    let body = event.to_string().into_bytes();
    let secret = service.app.webhook_secrets[0].expose_secret();
    post(service, &signed(secret, service.clock.now().timestamp(), &body), &body).await
}

/// Sends it and works on all that lies there.
pub async fn deliver(service: &Service, event: &Value) -> String {
    send(service, event).await.expect(200);
    jobs::work_inbox(&service.app).await.unwrap();
    state(service, event).await.0
}

/// State, attempts and reason of an event; panics when it is not there.
pub async fn state(service: &Service, event: &Value) -> (String, i32, Option<String>) {
    sqlx::query_as("SELECT state, attempts, last_error FROM app.webhook_event_inbox WHERE event_id = $1")
        .bind(event["id"].as_str().unwrap())
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap()
}

/// How many events lie in the inbox, whatever became of them.
pub async fn stored(service: &Service) -> i64 {
    let sql = "SELECT count(*) FROM app.webhook_event_inbox";
    sqlx::query_scalar(sql).fetch_one(&mut service.platform().await).await.unwrap()
}

/// How often a business was told something.
pub async fn told(service: &Service, tenant: &Tenant, code: &str) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM app.events_outbox WHERE tenant_id = $1 AND event_code = $2")
        .bind(tenant.id.0)
        .bind(code)
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap()
}

pub async fn operator(service: &Service) -> Client {
    let user = service.operator().await;
    service.visitor().bearer(&service.token(user, None).await)
}
