//! Whose an account at a payment provider is. Decided once for all businesses, in the platform's own Scope: what a
//! business writes of itself moves nobody's money.

use ::entity::ids::TenantId;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use uuid::Uuid;

use crate::db::{Access, PlatformDb};
use crate::error::{ApiError, Code};

const CLAIM: &str = "
INSERT INTO app.connected_accounts (provider, account_id, tenant_id, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (provider, account_id) DO NOTHING";

const WHOSE: &str = "SELECT tenant_id FROM app.connected_accounts WHERE provider = $1 AND account_id = $2";

/// Notes that an account, which the provider made for this business, is this business's. Safe to repeat. Never called
/// while a transaction of the business is open.
///
/// # Errors
/// 409 when it is another's.
pub async fn claim(platform: &PlatformDb, provider: &str, account: &str, tenant: TenantId) -> Result<(), ApiError> {
    let scope = platform.scope(Access::Write);
    let values: [Value; 4] = [provider.into(), account.into(), tenant.0.into(), scope.now().into()];
    scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, CLAIM, values)).await?;
    let values: [Value; 2] = [provider.into(), account.into()];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, WHOSE, values)).await?;
    let whose: Option<Uuid> = row.map(|row| row.try_get("", "tenant_id")).transpose()?;
    scope.commit().await?;
    if whose == Some(tenant.0) {
        return Ok(());
    }
    Err(ApiError::new(Code::Conflict, "This account belongs to another business."))
}
