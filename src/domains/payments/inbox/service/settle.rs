//! Writes down what became of the events that were claimed.

use ::entity::ids::TenantId;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};
use serde_json::json;

use super::Claimed;
use crate::db::Scope;
use crate::domains::payments::inbox::rules;

/// The attempt is part of the condition: whoever was too slow has lost the event to another worker.
const SETTLE: &str = "
UPDATE app.webhook_event_inbox i
SET state = o.state, tenant_id = coalesce(o.tenant_id, i.tenant_id), last_error = o.error,
    next_attempt_at = coalesce(o.next_attempt_at, i.next_attempt_at),
    processed_at = CASE WHEN o.state = 'received' THEN NULL ELSE $2 END
FROM jsonb_to_recordset($1) AS o(id uuid, attempts integer, state text, tenant_id uuid, error text, next_attempt_at timestamptz)
WHERE i.id = o.id AND i.attempts = o.attempts AND i.state = 'received'";

/// The longest reason that is kept, in characters.
const REASON: usize = 1_000;

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It has had its effect on this business.
    Processed(TenantId),
    /// It is of no concern to us.
    Ignored(&'static str),
    /// It is not what it says it is: for an operator to look at.
    Quarantined(String),
    /// It did not work this time.
    Failed(Option<TenantId>, String),
}

impl Outcome {
    /// The label in the metrics.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Processed(_) => "processed",
            Self::Ignored(_) => "ignored",
            Self::Quarantined(_) => "quarantined",
            Self::Failed(..) => "failed",
        }
    }
}

/// Settles what was claimed, in the platform's Scope, which the caller commits.
///
/// # Errors
/// What the database refused: then the events are due again when their time is up.
pub async fn settle(scope: &Scope, settled: &[(Claimed, Outcome)]) -> Result<(), DbErr> {
    let now = scope.now();
    let rows: Vec<serde_json::Value> = settled
        .iter()
        .map(|(claimed, outcome)| {
            let (state, tenant, error, next) = match outcome {
                Outcome::Processed(tenant) => ("processed", Some(*tenant), None, None),
                Outcome::Ignored(reason) => {
                    ("ignored", claimed.place.as_ref().ok().map(|place| place.tenant), Some(*reason), None)
                }
                Outcome::Quarantined(reason) => ("quarantined", None, Some(reason.as_str()), None),
                Outcome::Failed(tenant, reason) if claimed.attempts >= rules::ATTEMPTS => {
                    ("dead", *tenant, Some(reason.as_str()), None)
                }
                Outcome::Failed(tenant, reason) => {
                    ("received", *tenant, Some(reason.as_str()), Some(now + rules::wait(claimed.attempts)))
                }
            };
            metrics::counter!("webhook_events_worked_total", "outcome" => outcome.name()).increment(1);
            let error = error.map(|reason| reason.replace('\0', " ").chars().take(REASON).collect::<String>());
            json!({
                "id": claimed.id, "attempts": claimed.attempts, "state": state, "tenant_id": tenant, "error": error,
                "next_attempt_at": next,
            })
        })
        .collect();
    let values: [Value; 2] = [serde_json::Value::Array(rows).into(), now.into()];
    scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, SETTLE, values)).await?;
    Ok(())
}
