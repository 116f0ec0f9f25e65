//! Plans, subscriptions of businesses and persons, and what time and the provider do to them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod apply;
mod organization;
mod paid;
mod person;
mod room;
mod time;

use ::entity::ids::UserId;
use chrono::{DateTime, Utc};
use serde_json::Value;
use tithi::db::{Access, Scope};
use tithi::ports::payments::{Subscription, SubscriptionStatus};

use crate::support::app::Service;
use crate::support::client::Client;
use crate::support::people::Tenant;

pub fn scope(service: &Service, tenant: &Tenant) -> Scope {
    service.app.db.scope(tenant.id, Access::Write)
}

/// Where an organization's own things are.
pub fn at(tenant: &Tenant, rest: &str) -> String {
    format!("/api/v1/organizations/{}/{rest}", tenant.id)
}

/// The next call, each time anew.
pub fn anew(client: &Client) -> Client {
    client.key(&format!("{:032x}", rand::random::<u128>()))
}

/// A subscription as the provider tells it.
pub fn told(id: &str, customer: &str, status: SubscriptionStatus) -> Subscription {
    Subscription {
        id: id.to_owned(),
        status,
        customer: customer.to_owned(),
        current_period_start: None,
        current_period_end: None,
        trial_end: None,
        cancel_at_period_end: false,
        canceled_at: None,
        latest_invoice: None,
        metadata: Default::default(),
    }
}

/// Makes the business a customer with a subscription at the provider, as if it had bought one.
pub async fn bought(service: &Service, tenant: &Tenant, customer: &str, subscription: &str) {
    sqlx::query(
        "UPDATE app.tenant_subscriptions SET state = 'paid_subscription', provider_status = 'trialing',
           provider_customer_id = $2, provider_subscription_id = $3 WHERE tenant_id = $1",
    )
    .bind(tenant.id.0)
    .bind(customer)
    .bind(subscription)
    .execute(&mut service.platform().await)
    .await
    .unwrap();
}

/// The state of the business's subscription, and whether it gives what it promises.
pub async fn standing(client: &Client, tenant: &Tenant) -> (String, bool) {
    let shown = client.get(&at(tenant, "subscription")).await.expect(200);
    (shown["state"].as_str().unwrap().to_owned(), shown["entitled"].as_bool().unwrap())
}

/// What the outbox was told of subscriptions of a tenant: codes, in order.
pub async fn codes(service: &Service, tenant: uuid::Uuid, about: Option<UserId>) -> Vec<String> {
    let sql = "SELECT event_code, payload FROM app.events_outbox
               WHERE tenant_id = $1 AND aggregate_type IN ('tenant_subscriptions', 'user_subscriptions') ORDER BY created_at, id";
    let rows: Vec<(String, Value)> =
        sqlx::query_as(sql).bind(tenant).fetch_all(&mut service.platform().await).await.unwrap();
    let about = about.map_or(Value::Null, |user| user.to_string().into());
    rows.into_iter().filter(|(_, payload)| payload["user_id"] == about).map(|(code, _)| code).collect()
}

/// An instant of a subscription as it is shown.
pub fn instant(shown: &Value, member: &str) -> DateTime<Utc> {
    shown[member].as_str().unwrap().parse().unwrap()
}
