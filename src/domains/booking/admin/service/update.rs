//! Several changes of one booking in one transaction, each by its own verb.

use ::entity::bookings::{Entity, Model};
use ::entity::enums::{BookingStatus, CanceledBy};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::desk_time;
use crate::db::{Scope, row};
use crate::domains::booking::rules::{CANCEL, MOVES};
use crate::domains::booking::service;
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};
use crate::guard::{IfMatch, Patch, Timestamp};

/// What is to change.
#[derive(Clone, Debug)]
pub struct Change {
    pub status: Option<BookingStatus>,
    pub start_at: Option<DateTime<Utc>>,
    pub end_at: Option<DateTime<Utc>>,
    pub notes: Patch<String>,
}

/// Changes a booking; answers the one that takes its place when it gets another time. What it is already is no change.
///
/// # Errors
/// 404; 412; 400 for an end that is not the service's; 409 as the verbs refuse.
pub async fn update(
    scope: &Scope,
    tenant: &Tenant,
    id: Uuid,
    seen: &IfMatch,
    change: Change,
) -> Result<Model, ApiError> {
    let mut booking = row::lock::<Entity>(scope, id, seen).await?;
    if !change.notes.is_keep() {
        // first: the booking that takes its place takes the notes along
        booking = service::write_notes(scope, id, &IfMatch::default(), change.notes).await?;
    }
    if let Some(start_at) = change.start_at.filter(|start| *start != booking.start_at) {
        booking = service::reschedule(scope, tenant, id, desk_time(start_at)).await?;
    }
    if change.end_at.is_some_and(|end| end != booking.end_at) {
        let end = Timestamp::new(booking.end_at);
        return Err(ApiError::field("#/update_fields/end_at", "mismatch", format!("This service ends at {end}.")));
    }
    match change.status {
        Some(status) if status != booking.status => lead(scope, &booking, status).await,
        _ => Ok(booking),
    }
}

/// The move that leads to a state.
async fn lead(scope: &Scope, booking: &Model, to: BookingStatus) -> Result<Model, ApiError> {
    let id = booking.id.0;
    match MOVES.iter().find(|step| step.to == to) {
        Some(step) if *step == CANCEL => service::cancel(scope, id, CanceledBy::Staff, None).await,
        Some(step) => service::step(scope, id, step).await,
        None => {
            let sentence = format!("Nothing leads a booking to {}.", to.as_str().replace('_', " "));
            Err(ApiError::new(Code::BookingInvalidState, sentence).with("state", booking.status.as_str()))
        }
    }
}
