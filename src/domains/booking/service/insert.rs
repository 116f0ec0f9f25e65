//! Writes a booking with its items and, unless it sits in a class, its allocations: one statement that succeeds or
//! fails whole. It also marks the customer's first booking: once, whatever becomes of it.

use ::entity::booking_holds;
use ::entity::bookings::{Entity, Model};
use ::entity::enums::{BookingSource, BookingStatus};
use ::entity::ids::{BookingId, BookingSeriesId, ClassSessionId, CustomerId};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{DbBackend, EntityTrait, Statement, Value};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::payment::Money;
use crate::db::Scope;
use crate::domains::scheduling::slots::{Assigned, ServiceRow};
use crate::error::ApiError;
use crate::kernel::zone::{Zone, tzdb_version};

/// A time that somebody takes.
pub(super) struct Taken {
    pub id: Uuid,
    pub customer: CustomerId,
    /// The first is whom the customer meets.
    pub parts: Vec<Part>,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    pub status: BookingStatus,
    pub source: BookingSource,
    pub seats: u32,
    pub tz: Option<String>,
    /// Where it takes place, by whose clock it was agreed upon.
    pub home: Zone,
    pub client_generated_id: Option<String>,
    pub notes: Option<String>,
    /// The booking that this one takes the place of.
    pub rescheduled_from: Option<BookingId>,
    /// The rule of repetition that it comes of, and its place there.
    pub series: Option<(BookingSeriesId, u32)>,
    /// The visit that it belongs to.
    pub itinerary: Option<Uuid>,
    /// Somebody else has the time: taken all the same.
    pub overbooked: bool,
    /// The time is not listed: taken on purpose.
    pub unlisted: bool,
    /// The price of all seats.
    pub total_cents: i64,
    pub money: Money,
}

/// A resource that a booking takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub resource: Uuid,
    pub units: u32,
    pub picked: bool,
}

impl From<&Assigned<'_>> for Part {
    fn from(assigned: &Assigned<'_>) -> Self {
        Self { resource: assigned.resource.id, units: assigned.units, picked: assigned.picked }
    }
}

const BOOKING: &str = "
WITH booking AS (
  INSERT INTO app.bookings (tenant_id, id, customer_id, service_id, resource_id, class_session_id, client_generated_id,
    service_snapshot, start_at, end_at, booking_tz, status, source, attendee_count, total_cents, currency, notes, confirmed_at,
    created_at, updated_at, rescheduled_from, series_id, series_index, itinerary_id, overbooked, wall_start, wall_tz, tzdata,
    unlisted, payment_mode, payment_status, payment_due_at, payment_due_cents, paid_cents, discount_cents, refunded_cents,
    tax_bps, tax_included, no_show_fee_cents, confirm_by_hand, payment_intent_id)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19, $20, $21, $22, $23, $24,
    $25, $26, $27, $31, m.payment_mode, m.payment_status, m.payment_due_at, m.payment_due_cents, m.paid_cents, m.discount_cents,
    m.refunded_cents, m.tax_bps, m.tax_included, m.no_show_fee_cents, m.confirm_by_hand, m.payment_intent_id
  FROM jsonb_to_record($32) AS m (payment_mode text, payment_status text, payment_due_at timestamptz, payment_due_cents bigint,
    paid_cents bigint, discount_cents bigint, refunded_cents bigint, tax_bps integer, tax_included boolean,
    no_show_fee_cents bigint, confirm_by_hand boolean, payment_intent_id text)
  RETURNING *
), customer AS (
  UPDATE app.customers c SET is_first_time = false, customer_first_booking_at = $19 FROM booking b
  WHERE c.tenant_id = $1 AND c.id = b.customer_id AND c.customer_first_booking_at IS NULL
), item AS (
  INSERT INTO app.booking_items (tenant_id, id, booking_id, resource_id, service_id, start_at, end_at, buffer_before_min,
    buffer_after_min, price_cents, position, picked, created_at, updated_at)
  SELECT b.tenant_id, p.item, b.id, p.resource, b.service_id, b.start_at, b.end_at, $28, $29,
    CASE WHEN p.position = 0 THEN b.total_cents ELSE 0 END, p.position, p.picked, $19, $19
  FROM booking b, jsonb_to_recordset($30)
    AS p (item uuid, allocation uuid, resource uuid, position smallint, picked boolean, units integer)
)";

/// In the order of the resources: whoever waits for a shared one waits in the same order as everybody.
const ALLOCATION: &str = ", allocation AS (
  INSERT INTO app.booking_allocations (tenant_id, id, booking_id, resource_id, start_at, end_at, state, quantity, overbooked,
    created_at, updated_at)
  SELECT b.tenant_id, p.allocation, b.id, p.resource, $33, $34, b.status, p.units, b.overbooked, $19, $19
  FROM booking b, jsonb_to_recordset($30) AS p (allocation uuid, resource uuid, units integer) ORDER BY p.resource
)";

