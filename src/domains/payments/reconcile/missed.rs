//! Events that were never delivered. The provider keeps them for thirty days.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use crate::db::Scope;
use crate::domains::payments::inbox::{self, PROVIDER};
use crate::error::ApiError;
use crate::ports::payments::{Provider, ProviderError, RawEvent};

/// How far back the provider remembers.
const MEMORY: TimeDelta = TimeDelta::days(30);
/// Events of one page, the most that the provider gives.
const PAGE: u8 = 100;
/// Pages of one account in one round; what is left comes with the next, when the newer ones are delivered.
const PAGES: usize = 50;

/// The accounts that events may come from, the platform's own left out; in the platform's Scope.
///
/// # Errors
/// What the database refused.
pub async fn accounts(scope: &Scope) -> Result<Vec<String>, DbErr> {
    let sql = "SELECT a.account_id FROM app.connected_accounts a JOIN app.tenants t ON t.id = a.tenant_id \
               WHERE a.provider = $1 AND t.deleted_at IS NULL ORDER BY a.account_id";
    let rows = scope.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [PROVIDER.into()])).await?;
    rows.iter().map(|row| row.try_get("", "account_id")).collect()
}

/// What the provider could not deliver of an account, or of the platform's own; no transaction is open meanwhile.
///
/// # Errors
/// The provider's.
pub async fn missed(
    provider: &dyn Provider,
    account: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Vec<RawEvent>, ProviderError> {
    let mut all: Vec<RawEvent> = Vec::new();
    for _ in 0..PAGES {
        let after = all.last().map(|event| event.id.clone());
        let page = provider.undelivered_events(account, after.as_deref(), PAGE).await?;
        let whole = page.len() == usize::from(PAGE);
        let known = all.len();
        all.extend(page.into_iter().filter(|event| now - event.created <= MEMORY));
        if !whole || all.len() < known + usize::from(PAGE) {
            break;
        }
    }
    Ok(all)
}

/// Puts them into the inbox, in the platform's Scope; answers how many were new.
///
/// # Errors
/// What the database refused.
pub async fn keep(scope: &Scope, account: Option<&str>, events: &[RawEvent]) -> Result<u64, ApiError> {
    let mut new = 0;
    // the oldest first, as they would have come
    for event in events.iter().rev() {
        new += u64::from(inbox::store(scope, account, event).await?);
    }
    Ok(new)
}
