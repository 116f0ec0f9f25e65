//! Writes a booking with its item and, unless it sits in a class, its allocation: one statement that
//! succeeds or fails whole. It also marks the customer's first booking: once, whatever becomes of it.

use ::entity::bookings::{Entity, Model};
use ::entity::enums::{BookingSource, BookingStatus};
use ::entity::ids::{BookingId, ClassSessionId, CustomerId, ResourceId};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{DbBackend, EntityTrait, Statement, Value};
use serde_json::json;
use uuid::Uuid;

use crate::db::Scope;
use crate::domains::scheduling::slots::ServiceRow;
use crate::error::ApiError;

/// A time that somebody takes.
pub(super) struct Taken {
    pub id: Uuid,
    pub customer: CustomerId,
    pub resource: ResourceId,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    pub status: BookingStatus,
    pub source: BookingSource,
    pub seats: u32,
    pub tz: Option<String>,
    pub client_generated_id: Option<String>,
    pub notes: Option<String>,
    /// The booking that this one takes the place of.
    pub rescheduled_from: Option<BookingId>,
}

const BOOKING: &str = "
WITH booking AS (
  INSERT INTO app.bookings (tenant_id, id, customer_id, service_id, resource_id, class_session_id, client_generated_id,
    service_snapshot, start_at, end_at, booking_tz, status, source, attendee_count, total_cents, currency, notes, confirmed_at,
    created_at, updated_at, rescheduled_from)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19, $23) RETURNING *
), item AS (
  INSERT INTO app.booking_items (tenant_id, id, booking_id, resource_id, service_id, start_at, end_at, buffer_before_min,
    buffer_after_min, price_cents, created_at, updated_at)
  SELECT tenant_id, $20, id, resource_id, service_id, start_at, end_at, $21, $22, total_cents, $19, $19 FROM booking
), customer AS (
  UPDATE app.customers c SET is_first_time = false, customer_first_booking_at = $19 FROM booking b
  WHERE c.tenant_id = $1 AND c.id = b.customer_id AND c.customer_first_booking_at IS NULL
)";

const ALLOCATION: &str = ", allocation AS (
  INSERT INTO app.booking_allocations (tenant_id, id, booking_id, resource_id, start_at, end_at, state, quantity, created_at, updated_at)
  SELECT tenant_id, $24, id, resource_id, $25, $26, status, attendee_count, $19, $19 FROM booking
)";

/// Takes the resource for this booking alone.
pub(super) async fn alone(scope: &Scope, service: &ServiceRow, taken: Taken) -> Result<Model, ApiError> {
    let (from, to) = occupied(service, &taken);
    let mut values = values(scope, service, taken, None)?;
    values.extend([scope.new_id().into(), from.into(), to.into()]);
    written(scope, &format!("{BOOKING}{ALLOCATION} SELECT * FROM booking"), values).await
}

/// Sits in a class that holds the resource.
pub(super) async fn seated(
    scope: &Scope,
    service: &ServiceRow,
    taken: Taken,
    session: ClassSessionId,
) -> Result<Model, ApiError> {
    let values = values(scope, service, taken, Some(session))?;
    written(scope, &format!("{BOOKING} SELECT * FROM booking"), values).await
}

/// What a booking of this service takes of the resource, buffers included.
pub(super) fn occupied(service: &ServiceRow, taken: &Taken) -> (DateTime<Utc>, DateTime<Utc>) {
    let minutes = |count: u32| TimeDelta::minutes(count.into());
    (taken.start - minutes(service.buffer_before_min), taken.end + minutes(service.buffer_after_min))
}

fn values(
    scope: &Scope,
    service: &ServiceRow,
    taken: Taken,
    session: Option<ClassSessionId>,
) -> Result<Vec<Value>, ApiError> {
    let snapshot = json!({
        "id": service.id, "slug": service.slug, "name": service.name, "category": service.category,
        "duration_min": service.duration_min, "buffer_before_min": service.buffer_before_min,
        "buffer_after_min": service.buffer_after_min, "price_cents": service.price_cents, "currency": service.currency,
    });
    let count = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let now = scope.now();
    let confirmed_at = (taken.status == BookingStatus::Confirmed).then_some(now);
    // each seat is paid for
    let total = service.price_cents.saturating_mul(i64::from(taken.seats.max(1)));
    Ok(vec![
        scope.tenant()?.0.into(),
        taken.id.into(),
        taken.customer.0.into(),
        service.id.into(),
        taken.resource.0.into(),
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
        scope.new_id().into(),
        count(service.buffer_before_min).into(),
        count(service.buffer_after_min).into(),
        taken.rescheduled_from.map(|booking| booking.0).into(),
    ])
}

async fn written(scope: &Scope, sql: &str, values: Vec<Value>) -> Result<Model, ApiError> {
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
    let booking = Entity::find().from_raw_sql(statement).one(scope).await?;
    booking.ok_or_else(|| ApiError::internal("the booking was not written"))
}
