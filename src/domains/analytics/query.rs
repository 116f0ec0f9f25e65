//! The statements of the dashboard. Each answers one document, so that all its figures are of one moment.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

use crate::db::Scope;
use crate::error::ApiError;

/// What was counted in a stretch of time, by the start of the bookings.
#[derive(Debug, Deserialize)]
pub struct Figures {
    /// Without those that were moved elsewhere.
    pub by_status: BTreeMap<String, u64>,
    /// How many were moved elsewhere.
    pub rescheduled: u64,
    pub revenue: Vec<Takings>,
    pub customers: u64,
    /// Of them, those who had booked an earlier time.
    pub returning: u64,
    pub services: Vec<Use>,
    pub resources: Vec<Use>,
    /// Whatever the stretch: all that wait and are still to come.
    pub pending: u64,
}

/// What was booked in one currency.
#[derive(Debug, Deserialize)]
pub struct Takings {
    pub currency: String,
    pub total_cents: i64,
    pub bookings: u64,
}

/// How much of a service, or of who or what gives it, was booked.
#[derive(Debug, Deserialize)]
pub struct Use {
    pub id: Uuid,
    pub name: String,
    pub bookings: u64,
    pub seats: u64,
    /// Buffers left out; a class counts once, however many sit in it.
    pub minutes: u64,
}

/// Somebody who gives a service.
#[derive(Debug, Deserialize)]
pub struct Giver {
    pub service_id: Uuid,
    pub resource_id: Uuid,
}

/// The next things to happen.
#[derive(Debug, Deserialize)]
pub struct Heads {
    pub today: Vec<Line>,
    pub next: Vec<Line>,
}

/// A booking in a line.
#[derive(Debug, Deserialize)]
pub struct Line {
    pub id: Uuid,
    pub status: String,
    pub start_at: DateTime<Utc>,
    pub end_at: DateTime<Utc>,
    pub attendee_count: i32,
    pub customer_name: String,
    pub service_name: String,
    pub resource_name: String,
}

/// `$1` tenant, `$2` and `$3` the stretch, `$4` now, `$5` the most services and resources. A booking that another one
/// took the place of is canceled and moved: as such it tells nothing.
const FIGURES: &str = "
WITH b AS MATERIALIZED (
  SELECT b.id, b.customer_id, b.service_id, b.start_at, b.end_at, b.status, b.attendee_count, b.total_cents, b.currency,
    coalesce(b.class_session_id, b.id) AS sitting, b.status IN ('canceled', 'failed') AS off,
    b.status = 'canceled' AND EXISTS (
      SELECT FROM app.bookings n WHERE n.tenant_id = $1 AND n.rescheduled_from = b.id) AS moved
  FROM app.bookings b WHERE b.tenant_id = $1 AND b.start_at >= $2 AND b.start_at < $3
), given AS (
  SELECT service_id AS id, sitting, count(*) AS bookings, sum(attendee_count) AS seats,
    extract(epoch FROM max(end_at) - min(start_at)) / 60 AS minutes
  FROM b WHERE NOT off GROUP BY service_id, sitting
), held AS (
  SELECT i.resource_id AS id, b.sitting, count(DISTINCT b.id) AS bookings, sum(b.attendee_count) AS seats,
    extract(epoch FROM max(i.end_at) - min(i.start_at)) / 60 AS minutes
  FROM b JOIN app.booking_items i ON i.tenant_id = $1 AND i.booking_id = b.id
  WHERE NOT b.off GROUP BY i.resource_id, b.sitting
), who AS (
  SELECT c.customer_id, EXISTS (
    SELECT FROM app.bookings e
    WHERE e.tenant_id = $1 AND e.customer_id = c.customer_id AND e.start_at < $2 AND e.status NOT IN ('canceled', 'failed')
  ) AS back
  FROM (SELECT DISTINCT customer_id FROM b WHERE NOT off) c
)
SELECT jsonb_build_object(
  'by_status', (SELECT coalesce(jsonb_object_agg(status, n), '{}') FROM (
     SELECT status, count(*) AS n FROM b WHERE NOT moved GROUP BY status) s),
  'rescheduled', (SELECT count(*) FROM b WHERE moved),
  'revenue', (SELECT coalesce(jsonb_agg(to_jsonb(r) ORDER BY r.currency), '[]') FROM (
     SELECT currency, sum(total_cents)::bigint AS total_cents, count(*) AS bookings
     FROM b WHERE status IN ('confirmed', 'checked_in', 'completed') GROUP BY currency) r),
  'customers', (SELECT count(*) FROM who),
  'returning', (SELECT count(*) FROM who WHERE back),
  'services', (SELECT coalesce(jsonb_agg(to_jsonb(u) ORDER BY u.minutes DESC, u.name, u.id), '[]') FROM (
     SELECT s.id, s.name, sum(g.bookings)::bigint AS bookings, sum(g.seats)::bigint AS seats, sum(g.minutes)::bigint AS minutes
     FROM given g JOIN app.services s ON s.tenant_id = $1 AND s.id = g.id
     GROUP BY s.id, s.name ORDER BY sum(g.minutes) DESC, s.name, s.id LIMIT $5) u),
  'resources', (SELECT coalesce(jsonb_agg(to_jsonb(u) ORDER BY u.minutes DESC, u.name, u.id), '[]') FROM (
     SELECT r.id, r.name, sum(h.bookings)::bigint AS bookings, sum(h.seats)::bigint AS seats, sum(h.minutes)::bigint AS minutes
     FROM held h JOIN app.resources r ON r.tenant_id = $1 AND r.id = h.id
     GROUP BY r.id, r.name ORDER BY sum(h.minutes) DESC, r.name, r.id LIMIT $5) u),
  'pending', (SELECT count(*) FROM app.bookings p WHERE p.tenant_id = $1 AND p.status = 'pending' AND p.start_at >= $4)
) AS answer";

