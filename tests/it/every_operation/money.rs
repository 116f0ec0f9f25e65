//! What a world has of money: an account, a payment under way, a card that was left; and what only some operations need.
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::PgConnection;
use tithi::ports::payments::{Call as Asked, NewCustomer};
use uuid::Uuid;

use super::caller::Call;
use super::document::Operation;
use super::world::{World, key};
use crate::support::app::Service;
use crate::support::client::Client;
use crate::support::factory::connect_to;
use crate::support::people::Tenant;

/// The money of a world.
pub struct Money {
    /// `acct_..`
    pub account: String,
    /// Begun, and not confirmed yet.
    pub payment_id: String,
    /// `pi_..`
    pub intent_id: String,
    pub method_id: Uuid,
}

impl Money {
    pub async fn new(
        service: &Service,
        platform: &mut PgConnection,
        tenant: &Tenant,
        owner: &Client,
        booking: &str,
    ) -> Self {
        let account = service.stripe.account();
        connect_to(service, tenant, &account, 0).await;
        let begun = json!({ "booking_id": booking });
        let begun = owner.key(&key()).post("/api/v1/payments/checkout", &begun).await.expect(201);
        let method_id = service.new_id();
        let sql = "INSERT INTO app.payment_methods (tenant_id, id, customer_id, provider_account_id, provider_payment_method_id, status,
                     is_default, explicit_consent_flag, consent_version, consent_at)
                   SELECT tenant_id, $3, customer_id, $4, 'pm_of_' || $3, 'active', true, true, '1', now()
                   FROM app.bookings WHERE tenant_id = $1 AND id = $2::uuid";
        let query = sqlx::query(sql).bind(tenant.id.0).bind(booking).bind(method_id).bind(&account);
        query.execute(&mut *platform).await.unwrap();
        let text = |name: &str| begun[name].as_str().unwrap().to_owned();
        Self { account, payment_id: text("payment_id"), intent_id: text("payment_intent_id"), method_id }
    }
}

/// Leads the world to where the operation can be done, and says how it is called then.
pub async fn ready(service: &Service, world: &World, operation: &Operation, call: Call) -> Call {
    let booking = json!({"booking_id": world.value_of("booking_id")});
    match operation.id.as_str() {
        "payment_refund" => {
            let body = json!({"payment_intent_id": world.money.intent_id, "payment_method_id": "pm_card_visa"});
            world.owner.key(&key()).post("/api/v1/payments/confirm", &body).await.expect(200);
        }
        "payment_mark_paid" => {
            let mut cash = booking;
            cash["amount_cents"] = 100.into();
            cash["currency"] = "USD".into();
            let cash = world.owner.key(&key()).post("/api/v1/payments/cash", &cash).await.expect(201);
            let path = format!("/api/v1/payments/{}/mark-paid", cash["payment_id"].as_str().unwrap());
            return Call { path, ..call };
        }
        "payment_process" => left_a_card(service, world).await,
        "payment_no_show_fee" | "payment_no_show_fee_waive" => {
            left_a_card(service, world).await;
            world.lead_up_to(service, "booking_no_show").await;
            let path = format!("/api/v1/bookings/{}/no-show", world.value_of("booking_id"));
            world.owner.key(&key()).send(Method::POST, &path, None).await.expect(200);
        }
        "payment_method_confirm" => {
            let new = json!({"customer_id": world.value_of("customer_id")});
            let made = world.owner.key(&key()).post("/api/v1/payments/methods", &new).await.expect(201);
            let setup = made["setup_intent_id"].as_str().unwrap();
            crate::payments::give(service, &world.money.account, setup, "pm_card_visa").await;
            return call.saying(json!({ "setup_intent_id": setup }).to_string().as_bytes());
        }
        _ => {}
    }
    call
}

/// The booking's customer has left a card with the provider.
async fn left_a_card(service: &Service, world: &World) {
    let (account, provider) = (world.money.account.as_str(), &service.app.payments);
    let names = [key(), key()];
    let call = |name: usize| Asked { account: Some(account), key: &names[name] };
    let customer = provider.create_customer(call(0), &NewCustomer::default()).await.unwrap();
    let method = provider.attach_method(call(1), "pm_card_visa", &customer.id).await.unwrap();
    let mut platform = service.platform().await;
    let sql = "WITH method AS (
                 UPDATE app.payment_methods SET provider_payment_method_id = $3 WHERE tenant_id = $1 AND id = $2 RETURNING customer_id)
               INSERT INTO app.payment_customers (tenant_id, customer_id, provider_account_id, provider_customer_id)
               SELECT $1, customer_id, $4, $5 FROM method";
    sqlx::query(sql)
        .bind(world.tenant.id.0)
        .bind(world.money.method_id)
        .bind(&method.id)
        .bind(account)
        .bind(&customer.id)
        .execute(&mut platform)
        .await
        .unwrap();
}

/// What stands in a body for a member of this name.
pub fn member(world: &World, name: &str) -> Option<Value> {
    match name {
        "payment_intent_id" => Some(world.money.intent_id.clone().into()),
        "booking_id" => Some(world.value_of("booking_id").into()),
        _ => None,
    }
}
