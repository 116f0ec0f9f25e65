//! What came in, what went back and what was taxed, day by day.
mod payouts;
mod taxes;

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::payments_reconcile::{another, booking};
use crate::support::app::Service;
use crate::support::client::Client;
use crate::support::people::Tenant;

pub const REPORTS: &str = "/api/v1/payments/reports";

/// A business whose payments are made in the tests, each to the cent.
pub struct Till<'s> {
    service: &'s Service,
    pub tenant: Tenant,
    pub owner: Client,
    booking: Uuid,
}

/// A payment that came in.
#[derive(Clone, Copy, Debug)]
pub struct Paid {
    pub at: DateTime<Utc>,
    pub currency: &'static str,
    pub cash: bool,
    pub captured: i64,
    pub tip: i64,
    pub tax: i64,
    pub fee: i64,
    pub gift: i64,
}

impl Paid {
    /// So much by card, in dollars.
    pub fn at(at: &str, captured: i64) -> Self {
        Self { at: at.parse().unwrap(), currency: "USD", cash: false, captured, tip: 0, tax: 0, fee: 0, gift: 0 }
    }
}

impl<'s> Till<'s> {
    pub async fn open(service: &'s Service, zone: &str) -> Self {
        let tenant = service.tenant_in(zone).await;
        let owner = service.owner_of(&tenant).await;
        let booking = booking(service, &tenant).await;
        Self { service, tenant, owner, booking }
    }

    /// From now on payments are for another booking, which is taxed at this rate.
    pub async fn sells_at(&mut self, rate_bps: i32) {
        self.booking = another(self.service, &self.tenant, self.booking).await;
        self.taxed_at(rate_bps).await;
    }

    /// The rate at which what is booked is taxed.
    pub async fn taxed_at(&self, rate_bps: i32) {
        self.run(
            "UPDATE app.bookings SET tax_bps = $3 WHERE tenant_id = $1 AND id = $2",
            self.booking,
            rate_bps.into(),
        )
        .await;
    }

    async fn run(&self, sql: &'static str, id: Uuid, value: i64) {
        let query = sqlx::query(sql).bind(self.tenant.id.0).bind(id).bind(value);
        query.execute(&mut self.service.platform().await).await.unwrap();
    }

    /// Writes a payment down as the service would have; answers its id.
    pub async fn takes(&self, paid: Paid) -> Uuid {
        let id = self.begins(paid).await;
        let sql = "UPDATE app.payments SET status = 'captured', amount_captured_cents = amount_cents, captured_at = $3
                   WHERE tenant_id = $1 AND id = $2";
        let query = sqlx::query(sql).bind(self.tenant.id.0).bind(id).bind(paid.at);
        query.execute(&mut self.service.platform().await).await.unwrap();
        id
    }

    /// The same, before the money has come.
    pub async fn begins(&self, paid: Paid) -> Uuid {
        let id = self.service.new_id();
        let mut connection = self.service.platform().await;
        let sql = "INSERT INTO app.payments
                     (tenant_id, id, booking_id, method, provider, currency_code, amount_cents, tip_cents, tax_cents,
                      application_fee_cents, gift_card_cents, idempotency_key, fee_type)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $2::text, 'booking')";
        sqlx::query(sql)
            .bind(self.tenant.id.0)
            .bind(id)
            .bind(self.booking)
            .bind(if paid.cash { "cash" } else { "card" })
            .bind(if paid.cash { "none" } else { "stripe" })
            .bind(paid.currency)
            .bind(paid.captured)
            .bind(paid.tip)
            .bind(paid.tax)
            .bind(paid.fee)
            .bind(paid.gift)
            .execute(&mut connection)
            .await
            .unwrap();
        id
    }

    /// Gives some of it back, with success or without.
    pub async fn gives_back(&self, payment: Uuid, at: &str, amount: i64, status: &str) {
        let at: DateTime<Utc> = at.parse().unwrap();
        let sql = "INSERT INTO app.refunds (tenant_id, id, payment_id, amount_cents, refund_type, status, idempotency_key, created_at)
                   VALUES ($1, $2, $3, $4, 'partial', $5, $2::text, $6)";
        sqlx::query(sql)
            .bind(self.tenant.id.0)
            .bind(self.service.new_id())
            .bind(payment)
            .bind(amount)
            .bind(status)
            .bind(at)
            .execute(&mut self.service.platform().await)
            .await
            .unwrap();
    }

    pub async fn report(&self, which: &str, first: &str, last: &str) -> Value {
        self.owner.get(&format!("{REPORTS}/{which}?start_date={first}&end_date={last}")).await.expect(200)
    }
}

/// The lines of the sheet as they stand there.
pub async fn sheet(till: &Till<'_>, which: &str, first: &str, last: &str) -> Vec<Vec<String>> {
    let answer = till.owner.get(&format!("{REPORTS}/{which}/export?start_date={first}&end_date={last}")).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "text/csv; charset=utf-8"));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(answer.body.as_slice());
    reader.records().map(|line| line.unwrap().iter().map(str::to_owned).collect()).collect()
}
