//! What visitors do with their own bookings: within the windows that the business gives them, and always to the
//! newest of a chain, so that the link in the first mail stays good.

use ::entity::bookings::{Entity, Model};
use ::entity::enums::CanceledBy;
use ::entity::ids::BookingId;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, Statement};
use uuid::Uuid;

use super::cancel::cancel;
use super::reschedule::{NewTime, reschedule};
use crate::db::Scope;
use crate::domains::booking::dto::Own;
use crate::domains::booking::rules::windows::{Reason, Verdict, decide};
use crate::domains::booking::rules::{CANCEL, Move, RESCHEDULE};
use crate::domains::scheduling::slots::Freedom;
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};
use crate::guard::Timestamp;

/// How often a booking is followed to the one that took its place.
pub const LONGEST_CHAIN: i32 = 1_000;

const NEWEST: &str = "
WITH RECURSIVE chain AS (
  SELECT id, 0 AS step FROM app.bookings WHERE tenant_id = $1 AND id = $2
  UNION ALL
  SELECT b.id, c.step + 1 FROM chain c JOIN app.bookings b ON b.tenant_id = $1 AND b.rescheduled_from = c.id
  WHERE c.step < $3
)
SELECT b.* FROM app.bookings b JOIN chain c ON c.id = b.id WHERE b.tenant_id = $1 ORDER BY c.step DESC, b.id DESC LIMIT 1";

/// The booking of an id, or the last one that took its place.
///
/// # Errors
/// 404.
pub async fn newest(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    let values: [sea_orm::Value; 3] = [scope.tenant()?.0.into(), id.into(), LONGEST_CHAIN.into()];
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, NEWEST, values);
    let found = Entity::find().from_raw_sql(statement).one(scope).await?;
    found.ok_or_else(|| ApiError::of(Code::BookingNotFound))
}

const CHAIN: &str = "
WITH RECURSIVE chain AS (
  SELECT id, rescheduled_from, 0 AS step FROM app.bookings WHERE tenant_id = $1 AND id = $2
  UNION ALL
  SELECT b.id, b.rescheduled_from, c.step + 1 FROM chain c JOIN app.bookings b ON b.tenant_id = $1 AND b.id = c.rescheduled_from
  WHERE c.step < $3
)
SELECT id FROM chain";

/// The booking of an id as it is now, with all whose place it took: what was paid for any of them was paid for it.
///
/// # Errors
/// 404.
pub async fn chain(scope: &Scope, id: Uuid) -> Result<Vec<BookingId>, ApiError> {
    let newest = newest(scope, id).await?;
    let values: [sea_orm::Value; 3] = [scope.tenant()?.0.into(), newest.id.0.into(), LONGEST_CHAIN.into()];
    let rows = scope.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, CHAIN, values)).await?;
    Ok(rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?)
}

/// What the visitor who made a booking may do with it now.
pub fn own(tenant: &Tenant, booking: &Model, now: DateTime<Utc>) -> Own {
    let decide = |window| decide(window, booking.status, booking.start_at, now);
    Own { cancel: decide(tenant.booking.cancel_window_min), reschedule: decide(tenant.booking.reschedule_window_min) }
}

/// Cancels a visitor's booking.
///
/// # Errors
/// 404; 409 when it is past being canceled; 422 when the business does not let visitors, or not any more.
pub async fn cancel_own(scope: &Scope, tenant: &Tenant, id: Uuid, reason: Option<String>) -> Result<Model, ApiError> {
    let booking = newest(scope, id).await?;
    allow(&booking, own(tenant, &booking, scope.now()).cancel, &CANCEL)?;
    cancel(scope, booking.id.0, CanceledBy::Customer, reason).await
}

/// Moves a visitor's booking to another of the listed times, with whom it is now.
///
/// # Errors
/// As [`cancel_own`]; 409 with the next free times when the time cannot be had.
pub async fn reschedule_own(scope: &Scope, tenant: &Tenant, id: Uuid, start: DateTime<Utc>) -> Result<Model, ApiError> {
    let booking = newest(scope, id).await?;
    allow(&booking, own(tenant, &booking, scope.now()).reschedule, &RESCHEDULE)?;
    let to = NewTime { start_at: start, resource_id: None, freedom: Freedom::Listed, by: CanceledBy::Customer };
    reschedule(scope, tenant, booking.id.0, to).await
}

fn allow(booking: &Model, verdict: Verdict, step: &Move) -> Result<(), ApiError> {
    let Some(reason) = verdict.refusal else { return Ok(()) };
    let done = step.done;
    let refusal = match reason {
        Reason::State => {
            let status = booking.status.as_str().replace('_', " ");
            let sentence = format!("A booking that is {status} cannot be {done}.");
            ApiError::new(Code::BookingInvalidState, sentence).with("state", booking.status.as_str())
        }
        Reason::Begun => {
            ApiError::new(Code::BookingInvalidState, format!("A booking that has begun cannot be {done}."))
                .with("state", booking.status.as_str())
        }
        Reason::Never => {
            ApiError::new(Code::RuleViolation, format!("Please ask the business: a booking is not {done} here."))
        }
        Reason::TooLate => {
            ApiError::new(Code::RuleViolation, format!("It is too late: this booking cannot be {done} here any more."))
        }
    };
    let refusal = refusal.with("reason", reason.as_str());
    Err(match verdict.until {
        Some(until) => refusal.with("until", serde_json::json!(Timestamp::new(until))),
        None => refusal,
    })
}
