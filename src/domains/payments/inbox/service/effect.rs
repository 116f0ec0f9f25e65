//! The effect of an event and the receipt for it: one transaction of the business, so that both are or neither.

use ::entity::ids::WebhookEventId;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use crate::db::Scope;
use crate::domains::payments::Applied;
use crate::domains::payments::inbox::effects::{self, Fact};
use crate::error::ApiError;

/// A second worker waits here for the first, and then finds the receipt.
const RECEIPT: &str = "
INSERT INTO app.webhook_receipts (tenant_id, event_id, created_at) VALUES ($1, $2, $3)
ON CONFLICT (tenant_id, event_id) DO NOTHING";

/// Does what the event asks for, unless that is done already; answers what became of each fact. The caller commits.
///
/// # Errors
/// Those of the effect; then nothing of it may be committed.
pub async fn effect(scope: &Scope, id: WebhookEventId, facts: &[Fact]) -> Result<Vec<Applied>, ApiError> {
    let values: [Value; 3] = [scope.tenant()?.0.into(), id.0.into(), scope.now().into()];
    let written = scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, RECEIPT, values)).await?;
    if written.rows_affected() == 0 {
        return Ok(vec![Applied::Same]);
    }
    let mut applied = Vec::with_capacity(facts.len());
    for fact in facts {
        applied.push(effects::apply(scope, fact).await?);
    }
    Ok(applied)
}
