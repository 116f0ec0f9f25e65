//! One statement that reads all that a search needs: the service, who and what can give it, their hours, exceptions,
//! busy times, and what counts towards limits. Busy times are read by plain bounds, never by range overlap: under
//! row-level security `&&` cannot use an index. The longest occupation (24 h) makes the lower bound right.

mod rows;

pub use rows::{
    BusyRow, CountedRow, Found, GroupRow, LimitPeriod, LimitRow, LinkRow, MoneyRow, ResourceRow, ServiceRow,
};

use ::entity::booking_allocations::MAX_OCCUPIED;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::db::Scope;
use crate::domains::scheduling::rules::LOOK_BACK_DAYS;
use crate::error::ApiError;

/// More resources than this are not searched at once.
pub const MAX_RESOURCES: i64 = 200;

/// More bookings than this are not counted towards the limits of one question: a limit is at most 1,000 bookings.
pub const MAX_COUNTED: i64 = 20_000;

/// Whose free time is asked for, and when.
#[derive(Clone, Debug)]
pub struct Asked {
    pub service: Uuid,
    /// `None`: every resource that gives the service.
    pub resource: Option<Uuid>,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    /// Whether appointments are told apart from their buffers: only an explanation needs it.
    pub bare: bool,
}

/// `$1` tenant, `$2` service, `$3` resource, `$4` and `$5` the stretch of time, `$6` and `$7` its dates with
/// the engine's look back and a margin for zones, `$8` the most resources, `$9` seconds of the longest occupation,
/// `$10` days of look back: where each booking anchors the grid anew, it takes those too to know where it stands;
/// `$11` whether appointments are told apart from their buffers; `$12` now: what was held until then is free; `$13` the
/// most bookings that are counted. A resource that was asked for stands for its group, unless the group gives several.
const READ: &str = "
WITH s AS (
  SELECT id, slug, name, category, duration_min, buffer_before_min, buffer_after_min, interval_min, notice_min, horizon_days,
         grid, capacity, price_cents, currency, requires_confirmation, active, limits_json AS limits, payment_mode, deposit_bps,
         deposit_cents, tax_bps, no_show_fee_bps, no_show_fee_cents
  FROM app.services WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL
), back AS (
  SELECT $4::timestamptz - make_interval(days => coalesce((SELECT $10::integer FROM s WHERE grid = 'free_start'), 0)) AS since
), g AS (
  SELECT position, pick, count, units FROM app.service_resource_groups WHERE tenant_id = $1 AND service_id = $2
), every AS MATERIALIZED (
  SELECT position, resource_id, priority, weight FROM app.service_resources WHERE tenant_id = $1 AND service_id = $2
), l AS MATERIALIZED (
  SELECT * FROM every WHERE $3::uuid IS NULL OR resource_id = $3
    OR position <> (SELECT min(position) FROM every WHERE resource_id = $3)
    OR position IN (SELECT position FROM g WHERE count > 1)
), r AS MATERIALIZED (
  SELECT r.id, r.name, r.type, r.tz, r.capacity, r.limits_json AS limits FROM app.resources r
  WHERE r.tenant_id = $1 AND r.deleted_at IS NULL AND r.is_active AND r.id IN (SELECT resource_id FROM l)
  ORDER BY r.name, r.id LIMIT $8
), o AS (
  SELECT o.resource_id, o.start_at, o.end_at, CASE WHEN NOT o.exclusive AND NOT o.overbooked THEN o.quantity END AS units,
    o.state = 'held' AS held, o.booking_id, c.id AS class_id, c.service_id, c.start_at AS class_start, c.end_at AS class_end,
    c.taken - coalesce((SELECT sum(h.attendee_count) FROM app.booking_holds h
      WHERE h.tenant_id = $1 AND h.class_session_id = c.id AND h.status = 'held' AND h.expires_at <= $12), 0) AS taken
  FROM r JOIN app.booking_allocations o ON o.tenant_id = $1 AND o.resource_id = r.id
    AND o.start_at > (SELECT since FROM back) - make_interval(secs => $9) AND o.start_at < $5 AND o.end_at > (SELECT since FROM back)
  LEFT JOIN app.class_sessions c ON c.tenant_id = $1 AND c.id = o.class_session_id
  WHERE coalesce(o.state IN ('held', 'pending', 'confirmed', 'checked_in'), false)
    AND coalesce(o.held_until > $12 OR o.state <> 'held', true)
)
SELECT
  (SELECT to_jsonb(s) FROM s) AS service,
  (SELECT settings_json FROM app.tenants WHERE id = $1) AS settings,
  (SELECT jsonb_build_object('charges_enabled', charges_enabled, 'no_show_fee_bps', default_no_show_fee_bps)
   FROM app.tenants WHERE id = $1) AS money,
  (SELECT coalesce(jsonb_agg(to_jsonb(r) || jsonb_build_object(
     'has_hours', EXISTS (SELECT FROM app.availability_rules a WHERE a.tenant_id = $1 AND a.resource_id = r.id),
     'assigned_at', (SELECT max(i.created_at) FROM app.booking_items i
        WHERE i.tenant_id = $1 AND i.resource_id = r.id AND EXISTS (SELECT FROM g WHERE pick = 'least_recent')),
     'picked_at', (SELECT max(i.created_at) FROM app.booking_items i
        WHERE i.tenant_id = $1 AND i.resource_id = r.id AND i.picked AND EXISTS (SELECT FROM g WHERE pick = 'round_robin')))
     ), '[]') FROM r) AS resources,
  (SELECT coalesce(jsonb_agg(to_jsonb(l)), '[]') FROM l) AS links,
  (SELECT coalesce(jsonb_agg(to_jsonb(g)), '[]') FROM g) AS groups,
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
     'units', o.units, 'held', o.held,
     'class', CASE WHEN o.class_id IS NOT NULL THEN jsonb_build_object('service_id', o.service_id, 'start_at', o.class_start,
        'end_at', o.class_end, 'taken', o.taken) END,
     'bare', CASE WHEN b.id IS NOT NULL THEN jsonb_build_object('start_at', b.start_at, 'end_at', b.end_at) END)), '[]')
   FROM o LEFT JOIN app.bookings b ON $11 AND b.tenant_id = $1 AND b.id = o.booking_id
   WHERE o.class_id IS NULL OR o.taken > 0) AS busy,
  (SELECT coalesce(jsonb_agg(to_jsonb(counted)), '[]') FROM (
     SELECT DISTINCT coalesce(b.class_session_id, b.id) AS of, NULL::uuid AS resource_id, b.start_at, b.end_at
     FROM app.bookings b
     WHERE b.tenant_id = $1 AND b.service_id = $2 AND b.start_at > $4 - interval '33 days' AND b.start_at < $5 + interval '33 days'
       AND b.status IN ('pending', 'confirmed', 'checked_in', 'completed') AND (SELECT limits FROM s) <> '[]'
     UNION
     SELECT DISTINCT coalesce(b.class_session_id, b.id), i.resource_id, i.start_at, i.end_at
     FROM r JOIN app.booking_items i ON i.tenant_id = $1 AND i.resource_id = r.id
       AND i.start_at > $4 - interval '33 days' AND i.start_at < $5 + interval '33 days'
     JOIN app.bookings b ON b.tenant_id = $1 AND b.id = i.booking_id
     WHERE r.limits <> '[]' AND b.status IN ('pending', 'confirmed', 'checked_in', 'completed')
     UNION
     SELECT coalesce(h.class_session_id, h.id), of.resource_id, h.start_at, h.end_at
     FROM app.booking_holds h
     JOIN LATERAL (SELECT NULL::uuid AS resource_id WHERE (SELECT limits FROM s) <> '[]' AND h.service_id = $2
                   UNION ALL SELECT r.id FROM r WHERE r.limits <> '[]' AND r.id = h.resource_id) of ON true
     WHERE h.tenant_id = $1 AND h.status = 'held' AND h.expires_at > $12
     LIMIT $13) counted) AS counted,
  EXISTS (SELECT FROM app.booking_holds h WHERE h.tenant_id = $1 AND h.status = 'held' AND h.expires_at <= $12) AS lapsed,
  (SELECT min(h.expires_at) FROM app.booking_holds h WHERE h.tenant_id = $1 AND h.status = 'held' AND h.expires_at > $12) AS lapses_at";

