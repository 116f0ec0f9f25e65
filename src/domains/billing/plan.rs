//! What is for sale.

use ::entity::enums::{PlanProduct, PlanTier};
use ::entity::ids::PlanId;
use ::entity::plans::{Column, Entity, Model};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value;

use super::held::Held;
use super::rules::fit::Limits;
use crate::db::Scope;
use crate::error::{ApiError, Code};
use crate::kernel::money::{Currency, Money};

/// The plans of one product, from the smallest; those that are not sold any more too, for who has them.
#[derive(Clone, Debug)]
pub struct Plans(Vec<Model>);

impl Plans {
    /// All of a product.
    pub async fn of(scope: &Scope, product: PlanProduct) -> Result<Self, ApiError> {
        let found = Entity::find().filter(Column::Product.eq(product)).order_by_asc(Column::Position);
        Ok(Self(found.all(scope).await?))
    }

    /// Those that are sold.
    pub fn sold(&self) -> impl Iterator<Item = &Model> {
        self.0.iter().filter(|plan| plan.is_active)
    }

    /// One that somebody has.
    pub fn get(&self, id: PlanId) -> Result<&Model, ApiError> {
        self.0.iter().find(|plan| plan.id == id).ok_or_else(|| ApiError::internal("a subscription has no plan"))
    }

    /// One that is to be bought.
    pub fn wanted(&self, tier: PlanTier) -> Result<&Model, ApiError> {
        self.sold().find(|plan| plan.tier == tier).ok_or_else(|| {
            let detail = "This plan is not for sale here.";
            ApiError::new(Code::RuleViolation, detail).with_field("#/plan", "unknown", detail)
        })
    }

    /// What everybody has who has bought nothing, where there is such a plan.
    pub fn free(&self) -> Option<&Model> {
        self.sold().find(|plan| plan.price_cents == Some(0))
    }
}

/// The limits as a table holds them.
#[must_use]
pub fn limits(json: &Value) -> Limits {
    let pairs = json.as_object().into_iter().flatten();
    Limits::of(pairs.map(|(name, limit)| (name.clone(), limit.as_i64())))
}

/// What holds for somebody: the plan's, and what was agreed beside it.
#[must_use]
pub fn limits_for(plan: &Model, held: &Held) -> Limits {
    let own = held.custom_limits.as_ref().filter(|_| agreed(plan, held));
    limits(&plan.limits).under(own.map(limits).unwrap_or_default())
}

/// What was agreed holds for the plan that somebody has, and for the one that is made by agreement.
fn agreed(plan: &Model, held: &Held) -> bool {
    plan.id == held.plan_id || plan.price_cents.is_none()
}

/// What a plan costs somebody a month; none is by agreement, and nothing is agreed.
#[must_use]
pub fn price_for(plan: &Model, held: &Held) -> Option<Money> {
    let own = held.custom_price_cents.filter(|_| agreed(plan, held));
    Some(Money::new(own.or(plan.price_cents)?, Currency::new(&plan.currency)?))
}
