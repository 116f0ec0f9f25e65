//! Reads series.

use ::entity::booking_series::{Column, Entity, Model};
use ::entity::bookings;
use ::entity::enums::SeriesStatus;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::db::keyset::{self, Filter, Walk};
use crate::db::{Scope, row};
use crate::domains::booking::dto::series::BookingSeries;
use crate::error::ApiError;
use crate::guard::Listing;

/// More bookings of one series are not told at once: it has at most 104, and what they were before they were moved.
const MOST: u64 = 500;

/// What a list of series is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct SeriesFilter {
    pub status: Option<SeriesStatus>,
    pub customer_id: Option<Uuid>,
    pub service_id: Option<Uuid>,
}

impl Filter<Entity> for SeriesFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(self.status.map(|status| Column::Status.eq(status)))
            .add_option(self.customer_id.map(|id| Column::CustomerId.eq(id)))
            .add_option(self.service_id.map(|id| Column::ServiceId.eq(id)))
    }
}

/// A page of series.
///
/// # Errors
/// 400 for a cursor of another list.
pub async fn list(
    scope: &Scope,
    walk: Walk<'_, Entity>,
    filter: &SeriesFilter,
) -> Result<Listing<BookingSeries>, ApiError> {
    keyset::list(scope, walk, filter, BookingSeries::from).await
}

/// One series with its bookings.
///
/// # Errors
/// 404.
pub async fn get(scope: &Scope, id: Uuid) -> Result<(Model, Vec<bookings::Model>), ApiError> {
    let series = row::find::<Entity>(scope, id).await?;
    let bookings = row::live::<bookings::Entity>(scope)?
        .filter(bookings::Column::SeriesId.eq(series.id))
        .order_by_asc(bookings::Column::SeriesIndex)
        .order_by_asc(bookings::Column::Id)
        .limit(MOST)
        .all(scope)
        .await?;
    Ok((series, bookings))
}
