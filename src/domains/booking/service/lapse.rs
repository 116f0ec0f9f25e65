//! Holds that have expired: whoever needs their time takes it over in the same transaction. Nothing waits for a
//! clean-up, and of many who take it at once one does.

use ::entity::booking_allocations::MAX_OCCUPIED;
use ::entity::booking_holds::{Entity, Model};
use chrono::{DateTime, Utc};
use sea_orm::{DbBackend, EntityTrait, Statement, Value};

use crate::db::Scope;
use crate::domains::booking::events;
use crate::error::ApiError;

/// Ends the holds of a stretch of time, gives their time and seats back, and answers them. More than these at once are
/// left for the next one.
const LAPSE: &str = "
WITH due AS (
  SELECT id FROM app.booking_holds
  WHERE tenant_id = $1 AND status = 'held' AND expires_at <= $2 AND start_at < $4 AND end_at > $3
  ORDER BY id LIMIT 500 FOR UPDATE
), lapsed AS (
  UPDATE app.booking_holds h SET status = 'expired' FROM due WHERE h.tenant_id = $1 AND h.id = due.id RETURNING h.*
), freed AS (
  UPDATE app.booking_allocations a SET state = 'canceled' FROM lapsed
  WHERE a.tenant_id = $1 AND a.hold_id = lapsed.id AND a.state = 'held'
), seats AS (
  UPDATE app.class_sessions s SET taken = s.taken - given.seats
  FROM (SELECT class_session_id, sum(attendee_count) AS seats FROM lapsed WHERE class_session_id IS NOT NULL GROUP BY 1) given
  WHERE s.tenant_id = $1 AND s.id = given.class_session_id RETURNING s.id, s.taken
), let_go AS (
  UPDATE app.booking_allocations a SET state = 'canceled' FROM seats
  WHERE a.tenant_id = $1 AND a.class_session_id = seats.id AND seats.taken = 0 AND a.state = 'confirmed'
)
SELECT * FROM lapsed";

/// Takes over what was held from `start` to `end`, as far around as buffers reach, and has expired.
pub(super) async fn take_over(scope: &Scope, start: DateTime<Utc>, end: DateTime<Utc>) -> Result<Vec<Model>, ApiError> {
    let values: [Value; 4] =
        [scope.tenant()?.0.into(), scope.now().into(), (start - MAX_OCCUPIED).into(), (end + MAX_OCCUPIED).into()];
    let find = Entity::find().from_raw_sql(Statement::from_sql_and_values(DbBackend::Postgres, LAPSE, values));
    let lapsed = find.all(scope).await?;
    lapsed.iter().for_each(|hold| scope.emit(events::hold_expired(hold)));
    Ok(lapsed)
}
