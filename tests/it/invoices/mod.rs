//! Invoices and credit notes: their numbers, their sums, and what they look like.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod credit;
mod issue;
mod paper;
mod visitor;

use ::entity::ids::BookingId;
use ::entity::invoices::Model;
use tithi::db::{Access, Scope};
use tithi::domains::invoices::{self, NewInvoice, NewLine};
use tithi::error::ApiError;
use tithi::kernel::money::{Currency, Money};
use uuid::Uuid;

use crate::support::app::Service;
use crate::support::people::Tenant;

pub fn scope(service: &Service, tenant: &Tenant) -> Scope {
    service.app.db.scope(tenant.id, Access::Write)
}

pub fn money(minor: i64, code: &str) -> Money {
    Money::new(minor, Currency::new(code).unwrap())
}

pub fn line(description: &str, unit_cents: i64, tax_bps: u32) -> NewLine {
    NewLine { description: description.into(), quantity: 1, unit_cents, discount_cents: 0, tax_bps: Some(tax_bps) }
}

/// A payment to be billed.
pub async fn payment(service: &Service, _tenant: &Tenant) -> Uuid {
    service.new_id()
}

/// A paid invoice of one line, to be issued.
pub async fn paid(service: &Service, tenant: &Tenant, amount: Money) -> NewInvoice {
    NewInvoice::paid(payment(service, tenant).await, amount, "Haircut", service.clock.now())
}

/// Issues and commits.
pub async fn issued(service: &Service, tenant: &Tenant, new: NewInvoice) -> Result<Model, ApiError> {
    let scope = scope(service, tenant);
    let made = invoices::issue(&scope, new).await?;
    scope.commit().await?;
    Ok(made)
}

/// Gives back a part and commits.
pub async fn credited(
    service: &Service,
    tenant: &Tenant,
    (payment, refund): (Uuid, Uuid),
    amount: Money,
) -> Result<Option<Model>, ApiError> {
    let scope = scope(service, tenant);
    let made = invoices::credit_note(&scope, payment, refund, amount).await?;
    scope.commit().await?;
    Ok(made)
}

/// The invoice of a booking, paid.
pub async fn of_booking(service: &Service, tenant: &Tenant, booking: &str) -> Uuid {
    let new = paid(service, tenant, money(4_500, "USD")).await;
    let booking = BookingId(booking.parse().unwrap());
    issued(service, tenant, NewInvoice { booking_id: Some(booking), ..new }).await.unwrap().id.0
}
