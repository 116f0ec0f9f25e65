//! What the business should know of a booking, changed in place: whatever its state, nothing else moves.

use ::entity::bookings::{Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use uuid::Uuid;

use crate::db::{Scope, row};
use crate::domains::booking::events;
use crate::error::ApiError;
use crate::guard::{IfMatch, Patch};

/// Changes the notes of a booking.
///
/// # Errors
/// 404; 412 when it is not as the caller saw it.
pub async fn write_notes(scope: &Scope, id: Uuid, seen: &IfMatch, notes: Patch<String>) -> Result<Model, ApiError> {
    let booking = row::lock::<Entity>(scope, id, seen).await?;
    let notes = notes.over(booking.notes.clone());
    if notes == booking.notes {
        return Ok(booking);
    }
    let mut booking = booking.into_active_model();
    booking.updated_at = Set(scope.now());
    booking.notes = Set(notes);
    let booking = booking.update(scope).await?;
    scope.emit(events::updated(&booking));
    Ok(booking)
}
