//! Seats of a class: one session a start, its seats counted by a guarded update. Never count, then insert.

use ::entity::ids::ClassSessionId;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use uuid::Uuid;

use super::insert::{Taken, occupied};
use crate::db::Scope;
use crate::domains::scheduling::slots::ServiceRow;
use crate::error::{ApiError, Code};

/// The session with the allocation that holds the resource for it. One that exists takes the seats that the service
/// has now, so that what is listed can be booked; never fewer than are taken.
const OPEN: &str = "
WITH session AS (
  INSERT INTO app.class_sessions (tenant_id, id, service_id, resource_id, start_at, end_at, capacity, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
  ON CONFLICT (tenant_id, service_id, resource_id, start_at)
    DO UPDATE SET capacity = greatest(excluded.capacity, class_sessions.taken) RETURNING *
)
INSERT INTO app.booking_allocations (tenant_id, id, class_session_id, resource_id, start_at, end_at, state, created_at, updated_at)
SELECT tenant_id, $9, id, resource_id, $10, $11, 'confirmed', $8, $8 FROM session WHERE id = $2";

/// Seats, if there are so many left.
const SIT: &str = "
UPDATE app.class_sessions SET taken = taken + $5
WHERE tenant_id = $1 AND service_id = $2 AND resource_id = $3 AND start_at = $4 AND taken + $5 <= capacity RETURNING id";

/// A session that had been emptied takes its resource again. A statement of its own: it must see what whoever
/// emptied it has committed while `OPEN` waited for the session's row.
const REOPEN: &str = "
UPDATE app.booking_allocations SET state = 'confirmed'
WHERE tenant_id = $1 AND class_session_id = $2 AND state <> 'confirmed'";

/// Seats given back; a session without any lets its resource go.
const LEAVE: &str = "
WITH seat AS (
  UPDATE app.class_sessions SET taken = taken - $3 WHERE tenant_id = $1 AND id = $2 RETURNING id, taken
)
UPDATE app.booking_allocations a SET state = 'canceled' FROM seat
WHERE a.tenant_id = $1 AND a.class_session_id = seat.id AND seat.taken = 0";

/// Takes the seats of a booking.
pub(super) async fn take(scope: &Scope, service: &ServiceRow, taken: &Taken) -> Result<ClassSessionId, ApiError> {
    let tenant = scope.tenant()?.0;
    let (from, to) = occupied(service, taken);
    let count = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let open: [Value; 11] = [
        tenant.into(),
        scope.new_id().into(),
        service.id.into(),
        taken.resource.0.into(),
        taken.start.into(),
        taken.end.into(),
        count(service.capacity).into(),
        scope.now().into(),
        scope.new_id().into(),
        from.into(),
        to.into(),
    ];
    scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, OPEN, open)).await?;
    let sit: [Value; 5] =
        [tenant.into(), service.id.into(), taken.resource.0.into(), taken.start.into(), count(taken.seats).into()];
    let seat = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, SIT, sit)).await?;
    let Some(seat) = seat else {
        return Err(ApiError::new(Code::BookingConflict, "There are not enough seats left.").with("reason", "capacity"));
    };
    let session: Uuid = seat.try_get("", "id")?;
    let reopen: [Value; 2] = [tenant.into(), session.into()];
    scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, REOPEN, reopen)).await?;
    Ok(ClassSessionId(session))
}

/// Gives the seats of a canceled booking back.
pub(super) async fn leave(scope: &Scope, session: ClassSessionId, seats: i32) -> Result<(), ApiError> {
    let values: [Value; 3] = [scope.tenant()?.0.into(), session.0.into(), seats.into()];
    scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, LEAVE, values)).await?;
    Ok(())
}
