//! One statement that reads all that a search needs: the service, who can give it, their hours, exceptions
//! and busy times. Busy times are read by plain bounds, never by range overlap: under row-level security
//! `&&` cannot use an index. The longest occupation (24 h) makes the lower bound right.

use ::entity::booking_allocations::MAX_OCCUPIED;
use ::entity::enums::SlotGrid;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::db::Scope;
use crate::domains::scheduling::rules::LOOK_BACK_DAYS;
use crate::error::ApiError;

/// More resources than this are not searched at once.
pub const MAX_RESOURCES: i64 = 200;

/// Whose free time is asked for, and when.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `None`: the resource's free time, whatever for.
    pub service: Option<Uuid>,
    /// `None`: every resource that gives the service.
    pub resource: Option<Uuid>,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    /// Whether appointments are told apart from their buffers: only an explanation needs it.
    pub bare: bool,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Found {
    pub service: Option<ServiceRow>,
    /// `tenants.settings_json`
    pub settings: Value,
    pub resources: Vec<ResourceRow>,
    pub rules: Vec<RuleRow>,
    pub exceptions: Vec<ExceptionRow>,
    pub busy: Vec<BusyRow>,
}

/// A service, as far as time and price are concerned.
#[derive(Clone, Debug, Deserialize)]
pub struct ServiceRow {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub category: Option<String>,
    pub duration_min: u32,
    pub buffer_before_min: u32,
    pub buffer_after_min: u32,
    pub interval_min: Option<u32>,
    pub notice_min: u32,
    pub horizon_days: Option<u32>,
    pub grid: SlotGrid,
    pub capacity: u32,
    pub price_cents: i64,
    pub currency: String,
    pub requires_confirmation: bool,
    pub active: bool,
}

/// Somebody or something that can be booked.
#[derive(Clone, Debug, Deserialize)]
pub struct ResourceRow {
    pub id: Uuid,
    pub name: String,
    pub tz: Option<String>,
}

/// A weekly window.
#[derive(Clone, Debug, Deserialize)]
pub struct RuleRow {
    pub resource_id: Uuid,
    /// Monday is 0.
    pub weekday: u8,
    pub starts: String,
    pub ends: String,
    pub valid_from: Option<NaiveDate>,
    pub valid_until: Option<NaiveDate>,
}

/// Another opening or closure of a date.
#[derive(Clone, Debug, Deserialize)]
pub struct ExceptionRow {
    /// `None`: the whole business.
    pub resource_id: Option<Uuid>,
    pub exception_date: NaiveDate,
    pub is_available: bool,
    pub starts: Option<String>,
    pub ends: Option<String>,
}

/// Time that is taken, buffers included.
#[derive(Clone, Debug, Deserialize)]
pub struct BusyRow {
    pub resource_id: Uuid,
    pub start_at: DateTime<Utc>,
    pub end_at: DateTime<Utc>,
    pub class: Option<ClassRow>,
    /// The appointment without its buffers, where that was asked for.
    pub bare: Option<BareRow>,
}

/// An appointment's own time.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct BareRow {
    pub start_at: DateTime<Utc>,
    pub end_at: DateTime<Utc>,
}

/// The class that took it: its seats may be shared.
#[derive(Clone, Debug, Deserialize)]
pub struct ClassRow {
    pub service_id: Uuid,
    pub start_at: DateTime<Utc>,
    pub end_at: DateTime<Utc>,
    pub taken: u32,
}

