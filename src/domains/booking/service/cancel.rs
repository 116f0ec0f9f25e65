//! pending or confirmed -> canceled, as one guarded update; the time is free in the same transaction.

use ::entity::bookings::{Column, Entity, Model};
use ::entity::enums::{BookingStatus, CanceledBy};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::confirm::wrong_state;
use super::seats;
use crate::db::Scope;
use crate::domains::booking::events;
use crate::error::ApiError;

/// Cancels a booking.
///
/// # Errors
/// 404, or 409 when it is past being canceled.
pub async fn cancel(scope: &Scope, id: Uuid, by: CanceledBy, reason: Option<String>) -> Result<Model, ApiError> {
    let moved = Entity::update_many()
        .col_expr(Column::Status, Expr::value(BookingStatus::Canceled.as_str()))
        .col_expr(Column::CanceledAt, Expr::value(scope.now()))
        .col_expr(Column::CanceledBy, Expr::value(by.as_str()))
        .col_expr(Column::CancelReason, Expr::value(reason))
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::Id.eq(id))
        .filter(Column::Status.is_in([BookingStatus::Pending, BookingStatus::Confirmed]))
        .exec_with_returning(scope)
        .await?;
    let Some(booking) = moved.into_iter().next() else { return Err(wrong_state(scope, id, "canceled").await?) };
    if let Some(session) = booking.class_session_id {
        seats::leave(scope, session, booking.attendee_count).await?;
    }
    scope.emit(events::canceled(&booking));
    Ok(booking)
}
