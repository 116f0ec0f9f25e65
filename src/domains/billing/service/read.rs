//! What somebody has, as it is shown.

use ::entity::enums::{PlanProduct, SubscriptionState};
use ::entity::plans::Model;

use super::usage::usage;
use crate::db::Scope;
use crate::domains::billing::held::{Held, Subject, find};
use crate::domains::billing::plan::{self, Plans};
use crate::domains::billing::rules::fit::{Limits, Usage};
use crate::domains::billing::rules::life::{self, Worth};
use crate::error::ApiError;
use crate::kernel::money::Money;

/// A subscription with all that follows from it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// None for a person who never had one.
    pub held: Option<Held>,
    /// What was chosen.
    pub plan: Model,
    pub pending: Option<Model>,
    pub price: Option<Money>,
    pub worth: Worth,
    /// What holds now: where the subscription is worth nothing, what everybody has.
    pub limits: Limits,
    pub features: Vec<String>,
    /// Of a business.
    pub usage: Usage,
}

/// All plans that are sold, of one product or of both.
pub async fn plans(scope: &Scope, product: Option<PlanProduct>) -> Result<Vec<Model>, ApiError> {
    let mut found = Vec::new();
    for one in PlanProduct::ALL.iter().filter(|one| product.is_none_or(|product| product == **one)) {
        found.extend(Plans::of(scope, *one).await?.sold().cloned());
    }
    Ok(found)
}

/// What the subject has now.
pub async fn show(scope: &Scope, subject: Subject) -> Result<Shown, ApiError> {
    let plans = Plans::of(scope, subject.product()).await?;
    let held = find(scope, subject).await?;
    let usage = match subject {
        Subject::Business => usage(scope).await?,
        Subject::Person(_) => Usage::new(),
    };
    let free = || plans.free().cloned().ok_or_else(|| ApiError::internal("there is no plan for whoever has none"));
    let Some(held) = held else {
        let plan = free()?;
        let limits = plan::limits(&plan.limits);
        let features = features(&plan);
        let price = plan
            .price_cents
            .and_then(|cents| Some(Money::new(cents, crate::kernel::money::Currency::new(&plan.currency)?)));
        return Ok(Shown { held: None, plan, pending: None, price, worth: Worth::Full, limits, features, usage });
    };
    let plan = plans.get(held.plan_id)?.clone();
    let pending = held.pending_plan_id.map(|id| plans.get(id)).transpose()?.cloned();
    let worth = worth(&held, &plan, scope);
    let (limits, features) = match (worth, plans.free()) {
        (Worth::Nothing, Some(free)) => (plan::limits(&free.limits), features(free)),
        (Worth::Nothing, None) => (plan::limits_for(&plan, &held), Vec::new()),
        _ => (plan::limits_for(&plan, &held), features(&plan)),
    };
    let price = plan::price_for(&plan, &held);
    Ok(Shown { held: Some(held), plan, pending, price, worth, limits, features, usage })
}

/// What is free needs nobody's word.
fn worth(held: &Held, plan: &Model, scope: &Scope) -> Worth {
    let free = plan.price_cents == Some(0) && held.state == SubscriptionState::Active;
    if free { Worth::Full } else { life::worth(held.provider_status, held.state, held.trial_end_at, scope.now()) }
}

fn features(plan: &Model) -> Vec<String> {
    let names = plan.features.as_array().into_iter().flatten();
    names.filter_map(|name| name.as_str().map(str::to_owned)).collect()
}
