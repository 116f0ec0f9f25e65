//! Seats of a class: one session a start, its seats counted by a guarded update. Never count, then insert.

use ::entity::ids::ClassSessionId;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, Value};
use uuid::Uuid;

use super::insert::{Part, occupied, parts};
use crate::db::Scope;
use crate::domains::scheduling::slots::ServiceRow;
use crate::error::{ApiError, Code};

/// The session. One that exists takes the seats that the service has now, so that what is listed can be booked; never
/// fewer than are taken. One that is empty ends when the service does now. Whoever comes second waits here.
const OPEN: &str = "
INSERT INTO app.class_sessions (tenant_id, id, service_id, resource_id, start_at, end_at, capacity, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
ON CONFLICT (tenant_id, service_id, resource_id, start_at)
  DO UPDATE SET capacity = greatest(excluded.capacity, class_sessions.taken),
    end_at = CASE WHEN class_sessions.taken = 0 THEN excluded.end_at ELSE class_sessions.end_at END";

/// Seats, if there are so many left.
const SIT: &str = "
UPDATE app.class_sessions SET taken = taken + $5
WHERE tenant_id = $1 AND service_id = $2 AND resource_id = $3 AND start_at = $4 AND taken + $5 <= capacity RETURNING id";

/// The first one in takes the resources for the class; whoever joins finds them. A statement of its own: it must see
/// what whoever emptied the class has committed while `OPEN` waited. In the order of the resources, as everybody.
const HOLD: &str = "
WITH held AS (
  SELECT resource_id, quantity FROM app.booking_allocations
  WHERE tenant_id = $1 AND class_session_id = $2 AND state = 'confirmed'
), taken AS (
  INSERT INTO app.booking_allocations (tenant_id, id, class_session_id, resource_id, start_at, end_at, state, quantity, created_at, updated_at)
  SELECT $1, p.allocation, $2, p.resource, $3, $4, 'confirmed', p.units, $5, $5
  FROM jsonb_to_recordset($6) AS p (allocation uuid, resource uuid, units integer)
  WHERE NOT EXISTS (SELECT FROM held) ORDER BY p.resource
)
SELECT resource_id, quantity FROM held";

/// Seats given back; a session without any lets its resource go.
const LEAVE: &str = "
WITH seat AS (
  UPDATE app.class_sessions SET taken = taken - $3 WHERE tenant_id = $1 AND id = $2 RETURNING id, taken
)
UPDATE app.booking_allocations a SET state = 'canceled' FROM seat
WHERE a.tenant_id = $1 AND a.class_session_id = seat.id AND seat.taken = 0";

/// Seats that are wanted.
pub(super) struct Sitting<'a> {
    /// Of a class that is held already they become the class's own.
    pub parts: &'a mut Vec<Part>,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    pub seats: u32,
}

/// Takes seats in the class of that start.
pub(super) async fn take(scope: &Scope, service: &ServiceRow, taken: Sitting<'_>) -> Result<ClassSessionId, ApiError> {
    let tenant = scope.tenant()?.0;
    let met = taken.parts.first().ok_or_else(|| ApiError::internal("a class takes at least one resource"))?.resource;
    let (from, to) = occupied(service, taken.start, taken.end);
    let count = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let open: [Value; 8] = [
        tenant.into(),
        scope.new_id().into(),
        service.id.into(),
        met.into(),
        taken.start.into(),
        taken.end.into(),
        count(service.capacity).into(),
        scope.now().into(),
    ];
    scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, OPEN, open)).await?;
    let sit: [Value; 5] = [tenant.into(), service.id.into(), met.into(), taken.start.into(), count(taken.seats).into()];
    let seat = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, SIT, sit)).await?;
    let Some(seat) = seat else {
        return Err(ApiError::new(Code::BookingConflict, "There are not enough seats left.").with("reason", "capacity"));
    };
    let session: Uuid = seat.try_get("", "id")?;
    let hold: [Value; 6] =
        [tenant.into(), session.into(), from.into(), to.into(), scope.now().into(), parts(scope, taken.parts).into()];
    let held = scope.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, HOLD, hold)).await?;
    if !held.is_empty() {
        *taken.parts = joined(&held, met)?;
    }
    Ok(ClassSessionId(session))
}

/// The resources of a class that is held already: whom one meets first.
pub(super) fn joined(held: &[QueryResult], met: Uuid) -> Result<Vec<Part>, ApiError> {
    let part = |row: &QueryResult| -> Result<Part, DbErr> {
        let units: i32 = row.try_get("", "quantity")?;
        let units = u32::try_from(units).unwrap_or(1);
        Ok(Part { resource: row.try_get("", "resource_id")?, units, picked: false })
    };
    let mut parts = held.iter().map(part).collect::<Result<Vec<_>, _>>()?;
    parts.sort_by_key(|part| (part.resource != met, part.resource));
    Ok(parts)
}

/// Gives the seats of a canceled booking back.
pub(super) async fn leave(scope: &Scope, session: ClassSessionId, seats: i32) -> Result<(), ApiError> {
    let values: [Value; 3] = [scope.tenant()?.0.into(), session.0.into(), seats.into()];
    scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, LEAVE, values)).await?;
    Ok(())
}