/// The hold's time stays where it is and changes hands; who waited for it waits no more.
const REDEEMED: &str = ", allocation AS (
  UPDATE app.booking_allocations a SET booking_id = b.id, hold_id = NULL, held_until = NULL, state = b.status
  FROM booking b WHERE a.tenant_id = $1 AND a.hold_id = $33
), redeemed AS (
  UPDATE app.booking_holds h SET status = 'redeemed', booking_id = b.id, visitor_hash = NULL
  FROM booking b WHERE h.tenant_id = $1 AND h.id = $33
), waited AS (
  UPDATE app.waitlist_entries w SET status = 'booked', booking_id = b.id, offer_expires_at = NULL
  FROM booking b WHERE w.tenant_id = $1 AND w.hold_id = $33 AND w.status = 'offered'
)";

/// Takes the resources for this booking alone.
pub(super) async fn alone(scope: &Scope, service: &ServiceRow, taken: Taken) -> Result<Model, ApiError> {
    let (from, to) = occupied(service, taken.start, taken.end);
    let parts = parts(scope, &taken.parts);
    let mut values = values(scope, service, taken, None, parts)?;
    values.extend([from.into(), to.into()]);
    written(scope, &format!("{BOOKING}{ALLOCATION} SELECT * FROM booking"), values).await
}

/// Sits in a class that holds the resources; the parts are the class's.
pub(super) async fn seated(
    scope: &Scope,
    service: &ServiceRow,
    taken: Taken,
    session: ClassSessionId,
) -> Result<Model, ApiError> {
    let parts = parts(scope, &taken.parts);
    let values = values(scope, service, taken, Some(session), parts)?;
    written(scope, &format!("{BOOKING} SELECT * FROM booking"), values).await
}

/// Takes what a hold has kept: its resources or its seats become the booking's, and the hold has done its work.
pub(super) async fn held(
    scope: &Scope,
    service: &ServiceRow,
    taken: Taken,
    hold: &booking_holds::Model,
) -> Result<Model, ApiError> {
    let parts = parts(scope, &taken.parts);
    let mut values = values(scope, service, taken, hold.class_session_id, parts)?;
    values.push(hold.id.0.into());
    written(scope, &format!("{BOOKING}{REDEEMED} SELECT * FROM booking"), values).await
}

/// What an appointment of this service takes of its resources, buffers included.
pub(super) fn occupied(
    service: &ServiceRow,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
) -> (DateTime<Utc>, DateTime<Utc>) {
    let minutes = |count: u32| TimeDelta::minutes(count.into());
    (start - minutes(service.buffer_before_min), end + minutes(service.buffer_after_min))
}

/// The parts with ids of their own, as one parameter.
pub(super) fn parts(scope: &Scope, parts: &[Part]) -> Json {
    let rows = parts.iter().enumerate().map(|(position, part)| {
        json!({
            "item": scope.new_id(), "allocation": scope.new_id(), "resource": part.resource, "position": position,
            "picked": part.picked, "units": part.units,
        })
    });
    rows.collect()
}

fn values(
    scope: &Scope,
    service: &ServiceRow,
    taken: Taken,
    session: Option<ClassSessionId>,
    parts: Json,
) -> Result<Vec<Value>, ApiError> {
    let snapshot = json!({
        "id": service.id, "slug": service.slug, "name": service.name, "category": service.category,
        "duration_min": service.duration_min, "buffer_before_min": service.buffer_before_min,
        "buffer_after_min": service.buffer_after_min, "price_cents": service.price_cents, "currency": service.currency,
    });
    let met = taken.parts.first().ok_or_else(|| ApiError::internal("a booking takes at least one resource"))?;
    let count = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let now = scope.now();
    let confirmed_at = (taken.status == BookingStatus::Confirmed).then_some(now);
    let (total, money) = (taken.total_cents, taken.money.columns(taken.total_cents));
    Ok(vec![
        scope.tenant()?.0.into(),
        taken.id.into(),
        taken.customer.0.into(),
        service.id.into(),
        met.resource.into(),
        session.map(|session| session.0).into(),
        taken.client_generated_id.into(),
        snapshot.into(),
        taken.start.into(),
        taken.end.into(),
        taken.tz.into(),
        taken.status.as_str().into(),
        taken.source.as_str().into(),
        count(taken.seats).into(),
        total.into(),
        service.currency.as_str().into(),
        taken.notes.into(),
        confirmed_at.into(),
        now.into(),
        taken.rescheduled_from.map(|booking| booking.0).into(),
        taken.series.map(|(series, _)| series.0).into(),
        taken.series.map(|(_, index)| count(index)).into(),
        taken.itinerary.into(),
        taken.overbooked.into(),
        taken.home.local(taken.start).into(),
        taken.home.name().into(),
        tzdb_version().into(),
        count(service.buffer_before_min).into(),
        count(service.buffer_after_min).into(),
        parts.into(),
        taken.unlisted.into(),
        money.into(),
    ])
}

/// What so many seats cost at today's price: each is paid for.
pub(super) fn usual_total(service: &ServiceRow, seats: u32) -> i64 {
    service.price_cents.saturating_mul(i64::from(seats.max(1)))
}

async fn written(scope: &Scope, sql: &str, values: Vec<Value>) -> Result<Model, ApiError> {
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
    let booking = Entity::find().from_raw_sql(statement).one(scope).await?;
    booking.ok_or_else(|| ApiError::internal("the booking was not written"))
}
