//! With what somebody pays, and the provider's page where they look after it themselves.

use super::apply::apply_setup;
use super::customer::{customer, metadata};
use super::provider::refused;
use crate::db::Scope;
use crate::domains::billing::held::{Subject, lock, save};
use crate::error::{ApiError, Code};
use crate::ports::payments::{Call, NewSetup, Provider, Setup, SubscriptionChange};

/// What came of a setup.
#[derive(Clone, Debug)]
pub struct Made {
    pub setup: Setup,
    /// Whether it is paid with from now on.
    pub saved: bool,
}

/// Begins a setup, or ends the one that the payer has gone through.
///
/// # Errors
/// 404 for a setup that is not the subject's; what the provider refuses.
pub async fn setup(
    scope: &Scope,
    provider: &dyn Provider,
    subject: Subject,
    done: Option<&str>,
) -> Result<Made, ApiError> {
    let customer = customer(scope, provider, subject).await?;
    let Some(done) = done else {
        let key = next(scope, subject, "setup").await?;
        let new = NewSetup { customer, metadata: metadata(scope.tenant()?.0, subject) };
        let setup = provider.create_setup(Call { account: None, key: &key }, &new).await.map_err(refused)?;
        return Ok(Made { setup, saved: false });
    };
    let setup = provider.setup(None, done).await.map_err(|error| match error {
        crate::ports::payments::ProviderError::Missing => ApiError::of(Code::NotFound),
        other => refused(other),
    })?;
    if setup.customer.as_deref() != Some(customer.as_str()) {
        return Err(ApiError::of(Code::NotFound));
    }
    let saved = apply_setup(scope, subject, &setup).await?;
    let held = lock(scope, subject).await?.ok_or_else(|| ApiError::of(Code::NotFound))?;
    scope.pause().await?;
    if let (true, Some(id), Some(method)) = (saved, held.billed(), setup.method.clone()) {
        let change = SubscriptionChange { default_method: Some(method), ..SubscriptionChange::default() };
        // the setup names the method: the same one has the same key
        let key = format!("{}:{}:method:{done}", scope.tenant()?.0, held.id);
        provider.change_subscription(Call { account: None, key: &key }, id, &change).await.map_err(refused)?;
    }
    Ok(Made { setup, saved })
}

/// A link to the provider's page. It is good for minutes.
///
/// # Errors
/// What the provider refuses.
pub async fn portal(
    scope: &Scope,
    provider: &dyn Provider,
    subject: Subject,
    return_url: &str,
) -> Result<String, ApiError> {
    let customer = customer(scope, provider, subject).await?;
    let key = next(scope, subject, "portal").await?;
    provider.portal_link(Call { account: None, key: &key }, &customer, return_url).await.map_err(refused)
}

/// A key of its own, written down before it is used.
async fn next(scope: &Scope, subject: Subject, operation: &str) -> Result<String, ApiError> {
    let mut held = lock(scope, subject).await?.ok_or_else(|| ApiError::of(Code::NotFound))?;
    held.attempts += 1;
    // a change that is under way keeps its own key
    if held.pending_plan_id.is_some() {
        held.attempts -= 1;
        scope.pause().await?;
        return Err(ApiError::new(Code::Conflict, "A change of the plan is under way.").retry_after(5));
    }
    save(scope, subject, &mut held).await?;
    let key = held.key(scope.tenant()?.0, operation);
    scope.pause().await?;
    Ok(key)
}
