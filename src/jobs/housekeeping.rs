//! Removes what has expired: answers kept for idempotency keys, sessions and refresh tokens, events of providers that are
//! done with. In bounded batches, so that no lock is held long.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use crate::db::{Access, PlatformDb};

/// Rows removed by one statement.
const BATCH: u64 = 1_000;
/// Batches of one table in one round; what is left waits for the next.
const BATCHES: usize = 50;

/// Table, and what of it is due. `$1` is now, `$2` the batch.
const DUE: &[(&str, &str)] = &[
    (
        "idempotency_keys",
        "DELETE FROM app.idempotency_keys k USING (SELECT tenant_id, id FROM app.idempotency_keys WHERE expires_at <= $1 LIMIT $2) due \
         WHERE k.tenant_id = due.tenant_id AND k.id = due.id",
    ),
    (
        // a session takes its refresh tokens with it; it is kept a month so that its owner can look back
        "sessions",
        "DELETE FROM app.sessions s USING (SELECT user_id, id FROM app.sessions WHERE expires_at <= $1 - interval '30 days' LIMIT $2) due \
         WHERE s.user_id = due.user_id AND s.id = due.id",
    ),
    (
        // a provider sends what was lost for 30 days at most; the receipt goes with its event
        "webhook_event_inbox",
        "WITH due AS (SELECT id, tenant_id FROM app.webhook_event_inbox \
                      WHERE received_at <= $1 - interval '90 days' AND state IN ('processed', 'ignored') ORDER BY received_at, id LIMIT $2), \
              gone AS (DELETE FROM app.webhook_receipts r USING due WHERE r.tenant_id = due.tenant_id AND r.event_id = due.id) \
         DELETE FROM app.webhook_event_inbox e USING due WHERE e.id = due.id",
    ),
];

/// Removes what is due; answers how many rows of each table went. Nothing, when another instance is at it.
pub(super) async fn run(platform: &PlatformDb) -> Result<Vec<(&'static str, u64)>, DbErr> {
    let mut removed = Vec::new();
    for (table, sql) in DUE {
        let mut sum = 0;
        for _ in 0..BATCHES {
            let scope = platform.scope(Access::Write);
            let lock = Statement::from_string(
                DbBackend::Postgres,
                "SELECT pg_try_advisory_xact_lock(hashtextextended('housekeeping', 0)) AS mine",
            );
            let mine = scope.query_one_raw(lock).await?.is_some_and(|row| row.try_get("", "mine").unwrap_or(false));
            if !mine {
                return Ok(removed);
            }
            let batch = i64::try_from(BATCH).unwrap_or(i64::MAX);
            let values: [sea_orm::Value; 2] = [scope.now().into(), batch.into()];
            let gone = scope
                .execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, *sql, values))
                .await?
                .rows_affected();
            scope.commit().await?;
            sum += gone;
            if gone < BATCH {
                break;
            }
        }
        removed.push((*table, sum));
    }
    Ok(removed)
}
