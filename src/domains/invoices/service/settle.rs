//! What becomes of an open invoice.

use ::entity::enums::{InvoiceKind, InvoiceStatus};
use ::entity::invoices::{ActiveModel, Column, Model};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition};
use uuid::Uuid;

use super::locked;
use crate::db::Scope;
use crate::domains::invoices::events;
use crate::error::ApiError;

/// The invoice of a payment was paid. Safe to call again; none when there is no invoice.
///
/// # Errors
/// When the database cannot answer.
pub async fn settle(scope: &Scope, payment_id: Uuid, paid_at: DateTime<Utc>) -> Result<Option<Model>, ApiError> {
    let Some(open) = open(scope, payment_id).await? else { return Ok(None) };
    if open.status != InvoiceStatus::Open {
        return Ok(Some(open));
    }
    let mut change: ActiveModel = open.into();
    change.status = Set(InvoiceStatus::Paid);
    change.paid_at = Set(Some(paid_at));
    change.updated_at = Set(scope.now());
    let paid = change.update(scope).await?;
    scope.emit(events::paid(&paid));
    Ok(Some(paid))
}

/// The invoice of a payment will never be paid. One that was paid or credited stays as it is; none when there is no
/// invoice.
///
/// # Errors
/// When the database cannot answer.
pub async fn void(scope: &Scope, payment_id: Uuid) -> Result<Option<Model>, ApiError> {
    let Some(open) = open(scope, payment_id).await? else { return Ok(None) };
    if open.status != InvoiceStatus::Open || open.credited_cents > 0 {
        return Ok(Some(open));
    }
    let mut change: ActiveModel = open.into();
    change.status = Set(InvoiceStatus::Void);
    change.voided_at = Set(Some(scope.now()));
    change.updated_at = Set(scope.now());
    let void = change.update(scope).await?;
    scope.emit(events::voided(&void));
    Ok(Some(void))
}

async fn open(scope: &Scope, payment_id: Uuid) -> Result<Option<Model>, ApiError> {
    let billed = Condition::all().add(Column::PaymentId.eq(payment_id)).add(Column::Kind.eq(InvoiceKind::Invoice));
    locked(scope, billed).await
}
