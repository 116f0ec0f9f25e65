//! The daily comparison: every payment and refund that moved lately, here and at the provider. Nothing is changed; a
//! difference is a defect of somebody's, to be looked at.

use ::entity::enums::{PaymentStatus, RefundStatus};
use ::entity::ids::TenantId;
use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement, Value};
use uuid::Uuid;

use super::rules::{self, Standing};
use crate::db::Scope;
use crate::ports::payments::{IntentStatus, Provider, ProviderError, RefundStatus as Said};

/// What is younger may still be under way.
const PATIENCE: TimeDelta = TimeDelta::hours(1);
/// Two days, so that none is left out when a day's comparison comes late.
const REACH: TimeDelta = TimeDelta::days(2);
/// Rows of one comparison.
const MOST: i64 = 50_000;

/// `$1` and `$2` the stretch in which a row changed last.
const LATELY: &str = "
SELECT p.tenant_id, p.id AS row, 'payment' AS kind, p.provider_payment_id AS id, p.provider_account_id AS account,
  p.status, p.amount_captured_cents AS amount
FROM app.payments p
WHERE p.provider = 'stripe' AND p.provider_payment_id IS NOT NULL AND p.updated_at > $1 AND p.updated_at <= $2
UNION ALL
SELECT r.tenant_id, r.id, 'refund', r.provider_refund_id, p.provider_account_id, r.status, r.amount_cents
FROM app.refunds r JOIN app.payments p ON p.tenant_id = r.tenant_id AND p.id = r.payment_id
WHERE r.provider = 'stripe' AND r.provider_refund_id IS NOT NULL AND r.updated_at > $1 AND r.updated_at <= $2
ORDER BY 1, 2 LIMIT $3";

/// A row that is to be compared.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Look {
    pub tenant_id: TenantId,
    pub row: Uuid,
    kind: String,
    id: String,
    account: Option<String>,
    status: String,
    amount: i64,
}

/// A row that says something else than the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub tenant_id: TenantId,
    /// The payment or the refund.
    pub row: Uuid,
    /// The provider's id of it.
    pub id: String,
    /// What stands here and there.
    pub ours: Standing,
    /// Nothing, when the provider knows no such thing.
    pub theirs: Option<Standing>,
}

/// What a comparison has found.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    pub compared: u64,
    /// Rows for which the provider gave no answer: compared the next day.
    pub unanswered: u64,
    pub differences: Vec<Difference>,
}

/// The rows of all businesses that changed lately; in the platform's Scope.
///
/// # Errors
/// What the database refused.
pub async fn looks(scope: &Scope) -> Result<Vec<Look>, DbErr> {
    let now = scope.now();
    let values: [Value; 3] = [(now - REACH).into(), (now - PATIENCE).into(), MOST.into()];
    let rows = scope.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, LATELY, values)).await?;
    rows.iter().map(|row| Look::from_query_result(row, "")).collect()
}

/// Compares one of them; no transaction is open meanwhile.
///
/// # Errors
/// When the provider does not answer.
pub async fn compare(provider: &dyn Provider, look: &Look) -> Result<Option<Difference>, ProviderError> {
    let ours = ours(look);
    let theirs = match theirs(provider, look).await {
        Ok(theirs) => Some(theirs),
        Err(ProviderError::Missing) => None,
        Err(error) => return Err(error),
    };
    let differs = theirs != Some(ours);
    Ok(differs.then(|| Difference { tenant_id: look.tenant_id, row: look.row, id: look.id.clone(), ours, theirs }))
}

fn ours(look: &Look) -> Standing {
    let word = look.status.as_str();
    if look.kind == "payment" {
        let status = PaymentStatus::ALL.iter().find(|status| status.as_str() == word);
        status.map_or(Standing::Open, |status| rules::payment(*status, look.amount))
    } else {
        let status = RefundStatus::ALL.iter().find(|status| status.as_str() == word);
        status.map_or(Standing::Open, |status| rules::refund(*status, look.amount))
    }
}

async fn theirs(provider: &dyn Provider, look: &Look) -> Result<Standing, ProviderError> {
    let account = look.account.as_deref();
    if look.kind == "payment" {
        let intent = provider.intent(account, &look.id).await?;
        return Ok(match intent.status {
            IntentStatus::Succeeded => Standing::Moved(intent.amount_received),
            IntentStatus::RequiresCapture => Standing::Authorized,
            IntentStatus::Canceled => Standing::Over,
            _ => Standing::Open,
        });
    }
    let refund = provider.refund(account, &look.id).await?;
    Ok(match refund.status {
        Said::Succeeded => Standing::Moved(refund.amount),
        Said::Failed | Said::Canceled => Standing::Over,
        Said::Pending | Said::RequiresAction | Said::Unknown(_) => Standing::Open,
    })
}
