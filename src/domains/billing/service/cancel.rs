//! Ends a subscription: with what is paid for, or at once where nothing is.

use ::entity::enums::SubscriptionState;

use super::apply::take;
use super::enter;
use super::provider::refused;
use crate::db::Scope;
use crate::domains::billing::events;
use crate::domains::billing::held::{Held, Subject, lock, save};
use crate::domains::billing::plan::Plans;
use crate::domains::billing::rules::life::ended;
use crate::error::{ApiError, Code};
use crate::ports::payments::{Call, Provider, SubscriptionChange};

/// Cancels at the end of what is paid for. One that is over, and one that ends already, stays as it is.
///
/// # Errors
/// What the provider refuses.
pub async fn cancel(scope: &Scope, provider: &dyn Provider, subject: Subject) -> Result<(), ApiError> {
    // a person who never chose has what is free, which has no end
    let Some(mut held) = lock(scope, subject).await? else { return Ok(()) };
    if ended(held.state) || held.cancel_at_period_end {
        return Ok(());
    }
    let Some(id) = held.billed().map(str::to_owned) else {
        enter(scope, &mut held, SubscriptionState::Cancelled);
        return tell(scope, subject, held).await;
    };
    held.attempts += 1;
    save(scope, subject, &mut held).await?;
    scope.pause().await?;
    let key = held.key(scope.tenant()?.0, "cancel");
    let change = SubscriptionChange { cancel_at_period_end: Some(true), ..SubscriptionChange::default() };
    let asked_at = scope.now();
    let told = provider.change_subscription(Call { account: None, key: &key }, &id, &change).await.map_err(refused)?;
    let mut held = own(scope, subject).await?;
    if take(scope, &mut held, &told, asked_at, true) { tell(scope, subject, held).await } else { Ok(()) }
}

async fn own(scope: &Scope, subject: Subject) -> Result<Held, ApiError> {
    lock(scope, subject).await?.ok_or_else(|| ApiError::of(Code::NotFound))
}

async fn tell(scope: &Scope, subject: Subject, mut held: Held) -> Result<(), ApiError> {
    save(scope, subject, &mut held).await?;
    let plans = Plans::of(scope, subject.product()).await?;
    scope.emit(events::changed(subject, &held, plans.get(held.plan_id)?));
    Ok(())
}
