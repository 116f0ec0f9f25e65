//! How a business begins, over HTTP.
mod check_subdomain;
mod home;
mod register;
mod seed;
mod status;

use serde_json::{Value, json};

use crate::support::app::Service;
use crate::support::client::Client;

/// A person who belongs nowhere yet, logged in on the base domain.
pub async fn newcomer(service: &Service) -> Client {
    let user = service.person(&mut service.platform().await).await;
    service.visitor().bearer(&service.token(user, None).await)
}

/// A name that nobody else has.
pub fn name(what: &str) -> String {
    format!("{what} {:012x}", rand::random::<u64>() >> 16)
}

pub fn form(name: &str) -> Value {
    json!({"business_name": name, "owner_email": "hello@shop.example", "owner_name": "Olivia Hart"})
}

/// A key for each request.
pub fn key() -> String {
    format!("{:032x}", rand::random::<u128>())
}

pub async fn register(client: &Client, form: &Value) -> crate::support::client::Answer {
    client.key(&key()).post("/onboarding/register", form).await
}
