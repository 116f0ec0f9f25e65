//! Reads the line.

use ::entity::enums::WaitlistStatus;
use ::entity::waitlist_entries::{Column, Entity, Model};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use crate::db::keyset::{self, Filter, Walk};
use crate::db::{Scope, row};
use crate::domains::booking::dto;
use crate::error::ApiError;
use crate::guard::Listing;

/// What a list of those who wait is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct WaitlistFilter {
    pub status: Vec<WaitlistStatus>,
    pub service_id: Option<Uuid>,
    pub customer_id: Option<Uuid>,
}

impl Filter<Entity> for WaitlistFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option((!self.status.is_empty()).then(|| Column::Status.is_in(self.status.iter().copied())))
            .add_option(self.service_id.map(|id| Column::ServiceId.eq(id)))
            .add_option(self.customer_id.map(|id| Column::CustomerId.eq(id)))
    }
}

/// A page of those who wait, or waited.
///
/// # Errors
/// 400 for a cursor of another list.
pub async fn list(
    scope: &Scope,
    walk: Walk<'_, Entity>,
    filter: &WaitlistFilter,
    wire: impl Fn(Model) -> dto::WaitlistEntry,
) -> Result<Listing<dto::WaitlistEntry>, ApiError> {
    keyset::list(scope, walk, filter, wire).await
}

/// One who waits, or waited.
///
/// # Errors
/// 404.
pub async fn find(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    row::find::<Entity>(scope, id).await
}
