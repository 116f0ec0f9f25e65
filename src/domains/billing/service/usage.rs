//! What a business has of what its plan limits.

use ::entity::enums::PlanProduct;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::db::Scope;
use crate::domains::billing::held::{Subject, find};
use crate::domains::billing::plan::{self, Plans};
use crate::domains::billing::rules::fit::{USERS, Usage};
use crate::domains::billing::rules::life::{self, Worth};
use crate::domains::tenancy;
use crate::error::{ApiError, Code};

/// What there is now; of what cannot be made yet there is nothing.
pub async fn usage(scope: &Scope) -> Result<Usage, ApiError> {
    Ok(Usage::from([(USERS, tenancy::members(scope).await?)]))
}

/// Whether there is room for one more of what is limited (`max_users`, ..). To be asked in the transaction that makes
/// it: whoever asks at the same time waits.
///
/// # Errors
/// 403 `TITHI_QUOTA_EXCEEDED` with the limit, and when the subscription is worth nothing.
pub async fn check_room(scope: &Scope, limit: &'static str, more: i64) -> Result<(), ApiError> {
    let lock = "SELECT pg_advisory_xact_lock(hashtextextended('quota:' || $1::text || ':' || $2, 0))";
    let values: [sea_orm::Value; 2] = [scope.tenant()?.0.into(), limit.into()];
    scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, lock, values)).await?;
    let Some(held) = find(scope, Subject::Business).await? else {
        return Err(ApiError::internal("a business has no subscription"));
    };
    if life::worth(held.provider_status, held.state, held.trial_end_at, scope.now()) == Worth::Nothing {
        let detail = "The subscription does not allow for more. Choose a plan first.";
        return Err(ApiError::new(Code::QuotaExceeded, detail).with("limit", limit).with("allowed", 0));
    }
    let plans = Plans::of(scope, PlanProduct::Organization).await?;
    let limits = plan::limits_for(plans.get(held.plan_id)?, &held);
    let used = usage(scope).await?.get(limit).copied().unwrap_or_default();
    if limits.room(limit, used, more) {
        return Ok(());
    }
    let allowed = limits.most(limit).unwrap_or_default();
    let detail = format!("The plan allows for {allowed}, and there are {used}.");
    Err(ApiError::new(Code::QuotaExceeded, detail).with("limit", limit).with("allowed", allowed).with("used", used))
}