/// `$1` tenant, `$2` service, `$3` resource, `$4` and `$5` the stretch of time, `$6` and `$7` its dates with
/// the engine's look back and a margin for zones, `$8` the most resources, `$9` seconds of the longest occupation,
/// `$10` days of look back: where each booking anchors the grid anew, it takes those too to know where it stands; `$11` whether appointments are told apart from their buffers.
const READ: &str = "
WITH s AS (
  SELECT id, slug, name, category, duration_min, buffer_before_min, buffer_after_min, interval_min, notice_min, horizon_days,
         grid, capacity, price_cents, currency, requires_confirmation, active
  FROM app.services WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL
), back AS (
  SELECT $4::timestamptz - make_interval(days => coalesce((SELECT $10::integer FROM s WHERE grid = 'free_start'), 0)) AS since
), r AS MATERIALIZED (
  SELECT r.id, r.name, r.tz FROM app.resources r
  WHERE r.tenant_id = $1 AND r.deleted_at IS NULL AND r.is_active AND ($3::uuid IS NULL OR r.id = $3)
    AND ($2::uuid IS NULL OR EXISTS (
      SELECT FROM app.service_resources l WHERE l.tenant_id = $1 AND l.service_id = $2 AND l.resource_id = r.id))
  ORDER BY r.name, r.id LIMIT $8
)
SELECT
  (SELECT to_jsonb(s) FROM s) AS service,
  (SELECT settings_json FROM app.tenants WHERE id = $1) AS settings,
  (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM r) AS resources,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('resource_id', a.resource_id, 'weekday', a.weekday, 'starts', a.starts,
     'ends', a.ends, 'valid_from', a.valid_from, 'valid_until', a.valid_until)), '[]')
   FROM app.availability_rules a JOIN r ON r.id = a.resource_id
   WHERE a.tenant_id = $1 AND (a.valid_from IS NULL OR a.valid_from <= $7) AND (a.valid_until IS NULL OR a.valid_until >= $6)) AS rules,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('resource_id', e.resource_id, 'exception_date', e.exception_date,
     'is_available', e.is_available, 'starts', e.starts, 'ends', e.ends)), '[]')
   FROM app.availability_exceptions e
   WHERE e.tenant_id = $1 AND e.exception_date BETWEEN $6 AND $7
     AND (e.resource_id IS NULL OR e.resource_id IN (SELECT id FROM r))) AS exceptions,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('resource_id', o.resource_id, 'start_at', o.start_at, 'end_at', o.end_at,
     'class', CASE WHEN c.id IS NOT NULL THEN jsonb_build_object('service_id', c.service_id, 'start_at', c.start_at,
        'end_at', c.end_at, 'taken', c.taken) END,
     'bare', CASE WHEN b.id IS NOT NULL THEN jsonb_build_object('start_at', b.start_at, 'end_at', b.end_at) END)), '[]')
   FROM r JOIN app.booking_allocations o ON o.tenant_id = $1 AND o.resource_id = r.id
     AND o.start_at > (SELECT since FROM back) - make_interval(secs => $9) AND o.start_at < $5 AND o.end_at > (SELECT since FROM back)
   LEFT JOIN app.class_sessions c ON c.tenant_id = $1 AND c.id = o.class_session_id
   LEFT JOIN app.bookings b ON $11 AND b.tenant_id = $1 AND b.id = o.booking_id
   WHERE coalesce(o.state IN ('held', 'pending', 'confirmed', 'checked_in'), false)) AS busy";

#[derive(FromQueryResult)]
struct Row {
    service: Option<Value>,
    settings: Option<Value>,
    resources: Value,
    rules: Value,
    exceptions: Value,
    busy: Value,
}

/// Reads it all in one round trip.
pub(super) async fn read(scope: &Scope, asked: &Asked) -> Result<Found, ApiError> {
    let margin = chrono::Days::new(2);
    let longest = MAX_OCCUPIED.num_seconds();
    // a slot that starts inside reaches out by its own length and buffers, which the longest occupation bounds
    let (from, to) = (asked.from - MAX_OCCUPIED, asked.to + MAX_OCCUPIED);
    let first = asked.from.date_naive() - chrono::Days::new(LOOK_BACK_DAYS.unsigned_abs().into());
    let values: [sea_orm::Value; 11] = [
        scope.tenant()?.0.into(),
        asked.service.into(),
        asked.resource.into(),
        from.into(),
        to.into(),
        (first - margin).into(),
        (asked.to.date_naive() + margin).into(),
        MAX_RESOURCES.into(),
        (longest as f64).into(),
        LOOK_BACK_DAYS.into(),
        asked.bare.into(),
    ];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, READ, values)).await?;
    let row = row.ok_or_else(|| ApiError::internal("the availability query answered no row"))?;
    let row = Row::from_query_result(&row, "")?;
    Ok(Found {
        service: row.service.map(typed).transpose()?,
        settings: row.settings.unwrap_or_default(),
        resources: typed(row.resources)?,
        rules: typed(row.rules)?,
        exceptions: typed(row.exceptions)?,
        busy: typed(row.busy)?,
    })
}

fn typed<T: DeserializeOwned>(json: Value) -> Result<T, ApiError> {
    serde_json::from_value(json).map_err(ApiError::internal)
}
