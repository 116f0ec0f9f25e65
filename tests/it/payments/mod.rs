//! Money that comes in and goes back, over HTTP and against the sandbox: what is paid is paid once, what is not paid is
//! nobody's, and what goes back was there.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod apply;
mod cash;
mod checkout;
mod codes;
mod expiry;
mod methods;
mod money;
mod no_show;
mod public;
mod refunds;
mod settle;

pub use methods::give;
use serde_json::{Value, json};

use crate::booking::{Shop, key};
use crate::support::app::Service;
use crate::support::client::Answer;
use crate::support::factory::connect_to;

pub const PAYMENTS: &str = "/api/v1/payments";

/// A shop that takes cards.
pub struct Till {
    pub shop: Shop,
    /// `acct_..`
    pub account: String,
}

impl Till {
    /// Half an hour for 45 dollars, paid for as `payment` says.
    pub async fn open(service: &Service, payment: Value) -> Self {
        Self::of(service, json!({ "payment": payment })).await
    }

    /// The same, changed in anything.
    pub async fn of(service: &Service, changed: Value) -> Self {
        let shop = Shop::open(service, changed).await;
        let account = service.stripe.account();
        connect(service, &shop, &account).await;
        Self { shop, account }
    }

    /// A visitor's booking.
    pub async fn booked(&self) -> Value {
        self.booked_at(0).await
    }

    /// The same at a later free time.
    pub async fn booked_at(&self, place: usize) -> Value {
        let start = self.shop.starts(self.shop.tomorrow).await.remove(place);
        self.shop.visit(&self.shop.wish(&start)).await.expect(201)
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.shop.owner.key(&key()).post(&format!("{PAYMENTS}{path}"), body).await
    }

    /// Begins to pay a booking.
    pub async fn checkout(&self, booking: &Value) -> Value {
        self.post("/checkout", &json!({"booking_id": booking["id"]})).await.expect(201)
    }

    /// Confirms a payment with a test card.
    pub async fn confirm(&self, checkout: &Value, card: &str) -> Answer {
        let body = json!({"payment_intent_id": checkout["payment_intent_id"], "payment_method_id": card});
        self.post("/confirm", &body).await
    }

    /// A booking that was paid, with its checkout.
    pub async fn paid(&self) -> (Value, Value) {
        let booking = self.booked().await;
        let checkout = self.checkout(&booking).await;
        self.confirm(&checkout, "pm_card_visa").await.expect(200);
        (booking, checkout)
    }

    pub async fn payment(&self, checkout: &Value) -> Value {
        let path = format!("{PAYMENTS}/{}", checkout["payment_id"].as_str().unwrap());
        self.shop.owner.get(&path).await.expect(200)
    }

    /// The booking as it is now.
    pub async fn now(&self, booking: &Value) -> Value {
        self.shop.owner.get(&format!("/api/v1/bookings/{}", booking["id"].as_str().unwrap())).await.expect(200)
    }

    pub async fn refund(&self, checkout: &Value, body: &Value) -> Answer {
        self.post(&format!("/{}/refund", checkout["payment_id"].as_str().unwrap()), body).await
    }
}

/// Connects an account on which the business may be paid.
pub async fn connect(service: &Service, shop: &Shop, account: &str) {
    connect_to(service, &shop.tenant, account, 0).await;
}

/// How many events of this code the business has told, of anything.
pub async fn told(service: &Service, till: &Till, code: &str) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM app.events_outbox WHERE tenant_id = $1 AND event_code = $2")
        .bind(till.shop.tenant.id.0)
        .bind(code)
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap()
}
