//! What can be done with units: grant, consume, give back, expire.

use ::entity::credit_transactions as transactions;
use ::entity::credits::{ActiveModel, Column, Entity, Model};
use ::entity::enums::{CreditAccountKind, CreditMove, CreditUnit};
use ::entity::ids::{BookingId, CreditAccountId, CustomerId, CustomerMembershipId, PackageId, PurchaseId};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use super::entries::{self, About};
use super::rules::{self, Lot};
use crate::db::Scope;
use crate::error::{ApiError, Code};

/// What somebody gets at once.
#[derive(Clone, Copy, Debug)]
pub struct NewLot {
    pub customer: CustomerId,
    pub amount: i64,
    /// The package that its sessions are of; `None` makes it credits.
    pub package: Option<PackageId>,
    pub purchase: Option<PurchaseId>,
    pub membership: Option<CustomerMembershipId>,
    pub expires_at: Option<DateTime<Utc>>,
}

/// Which of somebody's lots are meant.
#[derive(Clone, Copy, Debug)]
pub struct Lots {
    pub customer: CustomerId,
    /// Sessions of this package, or credits.
    pub package: Option<PackageId>,
}

/// Gives units: a lot of its own, so that it can expire on its own.
///
/// # Errors
/// When the database cannot answer.
pub async fn grant(
    scope: &Scope,
    new: NewLot,
    kind: CreditMove,
    reason: Option<String>,
) -> Result<CreditAccountId, ApiError> {
    let unit = unit(new.package);
    let lot = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(CreditAccountId(scope.new_id())),
        kind: Set(CreditAccountKind::Lot),
        unit: Set(unit),
        customer_id: Set(Some(new.customer)),
        purchase_id: Set(new.purchase),
        package_id: Set(new.package),
        membership_id: Set(new.membership),
        expires_at: Set(new.expires_at),
        swept_at: Set(None),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    };
    let lot = lot.insert(scope).await?.id;
    let from = entries::own(scope, CreditAccountKind::Issued, unit).await?;
    let about = About { kind, booking: None, purchase: new.purchase, reason };
    entries::write(scope, &[(from, -new.amount), (lot, new.amount)], &about).await?;
    Ok(lot)
}

/// Uses units, first what expires first; answers the movement.
///
/// # Errors
/// 409 `CREDITS_INSUFFICIENT` with what there is.
pub async fn consume(
    scope: &Scope,
    lots: Lots,
    amount: i64,
    booking: Option<BookingId>,
    reason: Option<String>,
) -> Result<Uuid, ApiError> {
    let held = locked(scope, usable(scope, lots)?).await?;
    let drawn = rules::draw(&held, amount).map_err(|short| insufficient(lots, short.has))?;
    let to = entries::own(scope, CreditAccountKind::Used, unit(lots.package)).await?;
    let mut parts: Vec<_> = drawn.into_iter().map(|(lot, part)| (lot, -part)).collect();
    parts.push((to, amount));
    let about = About { kind: CreditMove::Consume, booking, purchase: None, reason };
    entries::write(scope, &parts, &about).await
}

/// Undoes a movement: to each lot what was taken from it. Whoever calls it makes sure that it happens once.
///
/// # Errors
/// When the database cannot answer.
pub async fn give_back(scope: &Scope, movement: Uuid) -> Result<(), ApiError> {
    let taken = transactions::Entity::find()
        .filter(transactions::Column::TenantId.eq(scope.tenant()?))
        .filter(transactions::Column::MovementId.eq(movement))
        .all(scope)
        .await?;
    let parts: Vec<_> = taken.iter().map(|entry| (entry.account_id, -entry.amount)).collect();
    let booking = taken.iter().find_map(|entry| entry.booking_id);
    let about = About { kind: CreditMove::GiveBack, booking, purchase: None, reason: None };
    entries::write(scope, &parts, &about).await?;
    // what came back to a lot that has expired expires again
    Entity::update_many()
        .col_expr(Column::SweptAt, Expr::value(Option::<DateTime<Utc>>::None))
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::Id.is_in(parts.iter().map(|(account, _)| *account)))
        .filter(Column::SweptAt.is_not_null())
        .exec(scope)
        .await?;
    Ok(())
}

/// What somebody can use now.
///
/// # Errors
/// When the database cannot answer.
pub async fn held(scope: &Scope, customer: CustomerId) -> Result<Vec<(Model, i64)>, ApiError> {
    let lots = live(scope)?.filter(Column::CustomerId.eq(customer));
    let lots = lots.order_by_asc(Column::ExpiresAt).order_by_asc(Column::Id).all(scope).await?;
    let balances = entries::balances(scope, &ids(&lots)).await?;
    let with = |lot: Model| {
        let balance = balances.get(&lot.id).copied().unwrap_or_default();
        (lot, balance)
    };
    Ok(lots.into_iter().map(with).filter(|(_, balance)| *balance > 0).collect())
}

