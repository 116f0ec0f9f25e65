//! What was missed is found again, and both sides say the same.
mod compare;
mod missed;
mod open;

use std::collections::BTreeMap;

use serde_json::Value;
use tithi::kernel::money::{Currency, Money};
use tithi::ports::payments::{Call, Intent, Metadata, NewIntent, NewRefund, Refund};
use uuid::Uuid;

use crate::support::app::Service;
use crate::support::client::Client;
use crate::support::database::Database;
use crate::support::factory::{bookable, connected};
use crate::support::people::Tenant;
use crate::support::stripe::KEY;

/// A service over a database of its own: its rounds look at every business.
pub async fn service() -> Service {
    Service::build(Database::own().await, &[], None).await
}

/// A business whose payments are made at the provider and written down here, as if by its own requests.
pub struct Counter<'s> {
    pub service: &'s Service,
    pub tenant: Tenant,
    pub account: String,
    pub owner: Client,
    /// Each payment is for another one like it.
    booking: Uuid,
}

/// A payment under way: our id of it and the provider's.
#[derive(Clone, Debug)]
pub struct Begun {
    pub id: Uuid,
    pub intent: String,
}

/// A booking that somebody made.
pub async fn booking(service: &Service, tenant: &Tenant) -> Uuid {
    let (subject, stranger) = (bookable(service, tenant).await, service.stranger(tenant));
    let wish = subject.booking(&subject.next_free(&stranger).await);
    let key = format!("{:032x}", rand::random::<u128>());
    let made = stranger.key(&key).post(&subject.bookings(), &wish).await.expect(201);
    made["id"].as_str().unwrap().parse().unwrap()
}

/// Another booking like it, so that a test can have many at once.
pub async fn another(service: &Service, tenant: &Tenant, booking: Uuid) -> Uuid {
    let id = service.new_id();
    let sql = "INSERT INTO app.bookings
               SELECT (jsonb_populate_record(b, jsonb_build_object('id', $3::uuid, 'client_generated_id', NULL))).*
               FROM app.bookings b WHERE b.tenant_id = $1 AND b.id = $2";
    let query = sqlx::query(sql).bind(tenant.id.0).bind(booking).bind(id);
    assert_eq!(query.execute(&mut service.platform().await).await.unwrap().rows_affected(), 1);
    id
}

/// Turns one of the sandbox's knobs that are turned over HTTP alone.
pub async fn control(service: &Service, what: &str) {
    let client = Client::at(service.stripe.address, "localhost").bearer(KEY);
    client.post(&format!("/control/{what}"), &Value::Null).await.expect(200);
}

/// What stands in a payment's row.
pub type Row = (String, i64, i64, Option<String>);

impl<'s> Counter<'s> {
    pub async fn open(service: &'s Service) -> Self {
        let tenant = service.tenant().await;
        let account = connected(service, &tenant).await;
        let owner = service.owner_of(&tenant).await;
        let booking = booking(service, &tenant).await;
        Self { service, tenant, account, owner, booking }
    }

    /// What we want to find on an object again.
    fn metadata(&self, ids: &[(&str, Uuid)]) -> Metadata {
        let ids = ids.iter().map(|(name, id)| ((*name).to_owned(), id.to_string()));
        ids.chain([("tenant_id".to_owned(), self.tenant.id.to_string())]).collect()
    }

    /// Begins a payment of so many cents: the row first, then the intent, and the row knows its id.
    pub async fn begin(&self, cents: i64) -> Begun {
        let id = self.service.new_id();
        let booking = another(self.service, &self.tenant, self.booking).await;
        let sql = "INSERT INTO app.payments
                     (tenant_id, id, booking_id, method, amount_cents, idempotency_key, provider_account_id, created_at, updated_at)
                   VALUES ($1, $2, $6, 'card', $3, $2::text, $4, $5, $5)";
        let mut connection = self.service.platform().await;
        let query = sqlx::query(sql).bind(self.tenant.id.0).bind(id).bind(cents).bind(&self.account);
        query.bind(self.service.clock.now()).bind(booking).execute(&mut connection).await.unwrap();
        let new = NewIntent {
            amount: Money::new(cents, Currency::new("USD").unwrap()),
            customer: None,
            method: None,
            confirm: false,
            return_url: None,
            off_session: false,
            keep_card: false,
            manual_capture: false,
            application_fee: 0,
            description: None,
            metadata: self.metadata(&[("payment_id", id)]),
        };
        let key = format!("{}:{id}:intent:0", self.tenant.id);
        let intent = self.service.app.payments.create_intent(self.call(&key), &new).await.unwrap().id;
        sqlx::query("UPDATE app.payments SET provider_payment_id = $3 WHERE tenant_id = $1 AND id = $2")
            .bind(self.tenant.id.0)
            .bind(id)
            .bind(&intent)
            .execute(&mut connection)
            .await
            .unwrap();
        Begun { id, intent }
    }

