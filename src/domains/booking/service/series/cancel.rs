//! Cancels what lies ahead of a series; the past stays as it is.
//!
//! Whoever cancels holds the series' row, so that two who do it at once do it one after the other. Three statements
//! find the bookings that are left, more where some are being moved; then a few for each of at most 104.

use ::entity::booking_series::{Column, Entity, Model};
use ::entity::bookings;
use ::entity::enums::{BookingStatus, CanceledBy, SeriesStatus};
use ::entity::ids::BookingSeriesId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

use crate::db::{Scope, row};
use crate::domains::booking::dto::series::CancelScope;
use crate::domains::booking::events;
use crate::domains::booking::rules::CANCEL;
use crate::domains::booking::service::cancel::give_up;
use crate::domains::booking::service::waitlist;
use crate::error::{ApiError, Code};

/// So often bookings that are moved at the same moment are looked for again.
const ROUNDS: usize = 10;

/// A series after it, and what was canceled of it.
pub struct Canceled {
    pub series: Model,
    pub bookings: Vec<bookings::Model>,
}

/// Cancels what lies ahead of a series: all of it, or from one of its bookings on.
///
/// # Errors
/// 404 for a series that is not there, 400 for a booking that is none of it, 409 when nothing of it lies ahead.
pub async fn cancel(
    scope: &Scope,
    id: Uuid,
    from: Option<Uuid>,
    by: CanceledBy,
    reason: Option<String>,
) -> Result<Canceled, ApiError> {
    let series = lock(scope, id).await?;
    let from = match from {
        Some(booking) => Some(place_of(scope, series.id, booking).await?),
        None => None,
    };
    let bookings = give_up_ahead(scope, series.id, from, by, reason.as_deref()).await?;
    if bookings.is_empty() {
        let sentence = "Nothing of this series lies ahead that could be canceled.";
        return Err(ApiError::new(Code::BookingInvalidState, sentence).with("state", series.status.as_str()));
    }
    told(scope, series, bookings).await
}

/// Cancels a booking and, of its series, what comes after it or all that lies ahead.
///
/// # Errors
/// 404 for a booking that is not there, 422 for one of no series, 409 when it is past being canceled.
pub async fn cancel_with(
    scope: &Scope,
    id: Uuid,
    how_much: CancelScope,
    by: CanceledBy,
    reason: Option<String>,
) -> Result<bookings::Model, ApiError> {
    if how_much == CancelScope::This {
        return crate::domains::booking::service::cancel(scope, id, by, reason).await;
    }
    let booking = row::find::<bookings::Entity>(scope, id).await?;
    let Some((series, index)) = booking.series_id.zip(booking.series_index) else {
        let sentence = "This booking is of no series.";
        return Err(ApiError::new(Code::RuleViolation, sentence).with_field("#/scope", "series", sentence));
    };
    let series = lock(scope, series.0).await?;
    let own = give_up(scope, id, &CANCEL, by, reason.clone()).await?;
    let from = (how_much == CancelScope::Following).then_some(index);
    let mut bookings = vec![own.clone()];
    bookings.extend(give_up_ahead(scope, series.id, from, by, reason.as_deref()).await?);
    bookings.sort_by_key(|booking| booking.series_index);
    told(scope, series, bookings).await?;
    Ok(own)
}

async fn lock(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    // its key stays free: whoever is moving a booking of it refers to it, and we wait for them
    let found = row::live::<Entity>(scope)?.filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(scope).await?;
    found.ok_or_else(|| ApiError::of(Code::BookingSeriesNotFound))
}

async fn place_of(scope: &Scope, series: BookingSeriesId, booking: Uuid) -> Result<i32, ApiError> {
    let found = row::live::<bookings::Entity>(scope)?
        .filter(bookings::Column::Id.eq(booking))
        .filter(bookings::Column::SeriesId.eq(series))
        .one(scope)
        .await?;
    let place = found.and_then(|booking| booking.series_index);
    place.ok_or_else(|| ApiError::field("#/from_booking_id", "reference", "This is no booking of the series."))
}

fn ahead(scope: &Scope, series: BookingSeriesId) -> Result<Select<bookings::Entity>, ApiError> {
    Ok(row::live::<bookings::Entity>(scope)?
        .filter(bookings::Column::SeriesId.eq(series))
        .filter(bookings::Column::Status.is_in([BookingStatus::Pending, BookingStatus::Confirmed]))
        .filter(bookings::Column::StartAt.gt(scope.now())))
}

/// Locked first: what is canceled by somebody else meanwhile is not ours to cancel. Whoever is moving a booking has its
/// row: the lock waits for them, and finds the old booking canceled and the new one not at all. So it is looked again,
/// until a look that waits for nobody finds nothing.
async fn give_up_ahead(
    scope: &Scope,
    series: BookingSeriesId,
    from: Option<i32>,
    by: CanceledBy,
    reason: Option<&str>,
) -> Result<Vec<bookings::Model>, ApiError> {
    let mut found = ahead(scope, series)?;
    if let Some(from) = from {
        found = found.filter(bookings::Column::SeriesIndex.gte(from));
    }
    let mut canceled = Vec::new();
    for _ in 0..ROUNDS {
        if found.clone().count(scope).await? == 0 {
            break;
        }
        let locked = found.clone().order_by_asc(bookings::Column::SeriesIndex).lock_exclusive();
        for booking in locked.all(scope).await? {
            canceled.push(give_up(scope, booking.id.0, &CANCEL, by, reason.map(ToOwned::to_owned)).await?);
        }
    }
    canceled.sort_by_key(|booking: &bookings::Model| booking.series_index);
    Ok(canceled)
}

/// A series of which nothing lies ahead any more is canceled itself. Whoever waits is asked once all of it is free.
async fn told(scope: &Scope, series: Model, bookings: Vec<bookings::Model>) -> Result<Canceled, ApiError> {
    let left = ahead(scope, series.id)?.count(scope).await?;
    let series = if left == 0 && series.status == SeriesStatus::Active {
        let mut series = series.into_active_model();
        series.status = Set(SeriesStatus::Canceled);
        series.updated_at = Set(scope.now());
        series.update(scope).await?
    } else {
        series
    };
    scope.emit(events::series_canceled(&series, &bookings));
    bookings.iter().for_each(|booking| scope.emit(events::moved(&CANCEL, booking)));
    for booking in &bookings {
        waitlist::offer_freed(scope, booking).await?;
    }
    Ok(Canceled { series, bookings })
}
