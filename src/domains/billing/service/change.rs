//! Another plan: decided and written down, asked of the provider, recorded.

use ::entity::enums::{PlanTier, SubscriptionState};
use ::entity::plans::Model;
use chrono::{DateTime, TimeDelta, Utc};

use super::apply::take;
use super::customer::{customer, metadata};
use super::enter;
use super::provider::{refused, uncertain};
use super::usage::usage;
use crate::db::Scope;
use crate::domains::billing::events;
use crate::domains::billing::held::{Held, Subject, begin, lock, save};
use crate::domains::billing::plan::{self, Plans};
use crate::domains::billing::rules::fit::Excess;
use crate::domains::billing::rules::life::ended;
use crate::error::{ApiError, Code};
use crate::ports::payments::{Call, NewSubscription, Price, Provider, ProviderError, Subscription, SubscriptionChange};

/// How long a change that is under way keeps others out.
const UNDER_WAY: TimeDelta = TimeDelta::minutes(2);

/// What somebody wants.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub plan: PlanTier,
    /// Try it first, without paying.
    pub trial: bool,
}

/// What is to be done about it.
enum Step {
    /// It is so already.
    Nothing,
    /// The provider has no part in it.
    Here,
    /// The provider is to be asked.
    Ask,
}

/// Changes the plan. Whoever asks for the same twice has it once.
///
/// # Errors
/// 422 when what is there does not fit, the plan is not for sale, or was tried before; 409 while another change is
/// under way, or when there is nothing to pay with; 402 when it was declined.
pub async fn change(scope: &Scope, provider: &dyn Provider, subject: Subject, wanted: Wanted) -> Result<(), ApiError> {
    let plans = Plans::of(scope, subject.product()).await?;
    let target = plans.wanted(wanted.plan)?.clone();
    let mut held = own(scope, subject, &plans).await?;
    let step = decide(scope, subject, &held, &target, wanted).await?;
    match step {
        Step::Nothing => return Ok(()),
        Step::Here => {
            held.plan_id = target.id;
            if wanted.trial && held.trial_end_at.is_none() {
                enter(scope, &mut held, SubscriptionState::FreeTrial);
                held.trial_end_at = Some(scope.now() + TimeDelta::days(target.trial_days.into()));
            } else if !wanted.trial {
                enter(scope, &mut held, SubscriptionState::Active);
            }
            save(scope, subject, &mut held).await?;
            scope.emit(events::changed(subject, &held, &target));
            return Ok(());
        }
        Step::Ask => {}
    }
    if held.pending_plan_id != Some(target.id) {
        held.pending_plan_id = Some(target.id);
        held.pending_at = Some(scope.now());
        held.attempts += 1;
        save(scope, subject, &mut held).await?;
    }
    scope.pause().await?;
    carry_out(scope, provider, subject, &target).await
}

/// Asks the provider for the change that is written down, and records what came of it. No transaction may be open.
pub async fn carry_out(
    scope: &Scope,
    provider: &dyn Provider,
    subject: Subject,
    target: &Model,
) -> Result<(), ApiError> {
    let customer = customer(scope, provider, subject).await?;
    let Some(held) = lock(scope, subject).await?.filter(|held| held.pending_plan_id == Some(target.id)) else {
        // somebody beside us has done it
        scope.pause().await?;
        return Ok(());
    };
    scope.pause().await?;
    let asked_at = scope.now();
    match ask(scope, provider, subject, &held, target, &customer).await {
        Ok(told) => done(scope, subject, target, told.as_ref(), asked_at).await,
        Err(error) if uncertain(&error) => Err(refused(error)),
        Err(error) => {
            let mut held = lock(scope, subject).await?.ok_or_else(|| ApiError::of(Code::NotFound))?;
            if held.pending_plan_id == Some(target.id) {
                held.pending_plan_id = None;
                held.pending_at = None;
                save(scope, subject, &mut held).await?;
            }
            scope.pause().await?;
            Err(refused(error))
        }
    }
}

/// The subject's row, locked. A person's is made when it is missing, of what everybody has.
async fn own(scope: &Scope, subject: Subject, plans: &Plans) -> Result<Held, ApiError> {
    if let Some(held) = lock(scope, subject).await? {
        return Ok(held);
    }
    let free = plans.free().ok_or_else(|| ApiError::of(Code::NotFound))?;
    begin(scope, subject, free.id, SubscriptionState::Active, None).await?;
    lock(scope, subject).await?.ok_or_else(|| ApiError::internal("what was made is not there"))
}

