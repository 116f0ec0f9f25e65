//! Makes a booking of a hold. The same rows change hands: at no moment is the time free, and no seat is counted twice.

use ::entity::booking_holds::{Column, Entity, Model};
use ::entity::bookings;
use ::entity::enums::HoldStatus;
use ::entity::ids::BookingHoldId;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, QueryFilter, QuerySelect, Statement, Value};
use uuid::Uuid;

use crate::db::{Scope, row};
use crate::domains::booking::service::insert::{self, Part, Taken};
use crate::domains::booking::service::{seats, take};
use crate::domains::scheduling::slots::Board;
use crate::error::{ApiError, Code};

/// What holds the time: the hold's own allocations, or those of the class in which it has seats.
const PARTS: &str = "
SELECT resource_id, quantity FROM app.booking_allocations WHERE tenant_id = $1 AND hold_id = $2 AND state = 'held'
UNION ALL
SELECT resource_id, quantity FROM app.booking_allocations WHERE tenant_id = $1 AND class_session_id = $3 AND state = 'confirmed'";

/// A hold that is good, locked, with what it holds.
pub(in crate::domains::booking::service) struct Held {
    pub row: Model,
    parts: Vec<Part>,
}

impl Held {
    /// Whom the customer meets, then the others.
    pub fn resources(&self) -> Vec<Uuid> {
        self.parts.iter().map(|part| part.resource).collect()
    }
}

/// Locks a hold for the booking that it is to become. `None`: it has expired, and its time may be taken anew on the same
/// terms, if nobody else has it.
pub(in crate::domains::booking::service) async fn claim(
    scope: &Scope,
    id: BookingHoldId,
    board: &Board,
) -> Result<Option<Held>, ApiError> {
    let good = row::live::<Entity>(scope)?
        .filter(Column::Id.eq(id))
        .filter(Column::Status.eq(HoldStatus::Held))
        .filter(Column::ExpiresAt.gt(scope.now()));
    let Some(hold) = good.lock_exclusive().one(scope).await? else {
        let gone = row::find::<Entity>(scope, id.0).await?;
        return lapsed(&gone, board).map(|()| None);
    };
    let session = hold.class_session_id.map(|session| session.0);
    let values: [Value; 3] = [scope.tenant()?.0.into(), id.0.into(), session.into()];
    let rows = scope.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, PARTS, values)).await?;
    let parts = seats::joined(&rows, hold.resource_id.0)?;
    Ok(Some(Held { row: hold, parts }))
}

/// What became of a hold that is not good any more. An expired one promises no price: only the same one is taken anew.
fn lapsed(hold: &Model, board: &Board) -> Result<(), ApiError> {
    let refused = |sentence: &str, reason: &str| Err(ApiError::new(Code::HoldExpired, sentence).with("reason", reason));
    match hold.status {
        HoldStatus::Redeemed => refused("This time has been booked with this hold already.", "redeemed"),
        HoldStatus::Released => refused("This time was given up.", "released"),
        HoldStatus::Held | HoldStatus::Expired => {
            let price = board.service.price_cents.saturating_mul(hold.attendee_count.into());
            if price == hold.total_cents && board.service.currency == hold.currency {
                Ok(())
            } else {
                refused("The reserved time has expired, and the price is another now.", "price")
            }
        }
    }
}

/// Writes the booking over the hold's time, at the price that was promised.
pub(in crate::domains::booking::service) async fn redeem(
    scope: &Scope,
    board: &Board,
    held: Held,
    taken: Taken,
) -> Result<bookings::Model, ApiError> {
    let Held { row, parts } = held;
    let taken = Taken { parts, total_cents: row.total_cents, ..taken };
    insert::held(scope, &board.service, taken, &row).await.map_err(take::refused)
}

/// A time that was held and that somebody else has by now.
pub(in crate::domains::booking::service) fn too_late(refusal: ApiError) -> ApiError {
    match refusal.code() {
        Code::BookingConflict | Code::SlotUnavailable => {
            let reason = refusal.extra().get("reason").cloned().unwrap_or_else(|| "booked".into());
            ApiError::new(Code::HoldExpired, "The reserved time has expired and cannot be had any more.")
                .with("reason", reason)
        }
        _ => refusal,
    }
}
