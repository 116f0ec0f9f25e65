//! What the platform agrees with one business beside its plans.

use serde_json::Value;

use crate::db::Scope;
use crate::domains::billing::events;
use crate::domains::billing::held::{Subject, lock, save};
use crate::domains::billing::plan::Plans;
use crate::error::{ApiError, Code};

/// Notes what a business pays and may have, for the plan that it has and for the one by agreement. What it pays now
/// stays until it chooses anew.
///
/// # Errors
/// 404 when there is no such business.
pub async fn agree(scope: &Scope, price_cents: Option<i64>, limits: Value) -> Result<(), ApiError> {
    let subject = Subject::Business;
    let mut held = lock(scope, subject).await?.ok_or_else(|| ApiError::of(Code::TenantNotFound))?;
    held.custom_price_cents = price_cents;
    held.custom_limits = Some(limits).filter(|limits| limits.as_object().is_some_and(|all| !all.is_empty()));
    save(scope, subject, &mut held).await?;
    let plans = Plans::of(scope, subject.product()).await?;
    scope.emit(events::changed(subject, &held, plans.get(held.plan_id)?));
    Ok(())
}
