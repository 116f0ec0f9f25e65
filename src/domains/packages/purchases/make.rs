//! Makes purchases, finds them, and calls them off.

use ::entity::enums::{BookingSource, PaidWith, PurchaseKind, PurchaseStatus};
use ::entity::ids::{CustomerId, CustomerMembershipId, PackageId, PurchaseId};
use ::entity::packages;
use ::entity::purchases::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::dto::Purchase;
use super::{events, pay};
use crate::db::keyset::{self, Filter, Walk};
use crate::db::{Scope, row};
use crate::error::{ApiError, Code};
use crate::guard::Listing;

/// What a list of purchases is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct PurchaseFilter {
    pub customer_id: Option<Uuid>,
    pub status: Option<PurchaseStatus>,
}

impl Filter<Entity> for PurchaseFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(self.customer_id.map(|customer| Column::CustomerId.eq(customer)))
            .add_option(self.status.map(|status| Column::Status.eq(status)))
    }
}

/// Something to be bought.
#[derive(Clone, Debug)]
pub struct NewPurchase {
    pub customer: CustomerId,
    pub kind: PurchaseKind,
    pub package: Option<PackageId>,
    /// The membership, and which of its periods it is for.
    pub membership: Option<(CustomerMembershipId, i32)>,
    /// Sessions or credits.
    pub quantity: i64,
    pub valid_days: Option<i32>,
    pub description: String,
    pub amount_cents: i64,
    pub currency: String,
    pub source: BookingSource,
}

impl NewPurchase {
    /// A package on the terms of today.
    pub fn of_package(package: packages::Model, customer: CustomerId, source: BookingSource) -> Self {
        Self {
            customer,
            kind: PurchaseKind::Package,
            package: Some(package.id),
            membership: None,
            quantity: package.sessions.into(),
            valid_days: package.valid_days,
            description: package.name,
            amount_cents: package.price_cents,
            currency: package.currency,
            source,
        }
    }
}

/// A page of purchases.
pub async fn list(
    scope: &Scope,
    walk: Walk<'_, Entity>,
    filter: &PurchaseFilter,
) -> Result<Listing<Purchase>, ApiError> {
    keyset::list(scope, walk, filter, Purchase::from).await
}

/// One purchase.
pub async fn get(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    row::find::<Entity>(scope, id).await
}

/// Makes a purchase. One that costs nothing is given at once, one that is paid at the counter is paid.
pub async fn make(scope: &Scope, new: NewPurchase, with: PaidWith) -> Result<Model, ApiError> {
    let with = if new.amount_cents == 0 { PaidWith::Given } else { with };
    let (membership, period) = new.membership.unzip();
    let purchase = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(PurchaseId(scope.new_id())),
        customer_id: Set(new.customer),
        kind: Set(new.kind),
        package_id: Set(new.package),
        membership_id: Set(membership),
        quantity: Set(new.quantity),
        valid_days: Set(new.valid_days),
        period: Set(period),
        description: Set(new.description),
        amount_cents: Set(new.amount_cents),
        currency: Set(new.currency),
        status: Set(PurchaseStatus::Pending),
        paid_with: Set(None),
        payment_id: Set(None),
        source: Set(new.source),
        paid_at: Set(None),
        undone_at: Set(None),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    };
    let purchase = purchase.insert(scope).await?;
    scope.emit(events::created(&purchase));
    match with {
        PaidWith::Payment => Ok(purchase),
        PaidWith::Cash | PaidWith::Given => pay::settle(scope, purchase, with, None).await,
    }
}

/// Settles at the counter what waits to be paid.
///
/// # Errors
/// 404; 409 when it does not wait.
pub async fn settle(scope: &Scope, id: Uuid, with: PaidWith) -> Result<Model, ApiError> {
    let purchase = pay::hold(scope, id).await?;
    if purchase.status != PurchaseStatus::Pending {
        return Err(pay::settled(&purchase));
    }
    pay::settle(scope, purchase, with, None).await
}

/// Calls off what waits to be paid. Done once; a repeat finds it done.
///
/// # Errors
/// 404; 409 when it is paid.
pub async fn cancel(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    let purchase = pay::hold(scope, id).await?;
    match purchase.status {
        PurchaseStatus::Canceled => Ok(purchase),
        PurchaseStatus::Pending => {
            let mut purchase = purchase.into_active_model();
            purchase.status = Set(PurchaseStatus::Canceled);
            purchase.updated_at = Set(scope.now());
            let purchase = purchase.update(scope).await?;
            scope.emit(events::canceled(&purchase));
            Ok(purchase)
        }
        PurchaseStatus::Paid | PurchaseStatus::Undone => Err(pay::settled(&purchase)),
    }
}

/// Takes back what was settled at the counter: what is left of it is gone, the money is the business's to give back.
///
/// # Errors
/// 404; 409 when it is not paid, or was paid by a payment, which is refunded instead.
pub async fn undo(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    let purchase = pay::hold(scope, id).await?;
    if purchase.paid_with == Some(PaidWith::Payment) {
        return Err(ApiError::new(Code::Conflict, "A payment paid for it: refund the payment."));
    }
    match purchase.status {
        PurchaseStatus::Undone => Ok(purchase),
        PurchaseStatus::Paid => pay::take_back(scope, purchase).await,
        PurchaseStatus::Pending | PurchaseStatus::Canceled => Err(pay::settled(&purchase)),
    }
}
