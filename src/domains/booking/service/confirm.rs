//! pending -> confirmed, as one guarded update: of two that confirm at once, one does.

use ::entity::bookings::{Column, Entity, Model};
use ::entity::enums::BookingStatus;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::db::{Scope, row};
use crate::domains::booking::events;
use crate::error::{ApiError, Code};

/// Confirms a pending booking.
///
/// # Errors
/// 404, or 409 when it is not pending.
pub async fn confirm(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    let moved = Entity::update_many()
        .col_expr(Column::Status, Expr::value(BookingStatus::Confirmed.as_str()))
        .col_expr(Column::ConfirmedAt, Expr::value(scope.now()))
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::Id.eq(id))
        .filter(Column::Status.eq(BookingStatus::Pending))
        .exec_with_returning(scope)
        .await?;
    match moved.into_iter().next() {
        Some(booking) => {
            scope.emit(events::confirmed(&booking));
            Ok(booking)
        }
        None => Err(wrong_state(scope, id, "confirmed").await?),
    }
}

/// Why a booking did not move: it is not there, or it is somewhere else in its life.
pub(super) async fn wrong_state(scope: &Scope, id: Uuid, wanted: &str) -> Result<ApiError, ApiError> {
    let booking = row::find::<Entity>(scope, id).await?;
    let detail = format!("A booking that is {} cannot be {wanted}.", booking.status.as_str().replace('_', " "));
    Ok(ApiError::new(Code::BookingInvalidState, detail).with("status", booking.status.as_str()))
}
