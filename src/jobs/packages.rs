//! Lets credits and sessions expire, and memberships begin their next period, business by business. Nothing waits for
//! it: what has expired cannot be used any more.

use ::entity::ids::TenantId;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};

use crate::app::App;
use crate::db::Access;
use crate::domains::packages;

/// Businesses of one round; what is left waits for the next.
const MOST: i64 = 1_000;

const DUE: &str = "
SELECT c.tenant_id FROM app.credits c WHERE c.expires_at <= $1 AND c.swept_at IS NULL AND NOT EXISTS (
  SELECT FROM app.customer_memberships m
  WHERE m.tenant_id = c.tenant_id AND m.id = c.membership_id AND m.status <> 'ended')
UNION
SELECT tenant_id FROM app.customer_memberships WHERE status = 'active' AND period_ends <= $1
LIMIT $2";

/// Answers how much was done. What one business refuses does not keep the others.
pub(super) async fn run(app: &App) -> Result<u64, DbErr> {
    let platform = app.platform.scope(Access::Read);
    let values: [Value; 2] = [platform.now().into(), MOST.into()];
    let due = platform.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, DUE, values)).await?;
    platform.roll_back().await;
    let mut done = 0;
    for row in due {
        let tenant: TenantId = row.try_get("", "tenant_id")?;
        let scope = app.db.scope(tenant, Access::Write);
        let tended = match packages::tend(&scope).await {
            Ok(count) => scope.commit().await.map(|_| count).map_err(Into::into),
            Err(error) => Err(error),
        };
        match tended {
            Ok(count) => done += u64::try_from(count).unwrap_or(u64::MAX),
            Err(error) => {
                scope.roll_back().await;
                tracing::error!(%error, %tenant, "what is due of packages was not done; it is tried again at the next round");
            }
        }
    }
    Ok(done)
}
