//! The verbs on invoices, one file each.

mod credit;
mod issue;
mod number;
mod read;
mod settle;

pub use credit::credit_note;
pub use issue::{NewInvoice, NewLine, issue};
pub use read::{InvoiceFilter, Whole, list, of_booking, of_bookings, whole};
pub use settle::{settle, void};

use ::entity::ids::InvoiceId;
use ::entity::invoice_items;
use ::entity::invoices::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, TryInsertResult};

use super::rules::Parts;
use crate::db::Scope;
use crate::error::ApiError;

/// A line before it is written.
struct Item {
    description: String,
    quantity: u32,
    unit: i64,
    discount: i64,
    tax_bps: u32,
    parts: Parts,
}

/// The tenant's only document with this property, locked until the transaction ends.
async fn locked(scope: &Scope, which: Condition) -> Result<Option<Model>, ApiError> {
    let found = Entity::find().filter(Column::TenantId.eq(scope.tenant()?)).filter(which);
    Ok(found.lock(LockType::Update).one(scope).await?)
}

/// Writes a draft; false when another document is there already that excludes it. Whoever writes that one at the same
/// time is waited for.
async fn draft(scope: &Scope, row: ActiveModel) -> Result<bool, ApiError> {
    // whatever the conflict is with: its payment or its refund
    let insert = Entity::insert(row).on_conflict(OnConflict::new().do_nothing().to_owned()).try_insert();
    match insert.exec_without_returning(scope).await? {
        TryInsertResult::Inserted(rows) => Ok(rows > 0),
        TryInsertResult::Conflicted | TryInsertResult::Empty => Ok(false),
    }
}

/// Writes the lines of a draft.
async fn items(scope: &Scope, draft: InvoiceId, items: Vec<Item>) -> Result<(), ApiError> {
    let mut rows = Vec::with_capacity(items.len());
    for (position, item) in (1..).zip(items) {
        rows.push(invoice_items::ActiveModel {
            tenant_id: Set(scope.tenant()?),
            id: Set(scope.new_id().into()),
            invoice_id: Set(draft),
            position: Set(position),
            description: Set(item.description),
            quantity: Set(i32::try_from(item.quantity).map_err(ApiError::internal)?),
            unit_cents: Set(item.unit),
            discount_cents: Set(item.discount),
            tax_bps: Set(i32::try_from(item.tax_bps).map_err(ApiError::internal)?),
            net_cents: Set(item.parts.net),
            tax_cents: Set(item.parts.tax),
            total_cents: Set(item.parts.total),
            created_at: Set(scope.now()),
        });
    }
    invoice_items::Entity::insert_many(rows).exec_without_returning(scope).await?;
    Ok(())
}

/// The sum of lines; none when it does not fit.
fn sum<'a>(mut parts: impl Iterator<Item = &'a Parts>) -> Option<Parts> {
    parts.try_fold(Parts::default(), |all, one| {
        let net = all.net.checked_add(one.net)?;
        let tax = all.tax.checked_add(one.tax)?;
        Some(Parts { net, tax, total: net.checked_add(tax)? })
    })
}