#[derive(FromQueryResult)]
struct Row {
    service: Option<Value>,
    settings: Option<Value>,
    money: Option<Value>,
    resources: Value,
    links: Value,
    groups: Value,
    rules: Value,
    exceptions: Value,
    busy: Value,
    counted: Value,
    lapsed: bool,
    lapses_at: Option<DateTime<Utc>>,
}

/// Reads it all in one round trip.
pub(super) async fn read(scope: &Scope, asked: &Asked) -> Result<Found, ApiError> {
    let margin = chrono::Days::new(2);
    let longest = MAX_OCCUPIED.num_seconds();
    // a slot that starts inside reaches out by its own length and buffers, which the longest occupation bounds
    let (from, to) = (asked.from - MAX_OCCUPIED, asked.to + MAX_OCCUPIED);
    let first = asked.from.date_naive() - chrono::Days::new(LOOK_BACK_DAYS.unsigned_abs().into());
    let values: [sea_orm::Value; 13] = [
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
        scope.now().into(),
        MAX_COUNTED.into(),
    ];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, READ, values)).await?;
    let row = row.ok_or_else(|| ApiError::internal("the availability query answered no row"))?;
    let row = Row::from_query_result(&row, "")?;
    Ok(Found {
        service: row.service.map(typed).transpose()?,
        settings: row.settings.unwrap_or_default(),
        money: row.money.map(typed).transpose()?.unwrap_or_default(),
        resources: typed(row.resources)?,
        links: typed(row.links)?,
        groups: typed(row.groups)?,
        rules: typed(row.rules)?,
        exceptions: typed(row.exceptions)?,
        busy: typed(row.busy)?,
        counted: typed(row.counted)?,
        lapsed: row.lapsed,
        lapses_at: row.lapses_at,
    })
}

fn typed<T: DeserializeOwned>(json: Value) -> Result<T, ApiError> {
    serde_json::from_value(json).map_err(ApiError::internal)
}
