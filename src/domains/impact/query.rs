//! Three statements: the bookings that a change may touch, the hours of their resources, and what a service needs.

use chrono::{DateTime, Days, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use super::rules::{Calendars, Needs};
use crate::db::Scope;
use crate::error::ApiError;
use crate::kernel::interval::Interval;

/// Bookings that are looked at.
pub const MOST: i64 = 10_000;
/// How far ahead.
const AHEAD: TimeDelta = TimeDelta::days(731);
/// Dates beside those of the bookings that are read: a window of a neighbouring date may reach over.
const MARGIN: Days = Days::new(5);

/// Whose bookings a change may touch.
#[derive(Clone, Debug)]
pub enum Touched {
    Resource(Uuid),
    Service(Uuid),
    /// The whole business.
    Everybody,
}

/// An active future booking.
#[derive(Clone, Debug, Deserialize)]
pub struct BookingRow {
    pub id: Uuid,
    pub start_at: DateTime<Utc>,
    pub end_at: DateTime<Utc>,
    pub resource_id: Uuid,
    pub resource: String,
    pub service_id: Uuid,
    pub service: String,
    pub customer: String,
    /// Everybody and everything that it takes.
    pub resource_ids: Vec<Uuid>,
}

/// `$1` tenant, `$2` and `$3` the stretch of time, `$4` service, `$5` resource, `$6` the most. A class is one allocation
/// with many bookings; what it gave up when it was empty is not its own any more. Occupied time begins before the
/// booking's own, by at most a day.
const BOOKINGS: &str = "
WITH touched AS (
  SELECT b.id FROM app.bookings b
  WHERE b.tenant_id = $1 AND b.start_at > $2 AND b.start_at < $3
    AND (($4::uuid IS NULL AND $5::uuid IS NULL) OR b.service_id = $4 OR b.resource_id = $5)
  UNION
  SELECT a.booking_id FROM app.booking_allocations a
  WHERE a.tenant_id = $1 AND a.resource_id = $5 AND a.start_at > $2 - interval '1 day' AND a.start_at < $3
    AND a.booking_id IS NOT NULL AND a.state IN ('pending', 'confirmed')
  UNION
  SELECT b.id FROM app.booking_allocations a
  JOIN app.bookings b ON b.tenant_id = $1 AND b.class_session_id = a.class_session_id
  WHERE a.tenant_id = $1 AND a.resource_id = $5 AND a.start_at > $2 - interval '1 day' AND a.start_at < $3
    AND a.state = 'confirmed'
)
SELECT coalesce(jsonb_agg(to_jsonb(x) ORDER BY x.start_at, x.id), '[]') AS bookings FROM (
  SELECT b.id, b.start_at, b.end_at, b.resource_id, r.name AS resource, b.service_id, s.name AS service,
         c.display_name AS customer,
         (SELECT jsonb_agg(every.id) FROM (
            SELECT b.resource_id AS id
            UNION SELECT a.resource_id FROM app.booking_allocations a
                  WHERE a.tenant_id = $1 AND a.booking_id = b.id AND a.state IN ('pending', 'confirmed')
            UNION SELECT a.resource_id FROM app.booking_allocations a
                  WHERE a.tenant_id = $1 AND a.class_session_id = b.class_session_id AND a.state = 'confirmed') every) AS resource_ids
  FROM touched t
  JOIN app.bookings b ON b.tenant_id = $1 AND b.id = t.id
  JOIN app.resources r ON r.tenant_id = $1 AND r.id = b.resource_id
  JOIN app.services s ON s.tenant_id = $1 AND s.id = b.service_id
  JOIN app.customers c ON c.tenant_id = $1 AND c.id = b.customer_id
  WHERE b.status IN ('pending', 'confirmed') AND b.start_at > $2 AND b.start_at < $3
  ORDER BY b.start_at, b.id LIMIT $6
) x";

/// `$1` tenant, `$2` resources, `$3` and `$4` the dates.
const CALENDARS: &str = "
SELECT
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'type', r.type, 'tz', coalesce(r.tz, t.tz),
     'capacity', r.capacity)), '[]')
   FROM app.resources r JOIN app.tenants t ON t.id = r.tenant_id WHERE r.tenant_id = $1 AND r.id = ANY ($2)) AS resources,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('resource_id', a.resource_id, 'weekday', a.weekday, 'starts', a.starts,
     'ends', a.ends, 'valid_from', a.valid_from, 'valid_until', a.valid_until)), '[]')
   FROM app.availability_rules a WHERE a.tenant_id = $1 AND a.resource_id = ANY ($2)) AS rules,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('resource_id', e.resource_id, 'exception_date', e.exception_date,
     'is_available', e.is_available, 'starts', e.starts, 'ends', e.ends)), '[]')
   FROM app.availability_exceptions e
   WHERE e.tenant_id = $1 AND e.exception_date BETWEEN $3 AND $4
     AND (e.resource_id IS NULL OR e.resource_id = ANY ($2))) AS exceptions";