/// Takes back what is left of a purchase that was undone.
///
/// # Errors
/// When the database cannot answer.
pub async fn take_rest(scope: &Scope, purchase: PurchaseId) -> Result<i64, ApiError> {
    let lots = Entity::find()
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::Kind.eq(CreditAccountKind::Lot))
        .filter(Column::PurchaseId.eq(purchase));
    empty(scope, lots, CreditAccountKind::Issued, CreditMove::Undo, i64::MAX).await
}

/// Lets lots expire that are due, all but `keep` of what they hold; answers how much was lost. Whether they are due is
/// the caller's question.
///
/// # Errors
/// When the database cannot answer.
pub async fn expire(scope: &Scope, lots: Condition, keep: i64) -> Result<i64, ApiError> {
    let lots = Entity::find()
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::Kind.eq(CreditAccountKind::Lot))
        .filter(lots);
    let held: i64 = locked(scope, lots.clone()).await?.iter().map(|lot| lot.balance).sum();
    empty(scope, lots, CreditAccountKind::Expired, CreditMove::Expire, held.saturating_sub(keep)).await
}

/// Moves at most so much out of lots, those that expire first, into one of the business's own accounts.
async fn empty(
    scope: &Scope,
    lots: Select<Entity>,
    into: CreditAccountKind,
    kind: CreditMove,
    most: i64,
) -> Result<i64, ApiError> {
    let rows = lots.clone().all(scope).await?;
    let mut left = most;
    let mut sum = 0;
    for unit in [CreditUnit::Credit, CreditUnit::Session] {
        let of_unit = lots.clone().filter(Column::Unit.eq(unit));
        let held = locked(scope, of_unit).await?;
        let all: i64 = held.iter().map(|lot| lot.balance).sum();
        let amount = all.min(left);
        if amount <= 0 {
            continue;
        }
        let Ok(drawn) = rules::draw(&held, amount) else { continue };
        let to = entries::own(scope, into, unit).await?;
        let mut parts: Vec<_> = drawn.into_iter().map(|(lot, part)| (lot, -part)).collect();
        parts.push((to, amount));
        let purchase = rows.iter().find_map(|lot| lot.purchase_id).filter(|_| kind == CreditMove::Undo);
        entries::write(scope, &parts, &About { kind, booking: None, purchase, reason: None }).await?;
        (left, sum) = (left - amount, sum + amount);
    }
    Ok(sum)
}

fn live(scope: &Scope) -> Result<Select<Entity>, ApiError> {
    let good = Condition::any().add(Column::ExpiresAt.is_null()).add(Column::ExpiresAt.gt(scope.now()));
    Ok(Entity::find()
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::Kind.eq(CreditAccountKind::Lot))
        .filter(good))
}

fn usable(scope: &Scope, lots: Lots) -> Result<Select<Entity>, ApiError> {
    let theirs = live(scope)?.filter(Column::CustomerId.eq(lots.customer)).filter(Column::Unit.eq(unit(lots.package)));
    Ok(match lots.package {
        Some(package) => theirs.filter(Column::PackageId.eq(package)),
        None => theirs,
    })
}

/// The lots, locked, and then summed: a statement of its own sees what those before us have left.
async fn locked(scope: &Scope, lots: Select<Entity>) -> Result<Vec<Lot>, ApiError> {
    let rows = lots.order_by_asc(Column::Id).lock(LockType::NoKeyUpdate).all(scope).await?;
    let balances = entries::balances(scope, &ids(&rows)).await?;
    let lot = |row: Model| Lot {
        id: row.id,
        balance: balances.get(&row.id).copied().unwrap_or_default(),
        expires_at: row.expires_at,
    };
    Ok(rows.into_iter().map(lot).collect())
}

fn ids(rows: &[Model]) -> Vec<CreditAccountId> {
    rows.iter().map(|row| row.id).collect()
}

fn unit(package: Option<PackageId>) -> CreditUnit {
    if package.is_some() { CreditUnit::Session } else { CreditUnit::Credit }
}

fn insufficient(lots: Lots, has: i64) -> ApiError {
    let units = if lots.package.is_some() { "sessions" } else { "credits" };
    ApiError::new(Code::CreditsInsufficient, format!("There are only {has} {units} left.")).with("balance", has)
}
