//! pending or confirmed -> canceled; the time is free in the same transaction.

use ::entity::bookings::{Column, Model};
use ::entity::enums::CanceledBy;
use sea_orm::sea_query::Expr;
use uuid::Uuid;

use super::step::shift;
use super::{cover, payment, seats, waitlist};
use crate::db::Scope;
use crate::domains::booking::events;
use crate::domains::booking::rules::{CANCEL, Move};
use crate::error::ApiError;

/// Cancels a booking.
///
/// # Errors
/// 404, or 409 when it is past being canceled.
pub async fn cancel(scope: &Scope, id: Uuid, by: CanceledBy, reason: Option<String>) -> Result<Model, ApiError> {
    let booking = give_up(scope, id, &CANCEL, by, reason).await?;
    scope.emit(events::moved(&CANCEL, &booking));
    waitlist::offer_freed(scope, &booking).await?;
    Ok(booking)
}

/// Gives the booking's time or seats back, untold; and what paid for it, where it was canceled in time.
pub(super) async fn give_up(
    scope: &Scope,
    id: Uuid,
    step: &Move,
    by: CanceledBy,
    reason: Option<String>,
) -> Result<Model, ApiError> {
    let more = [(Column::CanceledBy, Expr::value(by.as_str())), (Column::CancelReason, Expr::value(reason))];
    let booking = shift(scope, id, step, more).await?;
    if let Some(session) = booking.class_session_id {
        seats::leave(scope, session, booking.attendee_count).await?;
    }
    // what another one takes the place of gives nothing back: its money goes along
    if *step == CANCEL {
        cover::settle(scope, &booking, by).await?;
        return payment::settle_canceled(scope, booking, by).await;
    }
    Ok(booking)
}
