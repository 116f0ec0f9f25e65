//! How much waits and how long, for the metrics.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};

use crate::db::Scope;

/// What is done with is counted as it is done; only what lies here is counted here, by indexes that hold no more.
const LYING: &str = "
SELECT 'received' AS state, count(*) AS count,
       coalesce(extract(epoch FROM $1 - min(received_at)), 0)::bigint AS lag_seconds
FROM app.webhook_event_inbox WHERE state = 'received'
UNION ALL
SELECT s.state, count(i.id), 0 FROM (VALUES ('quarantined'), ('dead')) AS s(state)
LEFT JOIN app.webhook_event_inbox i ON i.state IN ('quarantined', 'dead') AND i.state = s.state GROUP BY s.state";

/// What lies in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    pub state: String,
    pub count: i64,
    /// Seconds that the oldest has waited to be worked on; zero for what does not wait.
    pub lag_seconds: i64,
}

/// What waits, what is in quarantine and what is dead; told to the metrics too.
///
/// # Errors
/// What the database refused.
pub async fn backlog(scope: &Scope) -> Result<Vec<State>, DbErr> {
    let values: [Value; 1] = [scope.now().into()];
    let rows = scope.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, LYING, values)).await?;
    let mut states = Vec::with_capacity(rows.len());
    for row in rows {
        let state = State {
            state: row.try_get("", "state")?,
            count: row.try_get("", "count")?,
            lag_seconds: row.try_get("", "lag_seconds")?,
        };
        let count = u32::try_from(state.count).unwrap_or(u32::MAX);
        metrics::gauge!("webhook_inbox_events", "state" => state.state.clone()).set(f64::from(count));
        if state.state == "received" {
            let lag = u32::try_from(state.lag_seconds.max(0)).unwrap_or(u32::MAX);
            metrics::gauge!("webhook_inbox_lag_seconds").set(f64::from(lag));
        }
        states.push(state);
    }
    Ok(states)
}