/// `$1` tenant, `$2` and `$3` today, `$4` now, `$5` the most lines of today, `$6` of those to come.
const HEADS: &str = "
WITH today AS (
  SELECT b.* FROM app.bookings b
  WHERE b.tenant_id = $1 AND b.start_at >= $2 AND b.start_at < $3 AND b.status NOT IN ('canceled', 'failed')
  ORDER BY b.start_at, b.id LIMIT $5
), next AS (
  SELECT b.* FROM app.bookings b
  WHERE b.tenant_id = $1 AND b.start_at >= $4 AND b.status IN ('pending', 'confirmed')
  ORDER BY b.start_at, b.id LIMIT $6
), line AS (
  SELECT a.place, a.id, a.status, a.start_at, a.end_at, a.attendee_count,
    c.display_name AS customer_name, s.name AS service_name, r.name AS resource_name
  FROM (SELECT 'today' AS place, * FROM today UNION ALL SELECT 'next', * FROM next) a
  JOIN app.customers c ON c.tenant_id = $1 AND c.id = a.customer_id
  JOIN app.services s ON s.tenant_id = $1 AND s.id = a.service_id
  JOIN app.resources r ON r.tenant_id = $1 AND r.id = a.resource_id
)
SELECT jsonb_build_object(
  'today', (SELECT coalesce(jsonb_agg(to_jsonb(line) ORDER BY start_at, id), '[]') FROM line WHERE place = 'today'),
  'next', (SELECT coalesce(jsonb_agg(to_jsonb(line) ORDER BY start_at, id), '[]') FROM line WHERE place = 'next')
) AS answer";

/// `$1` tenant, `$2` services, `$3` the most rows: whom the customers of each could meet.
const GIVERS: &str = "
SELECT coalesce(jsonb_agg(jsonb_build_object('service_id', g.service_id, 'resource_id', g.resource_id)), '[]') AS answer FROM (
  SELECT l.service_id, l.resource_id FROM app.service_resources l
  JOIN app.resources r ON r.tenant_id = $1 AND r.id = l.resource_id AND r.deleted_at IS NULL AND r.is_active
  WHERE l.tenant_id = $1 AND l.service_id = ANY ($2) AND l.position = (
    SELECT min(f.position) FROM app.service_resources f WHERE f.tenant_id = $1 AND f.service_id = l.service_id)
  ORDER BY l.service_id, l.resource_id LIMIT $3) g";

/// Whom the customers of these services could meet.
pub(super) async fn givers(scope: &Scope, services: Vec<Uuid>, most: i64) -> Result<Vec<Giver>, ApiError> {
    one(scope, GIVERS, vec![scope.tenant()?.0.into(), services.into(), most.into()]).await
}

/// The figures of the bookings that begin in the stretch.
pub(super) async fn figures(
    scope: &Scope,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    most: u64,
) -> Result<Figures, ApiError> {
    let tenant = scope.tenant()?.0;
    let most = i64::try_from(most).map_err(ApiError::internal)?;
    one(scope, FIGURES, vec![tenant.into(), from.into(), to.into(), scope.now().into(), most.into()]).await
}

/// What happens today, and what comes next.
pub(super) async fn heads(
    scope: &Scope,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    today: u32,
    next: u32,
) -> Result<Heads, ApiError> {
    let tenant = scope.tenant()?.0;
    let (today, next) = (i64::from(today), i64::from(next));
    let values = vec![tenant.into(), from.into(), to.into(), scope.now().into(), today.into(), next.into()];
    one(scope, HEADS, values).await
}

async fn one<T: DeserializeOwned>(scope: &Scope, sql: &str, values: Vec<sea_orm::Value>) -> Result<T, ApiError> {
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    let row = row.ok_or_else(|| ApiError::internal("the figures were not answered"))?;
    serde_json::from_value(row.try_get::<Value>("", "answer")?).map_err(ApiError::internal)
}
