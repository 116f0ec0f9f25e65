//! What has lain open for an hour: the provider is asked what became of it.

use ::entity::ids::TenantId;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement, Value};

use crate::db::Scope;
use crate::domains::payments::{apply_checkout, apply_intent, apply_refund};
use crate::error::ApiError;
use crate::ports::payments::{Checkout, Intent, Provider, ProviderError, Refund};

/// What is younger may still be under way.
const PATIENCE: TimeDelta = TimeDelta::hours(1);
/// What is older has been given up by the provider too.
const MEMORY: TimeDelta = TimeDelta::days(30);
/// Things of one business in one round.
const MOST: i64 = 500;

/// `$1` and `$2` the ages between which something is looked at. The business stands beside each thing.
const OPEN: &str = "
SELECT p.tenant_id, p.created_at, p.provider_account_id AS account,
  CASE WHEN p.provider_payment_id IS NULL THEN 'checkout' ELSE 'intent' END AS kind,
  coalesce(p.provider_payment_id, p.provider_checkout_id) AS id
FROM app.payments p
WHERE p.provider = 'stripe' AND p.status IN ('pending', 'requires_action', 'processing', 'authorized', 'failed')
  AND p.created_at <= $1 AND p.created_at > $2 AND coalesce(p.provider_payment_id, p.provider_checkout_id) IS NOT NULL
UNION ALL
SELECT r.tenant_id, r.created_at, p.provider_account_id, 'refund', r.provider_refund_id
FROM app.refunds r JOIN app.payments p ON p.tenant_id = r.tenant_id AND p.id = r.payment_id
WHERE r.provider = 'stripe' AND r.status = 'pending' AND r.created_at <= $1 AND r.created_at > $2
  AND r.provider_refund_id IS NOT NULL";

/// A thing at the provider of which we do not know the end.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Open {
    /// `intent`, `checkout` or `refund`.
    pub kind: String,
    /// The provider's id of it.
    pub id: String,
    /// The account that it is on.
    pub account: Option<String>,
}

/// What the provider said of it.
#[derive(Clone, Debug)]
pub enum Seen {
    Intent(Intent),
    Checkout(Checkout),
    Refund(Refund),
}

fn ages(now: DateTime<Utc>) -> [Value; 2] {
    [(now - PATIENCE).into(), (now - MEMORY).into()]
}

/// The businesses that have something of the kind; in the platform's Scope.
///
/// # Errors
/// What the database refused.
pub async fn behind(scope: &Scope) -> Result<Vec<TenantId>, DbErr> {
    let sql = format!("SELECT DISTINCT tenant_id FROM ({OPEN}) o ORDER BY tenant_id");
    let values = ages(scope.now());
    let rows = scope.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    rows.iter().map(|row| row.try_get("", "tenant_id")).collect()
}

/// What the Scope's business has of it.
///
/// # Errors
/// What the database refused.
pub async fn open(scope: &Scope) -> Result<Vec<Open>, DbErr> {
    let sql = format!("SELECT kind, id, account FROM ({OPEN}) o WHERE tenant_id = $3 ORDER BY created_at, id LIMIT $4");
    let [since, until] = ages(scope.now());
    let values = [since, until, scope.tenant()?.0.into(), MOST.into()];
    let rows = scope.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    rows.iter().map(|row| Open::from_query_result(row, "")).collect()
}

/// Asks the provider; no transaction is open meanwhile.
///
/// # Errors
/// The provider's.
pub async fn look(provider: &dyn Provider, thing: &Open) -> Result<Seen, ProviderError> {
    let account = thing.account.as_deref();
    match thing.kind.as_str() {
        "intent" => provider.intent(account, &thing.id).await.map(Seen::Intent),
        "checkout" => provider.checkout(account, &thing.id).await.map(Seen::Checkout),
        _ => provider.refund(account, &thing.id).await.map(Seen::Refund),
    }
}

/// Takes in what it said. The caller commits.
///
/// # Errors
/// What the database refused.
pub async fn take_in(scope: &Scope, seen: &Seen) -> Result<(), ApiError> {
    match seen {
        Seen::Intent(intent) => apply_intent(scope, intent).await.map(|_| ()),
        Seen::Checkout(checkout) => apply_checkout(scope, checkout).await.map(|_| ()),
        Seen::Refund(refund) => apply_refund(scope, refund).await.map(|_| ()),
    }
}