    fn call<'c>(&'c self, key: &'c str) -> Call<'c> {
        Call { account: Some(&self.account), key }
    }

    /// The payer pays at the provider; we are told of it by webhooks alone.
    pub async fn pays(&self, begun: &Begun) -> Intent {
        let key = format!("{}:{}:confirm:0", self.tenant.id, begun.id);
        let payments = &self.service.app.payments;
        payments.confirm_intent(self.call(&key), &begun.intent, Some("pm_card_visa"), None).await.unwrap()
    }

    /// Somebody gives some of it back in the provider's own dashboard.
    pub async fn gives_back(&self, begun: &Begun, cents: i64) -> Refund {
        let new = NewRefund {
            intent: begun.intent.clone(),
            amount: cents,
            refund_application_fee: false,
            metadata: self.metadata(&[]),
        };
        let key = format!("{}:{}:refund:{}", self.tenant.id, begun.id, self.service.new_id());
        self.service.app.payments.create_refund(self.call(&key), &new).await.unwrap()
    }

    /// The payer asks their bank for the money back.
    pub async fn disputes(&self, begun: &Begun) {
        let charges = self.service.stripe.charges(&self.account);
        let charge = charges.iter().find(|charge| charge["payment_intent"] == begun.intent.as_str()).unwrap();
        control(self.service, &format!("charges/{}/{}/dispute", self.account, charge["id"].as_str().unwrap())).await;
    }

    /// State, captured, refunded and dispute of a payment.
    pub async fn row(&self, begun: &Begun) -> Row {
        let sql = "SELECT status, amount_captured_cents, amount_refunded_cents, dispute_status FROM app.payments
                   WHERE tenant_id = $1 AND id = $2";
        let query = sqlx::query_as(sql).bind(self.tenant.id.0).bind(begun.id);
        query.fetch_one(&mut self.service.platform().await).await.unwrap()
    }

    /// Every payment of the business, by its id.
    pub async fn rows(&self) -> BTreeMap<Uuid, Row> {
        let sql = "SELECT id, status, amount_captured_cents, amount_refunded_cents, dispute_status FROM app.payments WHERE tenant_id = $1";
        let rows: Vec<(Uuid, String, i64, i64, Option<String>)> =
            sqlx::query_as(sql).bind(self.tenant.id.0).fetch_all(&mut self.service.platform().await).await.unwrap();
        rows.into_iter()
            .map(|(id, status, captured, refunded, dispute)| (id, (status, captured, refunded, dispute)))
            .collect()
    }

    /// What was captured and not given back, by our books.
    pub async fn taken(&self) -> i64 {
        let sql = "SELECT coalesce(sum(amount_captured_cents - amount_refunded_cents), 0)::bigint FROM app.payments WHERE tenant_id = $1";
        sqlx::query_scalar(sql).bind(self.tenant.id.0).fetch_one(&mut self.service.platform().await).await.unwrap()
    }

    /// The events of the account, the oldest first.
    pub fn events(&self) -> Vec<Value> {
        let mut events = self.service.stripe.objects(&self.account, "evt_");
        events.reverse();
        for event in &mut events {
            let inner: Vec<String> =
                event.as_object().unwrap().keys().filter(|key| key.starts_with('_')).cloned().collect();
            for key in inner {
                event.as_object_mut().unwrap().remove(&key);
            }
        }
        events
    }
}
