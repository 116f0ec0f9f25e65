//! Issues the invoice of a payment.

use ::entity::enums::{InvoiceKind, InvoiceStatus};
use ::entity::ids::{BookingId, CustomerId, InvoiceId};
use ::entity::invoices::{ActiveModel, Column, Model};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition};
use serde_json::Value;
use uuid::Uuid;

use super::number::number;
use super::{Item, draft, items, locked, sum};
use crate::db::{Scope, row};
use crate::domains::invoices::{party, rules};
use crate::error::{ApiError, Code};
use crate::kernel::money::{Currency, Money};

/// One line of a new invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLine {
    /// At most 500 characters; what is longer is cut.
    pub description: String,
    pub quantity: u32,
    /// Of one piece, with its tax; not below zero.
    pub unit_cents: i64,
    /// What is taken off the whole line; at most the line.
    pub discount_cents: i64,
    /// Hundredths of a percent that are in the price; none is what the business set.
    pub tax_bps: Option<u32>,
}

/// An invoice to be issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInvoice {
    /// What it bills. A payment has one invoice: a second call finds the first one's.
    pub payment_id: Option<Uuid>,
    pub customer_id: Option<CustomerId>,
    pub booking_id: Option<BookingId>,
    pub currency: Currency,
    pub lines: Vec<NewLine>,
    /// When it was paid; none leaves it open.
    pub paid_at: Option<DateTime<Utc>>,
    /// Until when it is to be paid.
    pub due_at: Option<DateTime<Utc>>,
}

impl NewInvoice {
    /// A paid one of a single line.
    #[must_use]
    pub fn paid(payment_id: Uuid, amount: Money, description: impl Into<String>, paid_at: DateTime<Utc>) -> Self {
        let line = NewLine {
            description: description.into(),
            quantity: 1,
            unit_cents: amount.minor,
            discount_cents: 0,
            tax_bps: None,
        };
        Self {
            payment_id: Some(payment_id),
            customer_id: None,
            booking_id: None,
            currency: amount.currency,
            lines: vec![line],
            paid_at: Some(paid_at),
            due_at: None,
        }
    }
}

/// Issues an invoice, or finds the one that its payment has.
///
/// # Errors
/// 422 without a line, or when a line's amounts are not possible.
pub async fn issue(scope: &Scope, new: NewInvoice) -> Result<Model, ApiError> {
    let of_payment =
        |payment: Uuid| Condition::all().add(Column::PaymentId.eq(payment)).add(Column::Kind.eq(InvoiceKind::Invoice));
    if let Some(payment) = new.payment_id
        && let Some(known) = locked(scope, of_payment(payment)).await?
    {
        return Ok(known);
    }
    let (seller, head) = party::seller(scope).await?;
    let buyer = party::buyer(scope, new.customer_id).await?;
    let lines = new.lines.into_iter().map(|line| priced(line, head.invoicing.tax_bps)).collect::<Option<Vec<_>>>();
    let lines = lines.filter(|lines| !lines.is_empty()).ok_or_else(impossible)?;
    let total = sum(lines.iter().map(|line| &line.parts)).ok_or_else(impossible)?;
    let id = InvoiceId(scope.new_id());
    let document = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(id),
        kind: Set(InvoiceKind::Invoice),
        status: Set(InvoiceStatus::Draft),
        customer_id: Set(new.customer_id),
        booking_id: Set(new.booking_id),
        payment_id: Set(new.payment_id),
        currency: Set(new.currency.code().to_owned()),
        subtotal_cents: Set(total.net),
        tax_cents: Set(total.tax),
        total_cents: Set(total.total),
        credited_cents: Set(0),
        seller: Set(json(&seller)?),
        buyer: Set(json(&buyer)?),
        note: Set(head.invoicing.note),
        due_at: Set(new.due_at),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
        ..Default::default()
    };
    if !draft(scope, document).await? {
        // somebody else has just billed this payment
        let payment = new.payment_id.ok_or_else(|| ApiError::internal("an invoice was there before it was made"))?;
        let known = locked(scope, of_payment(payment)).await?;
        return known.ok_or_else(|| ApiError::of(Code::Conflict));
    }
    items(scope, id, lines).await?;
    let document = row::find::<::entity::invoices::Entity>(scope, id.0).await?;
    let to = if new.paid_at.is_some() { InvoiceStatus::Paid } else { InvoiceStatus::Open };
    number(scope, document, to, &head.tz, new.paid_at).await
}

fn priced(line: NewLine, own_bps: u32) -> Option<Item> {
    let tax_bps = line.tax_bps.unwrap_or(own_bps).min(10_000);
    let parts = rules::price(line.quantity, line.unit_cents, line.discount_cents, tax_bps)?;
    let description: String = line.description.chars().take(500).collect();
    (line.quantity > 0 && !description.trim().is_empty()).then_some(Item {
        description,
        quantity: line.quantity,
        unit: line.unit_cents,
        discount: line.discount_cents,
        tax_bps,
        parts,
    })
}

fn impossible() -> ApiError {
    ApiError::new(Code::RuleViolation, "An invoice needs lines, and no line may cost less than nothing.")
}

/// As the columns hold it.
pub(super) fn json(value: &impl serde::Serialize) -> Result<Value, ApiError> {
    serde_json::to_value(value).map_err(ApiError::internal)
}
