//! What a change would mean, before it is bought.

use ::entity::enums::PlanTier;
use ::entity::plans::Model;

use super::change::excess;
use super::provider::refused;
use crate::db::Scope;
use crate::domains::billing::held::{Subject, find};
use crate::domains::billing::plan::{self, Plans};
use crate::domains::billing::rules::fit::Excess;
use crate::error::{ApiError, Code};
use crate::kernel::money::Money;
use crate::ports::payments::{Price, Provider, SubscriptionChange};

/// What a plan would mean.
#[derive(Clone, Debug)]
pub struct Preview {
    pub plan: Model,
    /// A month; none is by agreement.
    pub price: Option<Money>,
    /// What of the business does not fit.
    pub excess: Vec<Excess>,
    /// What is to be paid at once; negative is a credit.
    pub due_now: Option<i64>,
    /// What that is made of.
    pub lines: Vec<(String, i64)>,
}

/// Tells what a plan would mean; changes nothing.
///
/// # Errors
/// 422 when it is not for sale; what the provider refuses.
pub async fn preview(
    scope: &Scope,
    provider: &dyn Provider,
    subject: Subject,
    tier: PlanTier,
) -> Result<Preview, ApiError> {
    let plans = Plans::of(scope, subject.product()).await?;
    let target = plans.wanted(tier)?.clone();
    let held = find(scope, subject).await?.ok_or_else(|| ApiError::of(Code::NotFound))?;
    let excess = excess(scope, subject, &held, &target).await?;
    let price = plan::price_for(&target, &held);
    let trial = held.trial_end_at.is_some_and(|end| scope.now() < end);
    scope.pause().await?;
    let (due_now, lines) = match (held.billed(), price) {
        (Some(_), Some(_)) if held.plan_id == target.id => (Some(0), Vec::new()),
        (Some(id), Some(amount)) => {
            let to = Price { name: format!("Tithi {}", target.name), amount };
            let change = SubscriptionChange { price: Some(to), ..SubscriptionChange::default() };
            let told = provider.preview_change(None, id, &change).await.map_err(refused)?;
            (Some(told.due_now), told.lines)
        }
        // what is left of a trial stays free
        (None, Some(_)) if trial => (Some(0), Vec::new()),
        (None, Some(amount)) => (Some(amount.minor), vec![(target.name.clone(), amount.minor)]),
        (_, None) => (None, Vec::new()),
    };
    Ok(Preview { plan: target, price, excess, due_now, lines })
}