async fn decide(
    scope: &Scope,
    subject: Subject,
    held: &Held,
    target: &Model,
    wanted: Wanted,
) -> Result<Step, ApiError> {
    let same = held.plan_id == target.id;
    if let (Some(pending), Some(since)) = (held.pending_plan_id, held.pending_at)
        && pending != target.id
        && scope.now() < since + UNDER_WAY
    {
        return Err(ApiError::new(Code::Conflict, "Another change of the plan is under way.").retry_after(5));
    }
    fits(scope, subject, held, target).await?;
    if wanted.trial {
        let trying = held.state == SubscriptionState::FreeTrial;
        return match (held.trial_end_at, held.billed()) {
            _ if same && trying => Ok(Step::Nothing),
            // a trial goes on with another plan
            (Some(end), None) if trying && scope.now() < end => Ok(Step::Here),
            (None, None) if target.trial_days > 0 && held.state == SubscriptionState::Active => Ok(Step::Here),
            _ => Err(ApiError::new(Code::RuleViolation, "It was tried before: a plan is tried once.")),
        };
    }
    let price = plan::price_for(target, held).ok_or_else(|| {
        ApiError::new(Code::RuleViolation, "This plan is made by agreement: ask the platform for it.")
    })?;
    match (held.billed(), price.minor) {
        (Some(_), _) if same && held.pending_plan_id.is_none() && !held.cancel_at_period_end => Ok(Step::Nothing),
        (None, 0) if same && !ended(held.state) && held.state != SubscriptionState::FreeTrial => Ok(Step::Nothing),
        (None, 0) => Ok(Step::Here),
        _ => Ok(Step::Ask),
    }
}

/// Refuses a plan into which what is there does not fit.
pub async fn fits(scope: &Scope, subject: Subject, held: &Held, target: &Model) -> Result<(), ApiError> {
    let excess = excess(scope, subject, held, target).await?;
    let Some(first) = excess.first() else { return Ok(()) };
    let detail = format!("This plan allows for {} ({}), and there are {}.", first.allowed, first.limit, first.used);
    let named =
        excess.iter().map(|one| serde_json::json!({"limit": one.limit, "allowed": one.allowed, "used": one.used}));
    Err(ApiError::new(Code::RuleViolation, detail).with("excess", named.collect::<Vec<_>>()))
}

/// What of a business does not fit into a plan.
pub async fn excess(scope: &Scope, subject: Subject, held: &Held, target: &Model) -> Result<Vec<Excess>, ApiError> {
    match subject {
        Subject::Business => Ok(plan::limits_for(target, held).excess(&usage(scope).await?)),
        Subject::Person(_) => Ok(Vec::new()),
    }
}

/// One call. The same bytes go with the same key: nothing of them may depend on the time of the call.
async fn ask(
    scope: &Scope,
    provider: &dyn Provider,
    subject: Subject,
    held: &Held,
    target: &Model,
    customer: &str,
) -> Result<Option<Subscription>, ProviderError> {
    let wrong = |message: &str| ProviderError::Invalid { code: None, param: None, message: message.to_owned() };
    let tenant = scope.tenant().map_err(|error| wrong(&error.to_string()))?.0;
    let amount = plan::price_for(target, held).ok_or_else(|| wrong("a plan by agreement was to be billed"))?;
    let price = Price { name: format!("Tithi {}", target.name), amount };
    let change = |change: SubscriptionChange, id: String, verb: &'static str| async move {
        let key = held.key(tenant, verb);
        provider.change_subscription(Call { account: None, key: &key }, &id, &change).await.map(Some)
    };
    match held.billed() {
        Some(id) if amount.minor == 0 => {
            let end = SubscriptionChange { cancel_now: true, ..SubscriptionChange::default() };
            change(end, id.to_owned(), "end").await
        }
        Some(id) => {
            let to = SubscriptionChange {
                price: Some(price),
                cancel_at_period_end: held.cancel_at_period_end.then_some(false),
                ..SubscriptionChange::default()
            };
            change(to, id.to_owned(), "change").await
        }
        None if amount.minor == 0 => Ok(None),
        None => {
            let new = NewSubscription {
                customer: customer.to_owned(),
                price,
                trial_end: trial_left(held),
                default_method: held.provider_method_id.clone(),
                metadata: metadata(tenant, subject),
            };
            let key = held.key(tenant, "subscribe");
            provider.create_subscription(Call { account: None, key: &key }, &new).await.map(Some)
        }
    }
}

/// The end of a trial that had not ended when the change was written down.
fn trial_left(held: &Held) -> Option<DateTime<Utc>> {
    let decided = held.pending_at?;
    held.trial_end_at.filter(|end| held.state == SubscriptionState::FreeTrial && *end > decided + TimeDelta::hours(1))
}

async fn done(
    scope: &Scope,
    subject: Subject,
    target: &Model,
    told: Option<&Subscription>,
    asked_at: DateTime<Utc>,
) -> Result<(), ApiError> {
    let mut held = lock(scope, subject).await?.ok_or_else(|| ApiError::of(Code::NotFound))?;
    if held.pending_plan_id != Some(target.id) {
        return Ok(());
    }
    held.plan_id = target.id;
    held.pending_plan_id = None;
    held.pending_at = None;
    let free = plan::price_for(target, &held).is_some_and(|price| price.minor == 0);
    match told {
        Some(told) if !free => {
            take(scope, &mut held, told, asked_at, true);
        }
        _ => {
            held.provider_subscription_id = None;
            held.provider_status = None;
            held.cancel_at_period_end = false;
            enter(scope, &mut held, SubscriptionState::Active);
        }
    }
    save(scope, subject, &mut held).await?;
    scope.emit(events::changed(subject, &held, target));
    Ok(())
}
