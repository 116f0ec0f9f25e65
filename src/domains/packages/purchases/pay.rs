//! A purchase is paid, or its money goes back. The row is locked, so that what it gives is granted once, by whoever is
//! first to say that it is paid.

use ::entity::enums::{CreditMove, PaidWith, PurchaseKind, PurchaseStatus};
use ::entity::ids::PurchaseId;
use ::entity::purchases::{Column, Entity, Model};
use chrono::TimeDelta;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::events;
use crate::db::{Scope, row};
use crate::domains::packages::ledger::{self, NewLot};
use crate::domains::packages::memberships;
use crate::error::{ApiError, Code};
use crate::kernel::money::{Currency, Due, Money};

/// What is to be paid for a purchase that waits.
///
/// # Errors
/// 404; 409 when it does not wait.
pub async fn purchase_due(scope: &Scope, id: PurchaseId) -> Result<Due, ApiError> {
    let purchase = row::find::<Entity>(scope, id.0).await?;
    if purchase.status != PurchaseStatus::Pending {
        return Err(settled(&purchase));
    }
    let currency =
        Currency::new(&purchase.currency).ok_or_else(|| ApiError::internal("a purchase without a currency"))?;
    let amount = Money::new(purchase.amount_cents, currency);
    Ok(Due { customer: purchase.customer_id, amount, description: purchase.description })
}

/// The purchase is paid: what it gives is granted. Done once for a payment.
///
/// # Errors
/// 404; 409 when it was paid otherwise or called off meanwhile: the money is to go back.
pub async fn purchase_paid(scope: &Scope, id: PurchaseId, payment: Uuid) -> Result<(), ApiError> {
    let purchase = hold(scope, id.0).await?;
    if purchase.payment_id == Some(payment) {
        return Ok(());
    }
    if purchase.status != PurchaseStatus::Pending {
        return Err(settled(&purchase));
    }
    settle(scope, purchase, PaidWith::Payment, Some(payment)).await?;
    Ok(())
}

/// The payment of a purchase was given back: what is left of it is taken back. Done once for a payment.
///
/// # Errors
/// 404.
pub async fn purchase_undone(scope: &Scope, id: PurchaseId, payment: Uuid) -> Result<(), ApiError> {
    let purchase = hold(scope, id.0).await?;
    if purchase.payment_id == Some(payment) && purchase.status == PurchaseStatus::Paid {
        take_back(scope, purchase).await?;
    }
    Ok(())
}

/// One purchase, locked; its membership before it, as the round that renews it does.
pub(super) async fn hold(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    if let Some(membership) = row::find::<Entity>(scope, id).await?.membership_id {
        memberships::hold(scope, membership.0).await?;
    }
    let found = row::live::<Entity>(scope)?.filter(Column::Id.eq(id)).lock_exclusive().one(scope).await?;
    found.ok_or_else(|| ApiError::of(Code::PurchaseNotFound))
}

/// Grants what a purchase gives that waits and is locked.
pub(super) async fn settle(
    scope: &Scope,
    purchase: Model,
    with: PaidWith,
    payment: Option<Uuid>,
) -> Result<Model, ApiError> {
    let mut purchase = purchase.into_active_model();
    purchase.status = Set(PurchaseStatus::Paid);
    purchase.paid_with = Set(Some(with));
    purchase.payment_id = Set(payment);
    purchase.paid_at = Set(Some(scope.now()));
    purchase.updated_at = Set(scope.now());
    let purchase = purchase.update(scope).await?;
    let days = purchase.valid_days.map(|days| TimeDelta::days(days.into()));
    let expires_at = match purchase.kind {
        PurchaseKind::Package | PurchaseKind::Credits => days.and_then(|days| scope.now().checked_add_signed(days)),
        PurchaseKind::Membership => None,
    };
    let expires_at = match purchase.membership_id {
        Some(membership) => Some(memberships::paid(scope, membership).await?),
        None => expires_at,
    };
    let lot = NewLot {
        customer: purchase.customer_id,
        amount: purchase.quantity,
        package: purchase.package_id,
        purchase: Some(purchase.id),
        membership: purchase.membership_id,
        expires_at,
    };
    ledger::grant(scope, lot, CreditMove::Purchase, None).await?;
    scope.emit(events::paid(&purchase));
    Ok(purchase)
}

/// Takes back what is left of a purchase that is paid and locked.
pub(super) async fn take_back(scope: &Scope, purchase: Model) -> Result<Model, ApiError> {
    let taken = ledger::take_rest(scope, purchase.id).await?;
    let mut purchase = purchase.into_active_model();
    purchase.status = Set(PurchaseStatus::Undone);
    purchase.undone_at = Set(Some(scope.now()));
    purchase.updated_at = Set(scope.now());
    let purchase = purchase.update(scope).await?;
    scope.emit(events::undone(&purchase, taken));
    Ok(purchase)
}

pub(super) fn settled(purchase: &Model) -> ApiError {
    let detail = match purchase.status {
        PurchaseStatus::Pending => "It is not paid yet.",
        PurchaseStatus::Paid => "It is paid already.",
        PurchaseStatus::Undone => "Its money has gone back.",
        PurchaseStatus::Canceled => "It was called off.",
    };
    ApiError::new(Code::Conflict, detail).with("state", purchase.status.as_str())
}
