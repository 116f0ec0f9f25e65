//! Holds that end without a booking. Whoever needs the time of one that has expired takes it over in the same
//! transaction: nothing waits for a clean-up, and of many who take it at once one does.

use ::entity::booking_allocations::MAX_OCCUPIED;
use ::entity::booking_holds::{Entity, Model};
use chrono::{DateTime, Utc};
use sea_orm::{DbBackend, EntityTrait, Statement, Value};
use uuid::Uuid;

use crate::db::Scope;
use crate::domains::booking::events;
use crate::domains::scheduling::slots::Board;
use crate::error::ApiError;

/// The holds of a stretch of time that have expired. More than these at once are left for the next one.
const LAPSED: &str = "
WITH due AS (
  SELECT id FROM app.booking_holds
  WHERE tenant_id = $1 AND status = 'held' AND expires_at <= $2 AND start_at < $4 AND end_at > $3
  ORDER BY id LIMIT 500 FOR UPDATE
), ended AS (
  UPDATE app.booking_holds h SET status = 'expired' FROM due WHERE h.tenant_id = $1 AND h.id = due.id RETURNING h.*
)";

/// One hold that somebody gives up.
const GIVEN_UP: &str = "
WITH ended AS (
  UPDATE app.booking_holds h SET status = CASE WHEN h.expires_at > $2 THEN 'released' ELSE 'expired' END
  WHERE h.tenant_id = $1 AND h.id = $3 AND h.status = 'held' RETURNING h.*
)";

/// Gives time and seats of ended holds back, and answers the holds. Whoever did not take an offer stands behind the
/// others again; after the third they wait no more.
const FREED: &str = ", freed AS (
  UPDATE app.booking_allocations a SET state = 'canceled' FROM ended
  WHERE a.tenant_id = $1 AND a.hold_id = ended.id AND a.state = 'held'
), seats AS (
  UPDATE app.class_sessions s SET taken = s.taken - given.seats
  FROM (SELECT class_session_id, sum(attendee_count) AS seats FROM ended WHERE class_session_id IS NOT NULL GROUP BY 1) given
  WHERE s.tenant_id = $1 AND s.id = given.class_session_id RETURNING s.id, s.taken
), let_go AS (
  UPDATE app.booking_allocations a SET state = 'canceled' FROM seats
  WHERE a.tenant_id = $1 AND a.class_session_id = seats.id AND seats.taken = 0 AND a.state = 'confirmed'
), passed AS (
  UPDATE app.waitlist_entries w SET status = CASE WHEN w.offers < 3 THEN 'waiting' ELSE 'expired' END, queued_at = $2,
    offer_expires_at = NULL
  FROM ended WHERE w.tenant_id = $1 AND w.id = ended.waitlist_entry_id AND w.hold_id = ended.id AND w.status = 'offered'
)
SELECT * FROM ended";

/// Takes over what was held from `start` to `end`, as far around as buffers reach, and has expired.
pub(super) async fn take_over(scope: &Scope, start: DateTime<Utc>, end: DateTime<Utc>) -> Result<Vec<Model>, ApiError> {
    let values =
        vec![scope.tenant()?.0.into(), scope.now().into(), (start - MAX_OCCUPIED).into(), (end + MAX_OCCUPIED).into()];
    let lapsed = end_holds(scope, LAPSED, values).await?;
    lapsed.iter().for_each(|hold| scope.emit(events::hold_expired(hold)));
    Ok(lapsed)
}

/// The same, where the board says that there is something to take over.
pub(super) async fn before(
    scope: &Scope,
    board: &Board,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
) -> Result<Vec<Model>, ApiError> {
    if board.has_lapsed_holds() { take_over(scope, start, end).await } else { Ok(Vec::new()) }
}

/// Ends one hold before its time; `None` when it has ended already.
pub(super) async fn give_up(scope: &Scope, id: Uuid) -> Result<Option<Model>, ApiError> {
    let values = vec![scope.tenant()?.0.into(), scope.now().into(), id.into()];
    Ok(end_holds(scope, GIVEN_UP, values).await?.pop())
}

async fn end_holds(scope: &Scope, which: &str, values: Vec<Value>) -> Result<Vec<Model>, ApiError> {
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, format!("{which}{FREED}"), values);
    Ok(Entity::find().from_raw_sql(statement).all(scope).await?)
}
