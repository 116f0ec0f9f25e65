//! One step in a booking's life, as one guarded update: of two who do it at once, one does.

use ::entity::bookings::{Column, Entity, Model};
use ::entity::enums::BookingStatus;
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::db::{Scope, row};
use crate::domains::booking::events;
use crate::domains::booking::rules::Move;
use crate::domains::{loyalty, promotions};
use crate::error::{ApiError, Code};

/// Takes the step and tells it. A booking that took place earns its points, and rewards whoever brought the customer.
///
/// # Errors
/// 404, or 409 when the booking is elsewhere in its life, or has not begun.
pub async fn step(scope: &Scope, id: Uuid, step: &Move) -> Result<Model, ApiError> {
    // what not coming costs is due from then on, where the business asks for anything
    let fee = "CASE WHEN no_show_fee_cents > 0 THEN 'due' ELSE 'none' END";
    let booking = match step.to {
        BookingStatus::NoShow => shift(scope, id, step, [(Column::NoShowFeeStatus, Expr::cust(fee))]).await?,
        _ => shift(scope, id, step, []).await?,
    };
    scope.emit(events::moved(step, &booking));
    if booking.status == BookingStatus::Completed {
        promotions::booking_completed(scope, booking.customer_id, &booking.currency).await?;
        loyalty::award(scope, booking.customer_id, booking.id, booking.total_cents, &booking.currency).await?;
    }
    Ok(booking)
}

/// Takes the step, untold, and writes `more` with it.
pub(super) async fn shift<const N: usize>(
    scope: &Scope,
    id: Uuid,
    step: &Move,
    more: [(Column, SimpleExpr); N],
) -> Result<Model, ApiError> {
    let stamp = stamp(step.to).map(|column| (column, Expr::value(scope.now())));
    let mut update = Entity::update_many()
        .col_expr(Column::Status, Expr::value(step.to.as_str()))
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::Id.eq(id))
        .filter(Column::Status.is_in(step.from.iter().copied()));
    for (column, value) in stamp.into_iter().chain(more) {
        update = update.col_expr(column, value);
    }
    if step.once_begun {
        update = update.filter(Column::StartAt.lte(scope.now()));
    }
    match update.exec_with_returning(scope).await?.into_iter().next() {
        Some(booking) => Ok(booking),
        None => Err(refusal(scope, id, step).await?),
    }
}

/// Why a booking did not move: it is not there, it is elsewhere in its life, or it is too early.
async fn refusal(scope: &Scope, id: Uuid, step: &Move) -> Result<ApiError, ApiError> {
    let booking = row::find::<Entity>(scope, id).await?;
    let sentence = step.refusal(booking.status, booking.start_at, scope.now());
    let sentence = sentence.unwrap_or_else(|| "The booking has just been changed.".into());
    Ok(ApiError::new(Code::BookingInvalidState, sentence).with("state", booking.status.as_str()))
}

/// Where the moment of a step is kept. That somebody did not come has none of its own.
fn stamp(to: BookingStatus) -> Option<Column> {
    match to {
        BookingStatus::Confirmed => Some(Column::ConfirmedAt),
        BookingStatus::CheckedIn => Some(Column::CheckedInAt),
        BookingStatus::Completed => Some(Column::CompletedAt),
        BookingStatus::Canceled => Some(Column::CanceledAt),
        BookingStatus::Pending | BookingStatus::NoShow | BookingStatus::Failed => None,
    }
}
