//! Accounts, logins, tokens and sessions over HTTP.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod cookie;
mod external;
mod isolation;
mod lockout;
mod login;
mod operator;
mod refresh;
mod register;
mod sessions;

use ::entity::enums::MembershipRole;
use ::entity::ids::TenantId;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::app::Service;
use crate::support::client::Client;
use crate::support::people::Tenant;

pub const PASSWORD: &str = "grandmother's violin";

/// An account that can log in.
pub struct Account {
    pub id: Uuid,
    pub email: String,
}

pub fn new_email() -> String {
    format!("{:016x}@people.example", rand::random::<u64>())
}

/// Registers a person through the front door.
pub async fn registered(service: &Service) -> (Account, Value) {
    let email = new_email();
    let body = json!({"email": email, "password": PASSWORD, "display_name": "Ana Lima"});
    let answer = service.visitor().post("/api/v1/auth/register", &body).await.expect(201);
    let id = answer["user"]["id"].as_str().unwrap().parse().unwrap();
    (Account { id, email }, answer)
}

/// An account that belongs to a business.
pub async fn member(service: &Service, tenant: &Tenant, role: MembershipRole) -> Account {
    let (account, _) = registered(service).await;
    join(service, account.id, tenant.id, role).await;
    account
}

pub async fn join(service: &Service, user: Uuid, tenant: TenantId, role: MembershipRole) {
    sqlx::query("INSERT INTO app.memberships (tenant_id, id, user_id, role) VALUES ($1, $2, $3, $4)")
        .bind(tenant.0)
        .bind(service.new_id())
        .bind(user)
        .bind(role.as_str())
        .execute(&mut service.platform().await)
        .await
        .unwrap();
}

/// Logs in and gives the answer.
pub async fn login(client: &Client, account: &Account) -> Value {
    client.post("/api/v1/auth/login", &credentials(account)).await.expect(200)
}

pub fn credentials(account: &Account) -> Value {
    json!({"email": account.email, "password": PASSWORD})
}

pub fn text<'a>(answer: &'a Value, member: &str) -> &'a str {
    answer[member].as_str().unwrap_or_else(|| panic!("no {member} in {answer}"))
}

pub async fn refresh(client: &Client, token: &str) -> crate::support::client::Answer {
    client.post("/api/v1/auth/refresh", &json!({"refresh_token": token})).await
}
