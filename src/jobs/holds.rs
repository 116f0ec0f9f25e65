//! Ends what was held and has expired, business by business, and lets offers that were not taken go on to the next in
//! line; so does what whoever took a time has left of that. Nothing waits for it: an expired hold keeps nobody from its time.

use ::entity::ids::TenantId;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};

use crate::app::App;
use crate::db::Access;
use crate::domains::booking;

/// Businesses of one round; what is left waits for the next.
const MOST: i64 = 1_000;

const DUE: &str = "
SELECT tenant_id FROM app.booking_holds WHERE status = 'held' AND expires_at <= $1
UNION
SELECT tenant_id FROM app.booking_holds WHERE offer_due
UNION
SELECT tenant_id FROM app.waitlist_entries WHERE status = 'waiting' AND until_at <= $1
LIMIT $2";

/// Answers how many holds were ended. What one business refuses does not keep the others.
pub(super) async fn run(app: &App) -> Result<u64, DbErr> {
    let platform = app.platform.scope(Access::Read);
    let values: [Value; 2] = [platform.now().into(), MOST.into()];
    let due = platform.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, DUE, values)).await?;
    platform.roll_back().await;
    let mut ended = 0;
    for row in due {
        let tenant: TenantId = row.try_get("", "tenant_id")?;
        let scope = app.db.scope(tenant, Access::Write);
        let tended = match booking::tend(&scope).await {
            Ok(count) => scope.commit().await.map(|_| count).map_err(Into::into),
            Err(error) => Err(error),
        };
        match tended {
            Ok(count) => ended += u64::try_from(count).unwrap_or(u64::MAX),
            Err(error) => {
                scope.roll_back().await;
                tracing::error!(%error, %tenant, "expired holds were not ended; they are tried again at the next round");
            }
        }
    }
    Ok(ended)
}
