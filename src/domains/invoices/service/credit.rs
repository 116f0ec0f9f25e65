//! Takes back what was billed.

use std::collections::BTreeMap;

use ::entity::enums::{InvoiceKind, InvoiceStatus};
use ::entity::ids::InvoiceId;
use ::entity::invoices::{ActiveModel, Column, Entity, Model};
use ::entity::{invoice_items, invoices};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::number::number;
use super::{Item, draft, items, locked, sum};
use crate::db::{Scope, row};
use crate::domains::invoices::{party, rules};
use crate::error::{ApiError, Code};
use crate::kernel::money::Money;

/// Issues the credit note of a refund, or finds the one that it has. The tax goes back in proportion; the invoice is
/// credited once nothing of it is left. None when the payment was never billed.
///
/// # Errors
/// 422 when it is more than is left of the invoice, or in another currency; 409 when the invoice is void.
pub async fn credit_note(
    scope: &Scope,
    payment_id: Uuid,
    refund_id: Uuid,
    amount: Money,
) -> Result<Option<Model>, ApiError> {
    let billed = Condition::all().add(Column::PaymentId.eq(payment_id)).add(Column::Kind.eq(InvoiceKind::Invoice));
    // the lock on the invoice lets one refund after the other in
    let Some(invoice) = locked(scope, billed).await? else { return Ok(None) };
    let known = Entity::find().filter(Column::TenantId.eq(scope.tenant()?)).filter(Column::RefundId.eq(refund_id));
    if let Some(known) = known.one(scope).await? {
        return Ok(Some(known));
    }
    if invoice.status == InvoiceStatus::Void {
        return Err(ApiError::new(Code::Conflict, "The invoice is void: there is nothing to take back."));
    }
    if invoice.currency != amount.currency.code() {
        return Err(ApiError::new(Code::RuleViolation, "A refund is made in the invoice's currency."));
    }
    let Some(lines) = rules::credit(&left(scope, &invoice).await?, amount.minor) else {
        let left = invoice.total_cents - invoice.credited_cents;
        let error = ApiError::new(Code::RefundExceedsPayment, format!("{left} are left of the invoice."));
        return Err(error.with("refundable_cents", left));
    };
    let of = invoice.reference.clone().unwrap_or_default();
    let lines: Vec<Item> = lines
        .into_iter()
        .map(|(tax_bps, parts)| Item {
            description: format!("Credit for {of}"),
            quantity: 1,
            unit: parts.total,
            discount: 0,
            tax_bps,
            parts,
        })
        .collect();
    let total = sum(lines.iter().map(|line| &line.parts)).ok_or_else(|| ApiError::internal("a credit does not fit"))?;
    let (seller, head) = party::seller(scope).await?;
    let id = InvoiceId(scope.new_id());
    let document = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(id),
        kind: Set(InvoiceKind::CreditNote),
        status: Set(InvoiceStatus::Draft),
        customer_id: Set(invoice.customer_id),
        booking_id: Set(invoice.booking_id),
        payment_id: Set(invoice.payment_id),
        refund_id: Set(Some(refund_id)),
        invoice_id: Set(Some(invoice.id)),
        currency: Set(invoice.currency.clone()),
        subtotal_cents: Set(total.net),
        tax_cents: Set(total.tax),
        total_cents: Set(total.total),
        credited_cents: Set(0),
        seller: Set(super::issue::json(&seller)?),
        // whoever got the invoice gets its credit note
        buyer: Set(invoice.buyer.clone()),
        note: Set(head.invoicing.note),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
        ..Default::default()
    };
    if !draft(scope, document).await? {
        // a refund of another payment: none of ours calls it so
        return Err(ApiError::of(Code::Conflict));
    }
    items(scope, id, lines).await?;
    let credited = invoice.credited_cents + total.total;
    let mut change: ActiveModel = invoice.clone().into();
    change.credited_cents = Set(credited);
    if credited == invoice.total_cents {
        change.status = Set(InvoiceStatus::Credited);
    }
    change.updated_at = Set(scope.now());
    change.update(scope).await?;
    let document = row::find::<invoices::Entity>(scope, id.0).await?;
    number(scope, document, InvoiceStatus::Paid, &head.tz, Some(scope.now())).await.map(Some)
}

/// What is left of an invoice after its credit notes, rate by rate.
async fn left(scope: &Scope, invoice: &Model) -> Result<Vec<rules::Left>, ApiError> {
    use invoice_items::Column as Of;
    let notes = Entity::find().filter(Column::TenantId.eq(scope.tenant()?)).filter(Column::InvoiceId.eq(invoice.id));
    let mut documents: Vec<InvoiceId> = notes.all(scope).await?.into_iter().map(|note| note.id).collect();
    documents.push(invoice.id);
    let lines = invoice_items::Entity::find().filter(Of::TenantId.eq(scope.tenant()?));
    let lines = lines.filter(Of::InvoiceId.is_in(documents)).all(scope).await?;
    let mut rates: BTreeMap<u32, rules::Left> = BTreeMap::new();
    for line in lines {
        let tax_bps = line.tax_bps.unsigned_abs();
        let sign = if line.invoice_id == invoice.id { 1 } else { -1 };
        let rate = rates.entry(tax_bps).or_insert(rules::Left { tax_bps, tax: 0, total: 0 });
        rate.tax += sign * line.tax_cents;
        rate.total += sign * line.total_cents;
    }
    Ok(rates.into_values().filter(|rate| rate.total > 0).collect())
}
