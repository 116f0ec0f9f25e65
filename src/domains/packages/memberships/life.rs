//! The life of a membership: begun when its first period is paid, renewed period by period, paused, resumed, ended.

use ::entity::credits;
use ::entity::customer_memberships::{ActiveModel, Column, Entity, Model};
use ::entity::enums::{BookingSource, CreditAccountKind, MembershipStatus, PaidWith, PlanGrant, PurchaseKind};
use ::entity::ids::{CustomerId, CustomerMembershipId, PackageId};
use ::entity::{membership_plans, purchases};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::events;
use super::rules::Anchor;
use crate::db::{Scope, row};
use crate::domains::packages::purchases::{NewPurchase, call_off, make};
use crate::domains::packages::{credits as told, ledger};
use crate::error::{ApiError, Code};
use crate::kernel::zone::Zone;

/// Begins a membership for a customer: its first period waits to be paid, or is paid at once.
///
/// # Errors
/// When the database cannot answer.
pub async fn join(
    scope: &Scope,
    plan: &membership_plans::Model,
    customer: CustomerId,
    zone: &Zone,
    with: PaidWith,
) -> Result<Model, ApiError> {
    let membership = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(CustomerMembershipId(scope.new_id())),
        customer_id: Set(customer),
        plan_id: Set(plan.id),
        status: Set(MembershipStatus::Pending),
        tz: Set(zone.name().to_owned()),
        anchor: Set(None),
        anchor_period: Set(0),
        period: Set(0),
        period_ends: Set(None),
        paused_at: Set(None),
        ends_then: Set(false),
        ended_at: Set(None),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    };
    let membership = membership.insert(scope).await?;
    scope.emit(events::created(&membership));
    buy(scope, plan, &membership, with).await?;
    row::find::<Entity>(scope, membership.id.0).await
}

/// A period was paid: answers until when what it gives is good. The first one begins the membership.
///
/// # Errors
/// 409 when the membership has ended: the money is to go back.
pub async fn paid(scope: &Scope, id: CustomerMembershipId) -> Result<DateTime<Utc>, ApiError> {
    let membership = hold(scope, id.0).await?;
    match (membership.status, membership.period_ends) {
        (MembershipStatus::Active | MembershipStatus::Paused, Some(ends)) => Ok(ends),
        (MembershipStatus::Pending, _) => {
            let zone = zone(&membership)?;
            let plan = plan_of(scope, &membership).await?;
            let anchor = Anchor::now(&zone, scope.now());
            let ends = end_of(anchor, 0, &plan, &zone)?;
            let mut begun = membership.into_active_model();
            begun.status = Set(MembershipStatus::Active);
            begun.anchor = Set(Some(anchor.date));
            begun.anchor_period = Set(anchor.period);
            begun.period_ends = Set(Some(ends));
            scope.emit(events::begun(&save(scope, begun).await?));
            Ok(ends)
        }
        _ => Err(ApiError::new(Code::Conflict, "The membership has ended.")),
    }
}

/// Begins the next period of a membership whose period is over, or ends it: when it was canceled, and when nobody paid
/// for the period. What is left of the old one goes over as far as the plan says.
///
/// # Errors
/// When the database cannot answer.
pub async fn renew(scope: &Scope, id: CustomerMembershipId) -> Result<bool, ApiError> {
    let membership = hold(scope, id.0).await?;
    let over = membership.period_ends.is_some_and(|ends| ends <= scope.now());
    if membership.status != MembershipStatus::Active || !over {
        return Ok(false);
    }
    if membership.ends_then || waiting(scope, &membership).await?.is_some() {
        end(scope, membership).await?;
        return Ok(true);
    }
    let (plan, zone) = (plan_of(scope, &membership).await?, zone(&membership)?);
    let period = membership.period.saturating_add(1);
    let ends = end_of(anchor(&membership)?, period, &plan, &zone)?;
    carry_over(scope, &membership, plan.carry_over_cap, ends).await?;
    let mut next = membership.into_active_model();
    next.period = Set(period);
    next.period_ends = Set(Some(ends));
    let membership = save(scope, next).await?;
    scope.emit(events::renewed(&membership));
    buy(scope, &plan, &membership, PaidWith::Payment).await?;
    Ok(true)
}

/// Stops the clock of a membership.
///
/// # Errors
/// 404; 409 unless it is active.
pub async fn pause(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    let membership = hold(scope, id).await?;
    if membership.status != MembershipStatus::Active {
        return Err(elsewhere(&membership, "paused"));
    }
    let mut membership = membership.into_active_model();
    membership.status = Set(MembershipStatus::Paused);
    membership.paused_at = Set(Some(scope.now()));
    let membership = save(scope, membership).await?;
    scope.emit(events::paused(&membership));
    Ok(membership)
}

/// Lets the clock go on: what was left of the period is left of it still.
///
/// # Errors
/// 404; 409 unless it is paused.
pub async fn resume(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    let membership = hold(scope, id).await?;
    let Some((paused, ends)) = membership.paused_at.zip(membership.period_ends) else {
        return Err(elsewhere(&membership, "resumed"));
    };
    let (plan, zone) = (plan_of(scope, &membership).await?, zone(&membership)?);
    let anchor = Anchor::resumed(&zone, scope.now(), ends - paused, membership.period);
    let anchor = anchor.ok_or_else(|| ApiError::internal("a period beyond the calendar"))?;
    let ends = end_of(anchor, membership.period, &plan, &zone)?;
    prolong(scope, membership.id, ends).await?;
    let mut membership = membership.into_active_model();
    membership.status = Set(MembershipStatus::Active);
    membership.paused_at = Set(None);
    membership.anchor = Set(Some(anchor.date));
    membership.anchor_period = Set(anchor.period);
    membership.period_ends = Set(Some(ends));
    let membership = save(scope, membership).await?;
    scope.emit(events::resumed(&membership));
    Ok(membership)
}

