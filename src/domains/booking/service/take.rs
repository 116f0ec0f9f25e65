//! Takes a time: the listing decides first, the constraint last, both in this transaction.

use ::entity::bookings::Model;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::DbErr;
use serde_json::{Value, json};

use super::insert::{self, Taken};
use super::seats;
use crate::db::Scope;
use crate::domains::scheduling::slots::{Board, ServiceRow, Wish, next_free};
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code, database};

/// The constraint that two bookings of one time meet.
const OVERLAP: &str = "booking_no_overlap";

/// The board around a start, wide enough that the one with the least to do on that day is known.
pub(super) async fn board(
    scope: &Scope,
    tenant: &Tenant,
    wish: &Wish,
    start: DateTime<Utc>,
) -> Result<Board, ApiError> {
    let margin = TimeDelta::hours(12);
    Board::read(scope, tenant, wish, start - margin, start + margin).await
}

/// Writes a time that the board has, alone or in a class.
///
/// # Errors
/// 409 when somebody else was faster.
pub(super) async fn write(scope: &Scope, service: &ServiceRow, taken: Taken) -> Result<Model, ApiError> {
    let written = match service.capacity {
        0 | 1 => insert::alone(scope, service, taken).await,
        _ => {
            let session = seats::take(scope, service, &taken).await.map_err(refused)?;
            insert::seated(scope, service, taken, session).await
        }
    };
    written.map_err(refused)
}

/// A refusal of a time, with others that can be had. Any other refusal stays as it is.
pub(super) async fn with_others(
    scope: &Scope,
    tenant: &Tenant,
    wish: &Wish,
    start: DateTime<Utc>,
    refusal: ApiError,
) -> ApiError {
    if refusal.code() != Code::BookingConflict && refusal.code() != Code::SlotUnavailable {
        return refusal;
    }
    metrics::counter!("booking_conflicts_total").increment(1);
    // gives the connection back first: as many refused ones as the pool is large would wait for each other
    scope.roll_back().await;
    let others = next_free(scope, tenant, wish, start).await;
    let others: Vec<Value> = others
        .iter()
        .map(|offer| json!({ "start": offer.start, "end": offer.end, "local_start": offer.local_start, "resource_id": offer.resource_id }))
        .collect();
    refusal.with("next_free", others)
}

/// A lost race reads like a time that was taken all along.
fn refused(error: ApiError) -> ApiError {
    let overlap = std::error::Error::source(&error)
        .and_then(|source| source.downcast_ref::<DbErr>())
        .and_then(database::failure)
        .is_some_and(|failure| failure.constraint.as_deref() == Some(OVERLAP));
    if overlap { ApiError::new(Code::BookingConflict, "This time is taken.").with("reason", "booked") } else { error }
}