/// `$1` tenant, `$2` service: whoever could be each group's, and how many of them it takes. Whoever is gone serves nobody.
const NEEDS: &str = "
SELECT coalesce(jsonb_agg(jsonb_build_object('count', coalesce(g.count, 1), 'members', l.members) ORDER BY l.position), '[]') AS needs
FROM (
  SELECT l.position, jsonb_agg(l.resource_id) AS members
  FROM app.service_resources l JOIN app.resources r ON r.tenant_id = l.tenant_id AND r.id = l.resource_id
  WHERE l.tenant_id = $1 AND l.service_id = $2 AND r.deleted_at IS NULL GROUP BY l.position
) l LEFT JOIN app.service_resource_groups g ON g.tenant_id = $1 AND g.service_id = $2 AND g.position = l.position";

#[derive(FromQueryResult)]
struct Row {
    resources: Value,
    rules: Value,
    exceptions: Value,
}

/// The active bookings of the next two years, in the order of their times.
pub async fn bookings(scope: &Scope, touched: &Touched) -> Result<Vec<BookingRow>, ApiError> {
    let (service, resource) = match touched {
        Touched::Resource(id) => (None, Some(*id)),
        Touched::Service(id) => (Some(*id), None),
        Touched::Everybody => (None, None),
    };
    let now = scope.now();
    let values: [sea_orm::Value; 6] =
        [scope.tenant()?.0.into(), now.into(), (now + AHEAD).into(), service.into(), resource.into(), MOST.into()];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, BOOKINGS, values)).await?;
    let row = row.ok_or_else(|| ApiError::internal("the query for bookings answered no row"))?;
    typed(row.try_get("", "bookings")?)
}

/// The hours of everybody whom these bookings need, as they stand now.
pub async fn calendars(scope: &Scope, bookings: &[BookingRow]) -> Result<Calendars, ApiError> {
    let mut ids: Vec<Uuid> = bookings.iter().flat_map(|booking| booking.resource_ids.iter().copied()).collect();
    ids.sort_unstable();
    ids.dedup();
    let first = bookings.iter().map(|booking| booking.start_at).min().unwrap_or_else(|| scope.now());
    let last = bookings.iter().map(|booking| booking.end_at).max().unwrap_or(first);
    hours(scope, ids, &Interval::new(first, last)).await
}

/// The hours of resources around a stretch of time, as they stand now.
pub async fn hours(scope: &Scope, ids: Vec<Uuid>, around: &Interval<DateTime<Utc>>) -> Result<Calendars, ApiError> {
    let values: [sea_orm::Value; 4] = [
        scope.tenant()?.0.into(),
        ids.into(),
        (around.start.date_naive() - MARGIN).into(),
        (around.end.date_naive() + MARGIN).into(),
    ];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, CALENDARS, values)).await?;
    let row = row.ok_or_else(|| ApiError::internal("the query for hours answered no row"))?;
    let row = Row::from_query_result(&row, "")?;
    Ok(Calendars::new(typed(row.resources)?, typed(row.rules)?, typed(row.exceptions)?))
}

/// What a service needs, as it stands now.
pub async fn needs(scope: &Scope, service: Uuid) -> Result<Needs, ApiError> {
    let values: [sea_orm::Value; 2] = [scope.tenant()?.0.into(), service.into()];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, NEEDS, values)).await?;
    let row = row.ok_or_else(|| ApiError::internal("the query for needs answered no row"))?;
    Ok(Needs::new(typed(row.try_get("", "needs")?)?))
}

fn typed<T: DeserializeOwned>(json: Value) -> Result<T, ApiError> {
    serde_json::from_value(json).map_err(ApiError::internal)
}
