//! A payment on paper: its invoice when the money came, a credit note for what went back.

use ::entity::bookings;
use ::entity::enums::{FeeType, PaymentStatus};
use ::entity::payments::Model;
use ::entity::refunds;

use super::rules::bill::Kind;
use crate::db::Scope;
use crate::domains::invoices::{self, NewInvoice, NewLine};
use crate::error::ApiError;
use crate::kernel::money::{Currency, Money};

/// Bills a payment that came. A payment of nothing has no invoice.
pub(super) async fn issue(scope: &Scope, payment: &Model, booking: Option<&bookings::Model>) -> Result<(), ApiError> {
    let thing = payment.amount_captured_cents - payment.tip_cents + payment.gift_card_cents;
    let tax_bps = match payment.fee_type {
        FeeType::Booking => booking.and_then(|booking| u32::try_from(booking.tax_bps).ok()),
        // what the business says of what it sells
        FeeType::Purchase => None,
        // a fee is damages; a gift card is taxed when it pays
        FeeType::NoShowFee | FeeType::GiftCard => Some(0),
    };
    let line = |description: String, amount: i64, tax_bps: Option<u32>| NewLine {
        description,
        quantity: 1,
        unit_cents: amount,
        discount_cents: 0,
        tax_bps,
    };
    let lines: Vec<NewLine> = [
        (thing > 0).then(|| line(description(payment, booking), thing, tax_bps)),
        (payment.tip_cents > 0).then(|| line(Kind::Tip.as_str().to_owned(), payment.tip_cents, Some(0))),
    ]
    .into_iter()
    .flatten()
    .collect();
    if lines.is_empty() {
        return Ok(());
    }
    let new = NewInvoice {
        payment_id: Some(payment.id.0),
        customer_id: payment.customer_id,
        booking_id: payment.booking_id,
        currency: currency(payment)?,
        lines,
        paid_at: payment.captured_at.or(Some(scope.now())),
        due_at: None,
    };
    kept(payment, invoices::issue(scope, new).await.map(|_| ()))
}

/// Credits what went back; with the last of it what a gift card had paid.
pub(super) async fn credit(scope: &Scope, payment: &Model, refund: &refunds::Model) -> Result<(), ApiError> {
    let gift = if payment.status == PaymentStatus::Refunded { payment.gift_card_cents } else { 0 };
    let amount = Money::new(refund.amount_cents + gift, currency(payment)?);
    kept(payment, invoices::credit_note(scope, payment.id.0, refund.id.0, amount).await.map(|_| ()))
}

/// Money that moved is written down, whatever becomes of its paper: an invoice that was voided is credited no more.
fn kept(payment: &Model, issued: Result<(), ApiError>) -> Result<(), ApiError> {
    match issued {
        Err(refusal) if !refusal.is_ours() => {
            tracing::warn!(%refusal, payment = %payment.id, "money moved without an invoice");
            metrics::counter!("payments_not_billed_total").increment(1);
            Ok(())
        }
        issued => issued,
    }
}

fn currency(payment: &Model) -> Result<Currency, ApiError> {
    Currency::new(&payment.currency_code).ok_or_else(|| ApiError::internal("a payment without a currency"))
}

fn description(payment: &Model, booking: Option<&bookings::Model>) -> String {
    let service = booking.and_then(|booking| booking.service_snapshot["name"].as_str()).unwrap_or("Appointment");
    match payment.fee_type {
        FeeType::Booking => service.to_owned(),
        FeeType::NoShowFee => format!("Fee for not coming: {service}"),
        FeeType::Purchase => "Purchase".to_owned(),
        FeeType::GiftCard => "Gift card".to_owned(),
    }
}
