//! Takes what is due for a while. Whoever claims works on it; who dies in it leaves it to the next when the time is up.

use ::entity::ids::{TenantId, WebhookEventId};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement, Value};

use super::place;
use crate::db::Scope;
use crate::domains::payments::inbox::rules::{self, Event};

/// What died with its worker each time is left alone at last.
const GIVE_UP: &str = "
UPDATE app.webhook_event_inbox
SET state = 'dead', processed_at = $1, last_error = coalesce(last_error, 'it was begun and never ended')
WHERE state = 'received' AND next_attempt_at <= $1 AND attempts >= $2";

/// Two workers never take the same: one passes over what the other has locked.
const CLAIM: &str = "
WITH due AS (
  SELECT id FROM app.webhook_event_inbox
  WHERE state = 'received' AND next_attempt_at <= $1 AND attempts < $2
  ORDER BY next_attempt_at, id LIMIT $3 FOR UPDATE SKIP LOCKED
)
UPDATE app.webhook_event_inbox i SET attempts = i.attempts + 1, next_attempt_at = $4 FROM due WHERE i.id = due.id
RETURNING i.id, i.account, i.raw, i.attempts";

#[derive(FromQueryResult)]
struct Row {
    id: WebhookEventId,
    account: String,
    raw: Vec<u8>,
    attempts: i32,
}

/// An event to be worked on now.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub id: WebhookEventId,
    pub event: Event,
    /// `acct_..`; none is the platform's own. As it was stored, which is where it came from.
    pub account: Option<String>,
    /// The attempt that this is, from one.
    pub attempts: i32,
    /// Whose it is, or why nobody can say so.
    pub place: Result<TenantId, String>,
}

/// Claims at most `limit` events in the platform's Scope, which the caller commits. `home` is the business to which the
/// platform's own account belongs.
///
/// # Errors
/// What the database refused.
pub async fn claim(scope: &Scope, home: TenantId, limit: i64) -> Result<Vec<Claimed>, DbErr> {
    let now = scope.now();
    let values: [Value; 2] = [now.into(), rules::ATTEMPTS.into()];
    scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, GIVE_UP, values)).await?;
    let values: [Value; 4] = [now.into(), rules::ATTEMPTS.into(), limit.into(), (now + rules::LEASE).into()];
    let rows = scope.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, CLAIM, values)).await?;
    let mut claimed = Vec::with_capacity(rows.len());
    for row in rows {
        let row = Row::from_query_result(&row, "")?;
        // it could be read when it was stored; one that somebody has spoilt since keeps nobody waiting
        let Some(event) = Event::read(&row.raw) else {
            tracing::error!(id = %row.id, "an event in the inbox cannot be read any more");
            continue;
        };
        claimed.push((row.id, row.attempts, Some(row.account).filter(|account| !account.is_empty()), event));
    }
    let places = place::of(
        scope,
        home,
        &claimed.iter().map(|(.., account, event)| (account.as_deref(), event)).collect::<Vec<_>>(),
    )
    .await?;
    let claimed = claimed.into_iter().zip(places);
    Ok(claimed.map(|((id, attempts, account, event), place)| Claimed { id, event, account, attempts, place }).collect())
}
