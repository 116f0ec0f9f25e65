//! The verbs on plans, and the lists.

use ::entity::customer_memberships as members;
use ::entity::enums::{MembershipStatus, PlanGrant};
use ::entity::ids::MembershipPlanId;
use ::entity::membership_plans::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::dto::{
    CustomerMembership, CustomerMembershipCreate, MembershipPlan, MembershipPlanCreate, MembershipPlanUpdate,
};
use super::{events, life};
use crate::db::keyset::{self, Filter, Walk};
use crate::db::{Scope, row};
use crate::domains::crm;
use crate::domains::packages::offers;
use crate::error::{ApiError, Code};
use crate::guard::{IfMatch, Listing};
use crate::kernel::zone::Zone;

/// What a list of plans is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct PlanFilter {
    pub active: Option<bool>,
}

impl Filter<Entity> for PlanFilter {
    fn condition(&self) -> Condition {
        Condition::all().add_option(self.active.map(|active| Column::Active.eq(active)))
    }
}

/// What a list of memberships is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct MemberFilter {
    pub customer_id: Option<Uuid>,
    pub status: Option<MembershipStatus>,
}

impl Filter<members::Entity> for MemberFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(self.customer_id.map(|customer| members::Column::CustomerId.eq(customer)))
            .add_option(self.status.map(|status| members::Column::Status.eq(status)))
    }
}

/// A page of plans.
pub async fn plans(
    scope: &Scope,
    walk: Walk<'_, Entity>,
    filter: &PlanFilter,
) -> Result<Listing<MembershipPlan>, ApiError> {
    keyset::list(scope, walk, filter, MembershipPlan::from).await
}

/// A page of memberships.
pub async fn list(
    scope: &Scope,
    walk: Walk<'_, members::Entity>,
    filter: &MemberFilter,
) -> Result<Listing<CustomerMembership>, ApiError> {
    keyset::list(scope, walk, filter, CustomerMembership::from).await
}

/// One membership.
pub async fn get(scope: &Scope, id: Uuid) -> Result<members::Model, ApiError> {
    row::find::<members::Entity>(scope, id).await
}

/// Makes a customer a member.
///
/// # Errors
/// 404 for a customer that is not there; 422 for a plan that is not sold and for a zone that is none.
pub async fn join(scope: &Scope, business_tz: &str, new: CustomerMembershipCreate) -> Result<members::Model, ApiError> {
    let customer = crm::known(scope, new.customer_id).await?;
    let plan = row::find::<Entity>(scope, new.plan_id).await.ok().filter(|plan| plan.active);
    let Some(plan) = plan else {
        let detail = "There is no such plan to be sold.";
        return Err(ApiError::new(Code::ReferenceNotFound, detail).with_field("#/plan_id", "not_found", detail));
    };
    let zone = Zone::parse(new.timezone.as_deref().unwrap_or(business_tz)).map_err(|_| {
        let detail = "Use a name of the IANA time zone database, such as Europe/Berlin.";
        ApiError::new(Code::RuleViolation, detail).with_field("#/timezone", "unknown", detail)
    })?;
    life::join(scope, &plan, customer, &zone, new.paid_with.into()).await
}

/// One plan.
pub async fn plan(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    row::find::<Entity>(scope, id).await
}

/// Makes a plan.
pub async fn create(scope: &Scope, currency: &str, new: MembershipPlanCreate) -> Result<Model, ApiError> {
    let package = match new.package_id {
        Some(id) => Some(offers::sold(scope, id).await.map_err(|_| {
            let detail = "There is no such package to be sold.";
            ApiError::new(Code::ReferenceNotFound, detail).with_field("#/package_id", "not_found", detail)
        })?),
        None => None,
    };
    let plan = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(MembershipPlanId(scope.new_id())),
        name: Set(new.name.into()),
        description: Set(new.description.map(Into::into)),
        grants: Set(if package.is_some() { PlanGrant::Sessions } else { PlanGrant::Credits }),
        quantity: Set(new.quantity),
        package_id: Set(package.map(|package| package.id)),
        period_months: Set(new.period_months),
        price_cents: Set(new.price_cents),
        currency: Set(new.currency.unwrap_or_else(|| currency.to_owned())),
        carry_over_cap: Set(new.carry_over_cap),
        active: Set(new.active),
        deleted_at: Set(None),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    };
    let plan = plan.insert(scope).await?;
    scope.emit(events::plan_created(&plan));
    Ok(plan)
}

/// Changes what the caller named; it counts from the next period on.
pub async fn update(scope: &Scope, id: Uuid, seen: &IfMatch, change: MembershipPlanUpdate) -> Result<Model, ApiError> {
    let old = row::lock::<Entity>(scope, id, seen).await?;
    let mut plan = old.clone().into_active_model();
    plan.name = Set(change.name.map_or(old.name, Into::into));
    plan.description = Set(change.description.map(Into::into).over(old.description));
    plan.price_cents = Set(change.price_cents.unwrap_or(old.price_cents));
    plan.carry_over_cap = Set(change.carry_over_cap.over(old.carry_over_cap));
    plan.active = Set(change.active.unwrap_or(old.active));
    plan.updated_at = Set(scope.now());
    let plan = plan.update(scope).await?;
    scope.emit(events::plan_updated(&plan));
    Ok(plan)
}

/// Takes a plan off the list; whoever is a member stays one.
pub async fn delete(scope: &Scope, id: Uuid, seen: &IfMatch) -> Result<(), ApiError> {
    let mut plan = row::lock::<Entity>(scope, id, seen).await?.into_active_model();
    plan.deleted_at = Set(Some(scope.now()));
    plan.updated_at = Set(scope.now());
    scope.emit(events::plan_deleted(&plan.update(scope).await?));
    Ok(())
}
