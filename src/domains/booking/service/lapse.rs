//! Holds that end without a booking. Whoever needs the time of one that has expired takes it over in the same
//! transaction: nothing waits for a clean-up, and of many who take it at once one does. They end what is in their way and
//! no more: the round ends the rest.

use ::entity::booking_holds::{Entity, Model};
use chrono::{DateTime, Utc};
use sea_orm::{DbBackend, EntityTrait, Statement, Value};
use uuid::Uuid;

use super::insert::occupied;
use crate::db::Scope;
use crate::domains::booking::events;
use crate::domains::scheduling::slots::Board;
use crate::error::ApiError;

/// The expired holds that are in the way of whoever takes these resources (`$5`) from `$3` to `$4`: their own time, or
/// their seats in a class that has a resource. Every one of them is ended: each is in the way. `LIMIT` keeps a class of
/// thousands from being emptied at once.
const IN_THE_WAY: &str = "
WITH met AS (
  SELECT a.hold_id, a.class_session_id FROM app.booking_allocations a
  WHERE a.tenant_id = $1 AND a.resource_id = ANY ($5) AND a.start_at > $3 - interval '1 day' AND a.start_at < $4 AND a.end_at > $3
    AND a.state IN ('held', 'confirmed')
), due AS (
  SELECT h.id FROM app.booking_holds h
  WHERE h.tenant_id = $1 AND h.status = 'held' AND h.expires_at <= $2
    AND (h.id IN (SELECT hold_id FROM met) OR h.class_session_id IN (SELECT class_session_id FROM met))
  ORDER BY h.id LIMIT 500 FOR UPDATE
), ended AS (
  UPDATE app.booking_holds h SET status = 'expired', visitor_hash = NULL
  FROM due WHERE h.tenant_id = $1 AND h.id = due.id RETURNING h.*
)";

/// The expired holds of the business. More than these at once are left for the next round.
const LAPSED: &str = "
WITH due AS (
  SELECT id FROM app.booking_holds WHERE tenant_id = $1 AND status = 'held' AND expires_at <= $2
  ORDER BY id LIMIT 500 FOR UPDATE
), ended AS (
  UPDATE app.booking_holds h SET status = 'expired', visitor_hash = NULL
  FROM due WHERE h.tenant_id = $1 AND h.id = due.id RETURNING h.*
)";

/// One hold that somebody gives up.
const GIVEN_UP: &str = "
WITH ended AS (
  UPDATE app.booking_holds h SET status = CASE WHEN h.expires_at > $2 THEN 'released' ELSE 'expired' END,
    visitor_hash = NULL
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

/// Ends what was held and has expired in the way of this time, where the board says that there may be something. What is
/// not in the way waits for the round.
pub(super) async fn before(
    scope: &Scope,
    board: &Board,
    resources: Vec<Uuid>,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
) -> Result<Vec<Model>, ApiError> {
    if !board.has_lapsed_holds() {
        return Ok(Vec::new());
    }
    let (from, to) = occupied(&board.service, start, end);
    let values = vec![scope.tenant()?.0.into(), scope.now().into(), from.into(), to.into(), resources.into()];
    told(scope, end_holds(scope, IN_THE_WAY, values).await?)
}

/// Ends whatever has expired, a bounded number at a time.
pub(super) async fn sweep(scope: &Scope) -> Result<Vec<Model>, ApiError> {
    let values = vec![scope.tenant()?.0.into(), scope.now().into()];
    told(scope, end_holds(scope, LAPSED, values).await?)
}

fn told(scope: &Scope, lapsed: Vec<Model>) -> Result<Vec<Model>, ApiError> {
    lapsed.iter().for_each(|hold| scope.emit(events::hold_expired(hold)));
    Ok(lapsed)
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