/// Ends a membership with its period, or at once. What is left of it stays good as long as it was.
///
/// # Errors
/// 404; 409 when it has ended.
pub async fn cancel(scope: &Scope, id: Uuid, at_once: bool) -> Result<Model, ApiError> {
    let membership = hold(scope, id).await?;
    match membership.status {
        MembershipStatus::Ended => Err(elsewhere(&membership, "canceled")),
        MembershipStatus::Active if !at_once => {
            let mut membership = membership.into_active_model();
            membership.ends_then = Set(true);
            let membership = save(scope, membership).await?;
            scope.emit(events::canceled(&membership));
            Ok(membership)
        }
        _ => end(scope, membership).await,
    }
}

async fn end(scope: &Scope, membership: Model) -> Result<Model, ApiError> {
    if let Some(purchase) = waiting(scope, &membership).await? {
        call_off(scope, purchase.id.0).await?;
    }
    let mut membership = membership.into_active_model();
    membership.status = Set(MembershipStatus::Ended);
    membership.paused_at = Set(None);
    membership.ended_at = Set(Some(scope.now()));
    let membership = save(scope, membership).await?;
    scope.emit(events::ended(&membership));
    Ok(membership)
}

/// What of the old period is more than may go over expires; the rest is good as long as the new one.
async fn carry_over(scope: &Scope, membership: &Model, cap: Option<i32>, ends: DateTime<Utc>) -> Result<(), ApiError> {
    if let Some(cap) = cap {
        let theirs = Condition::all().add(credits::Column::MembershipId.eq(membership.id));
        let lost = ledger::expire(scope, theirs, cap.into()).await?;
        if lost > 0 {
            scope.emit(told::expired(membership.customer_id, lost));
        }
    }
    prolong(scope, membership.id, ends).await
}

async fn prolong(scope: &Scope, membership: CustomerMembershipId, ends: DateTime<Utc>) -> Result<(), ApiError> {
    credits::Entity::update_many()
        .col_expr(credits::Column::ExpiresAt, Expr::value(ends))
        .col_expr(credits::Column::UpdatedAt, Expr::value(scope.now()))
        .filter(credits::Column::TenantId.eq(scope.tenant()?))
        .filter(credits::Column::Kind.eq(CreditAccountKind::Lot))
        .filter(credits::Column::MembershipId.eq(membership))
        .filter(credits::Column::SweptAt.is_null())
        .exec(scope)
        .await?;
    Ok(())
}

async fn buy(
    scope: &Scope,
    plan: &membership_plans::Model,
    membership: &Model,
    with: PaidWith,
) -> Result<(), ApiError> {
    let package: Option<PackageId> = plan.package_id.filter(|_| plan.grants == PlanGrant::Sessions);
    let purchase = NewPurchase {
        customer: membership.customer_id,
        kind: PurchaseKind::Membership,
        package,
        membership: Some((membership.id, membership.period)),
        quantity: plan.quantity.into(),
        valid_days: None,
        description: plan.name.clone(),
        amount_cents: plan.price_cents,
        currency: plan.currency.clone(),
        source: BookingSource::Staff,
    };
    make(scope, purchase, with).await?;
    Ok(())
}

/// The purchase of the present period, while it waits to be paid.
async fn waiting(scope: &Scope, membership: &Model) -> Result<Option<purchases::Model>, ApiError> {
    use purchases::{Column, Entity};
    let find = Entity::find()
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::MembershipId.eq(membership.id))
        .filter(Column::Period.eq(membership.period))
        .filter(Column::Status.eq(::entity::enums::PurchaseStatus::Pending));
    Ok(find.one(scope).await?)
}

async fn plan_of(scope: &Scope, membership: &Model) -> Result<membership_plans::Model, ApiError> {
    use membership_plans::{Column, Entity};
    let find = Entity::find().filter(Column::TenantId.eq(scope.tenant()?)).filter(Column::Id.eq(membership.plan_id));
    find.one(scope).await?.ok_or_else(|| ApiError::internal("a membership without a plan"))
}

/// One membership, locked.
pub async fn hold(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    let found = row::live::<Entity>(scope)?.filter(Column::Id.eq(id)).lock_exclusive().one(scope).await?;
    found.ok_or_else(|| ApiError::of(Code::MembershipNotFound))
}

async fn save(scope: &Scope, mut membership: ActiveModel) -> Result<Model, ApiError> {
    membership.updated_at = Set(scope.now());
    Ok(membership.update(scope).await?)
}

fn anchor(membership: &Model) -> Result<Anchor, ApiError> {
    let date = membership.anchor.ok_or_else(|| ApiError::internal("a membership that has not begun"))?;
    Ok(Anchor { date, period: membership.anchor_period })
}

fn end_of(anchor: Anchor, period: i32, plan: &membership_plans::Model, zone: &Zone) -> Result<DateTime<Utc>, ApiError> {
    let months = u32::try_from(plan.period_months).unwrap_or(1);
    anchor.end_of(period, months, zone).ok_or_else(|| ApiError::internal("a period beyond the calendar"))
}

fn zone(membership: &Model) -> Result<Zone, ApiError> {
    Zone::parse(&membership.tz).map_err(ApiError::internal)
}

fn elsewhere(membership: &Model, done: &str) -> ApiError {
    let detail = format!("A membership that is {} cannot be {done}.", membership.status);
    ApiError::new(Code::Conflict, detail).with("state", membership.status.as_str())
}
