//! Reads bookings.

use ::entity::bookings::{Column, Entity, Model};
use ::entity::enums::BookingStatus;
use ::entity::{booking_items, customers};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, EntityName, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::db::keyset::{self, Filter, Walk};
use crate::db::{Scope, row};
use crate::domains::booking::dto::Booking;
use crate::error::ApiError;
use crate::guard::Listing;

/// What a list of bookings is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct BookingFilter {
    pub status: Vec<BookingStatus>,
    /// Starts at or after.
    pub from: Option<DateTime<Utc>>,
    /// Starts before.
    pub to: Option<DateTime<Utc>>,
    pub customer_id: Option<Uuid>,
    /// Part of the customer's name or e-mail address.
    pub customer: Option<String>,
    pub service_id: Option<Uuid>,
    pub resource_id: Option<Uuid>,
    pub updated_since: Option<DateTime<Utc>>,
}

impl Filter<Entity> for BookingFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option((!self.status.is_empty()).then(|| Column::Status.is_in(self.status.iter().copied())))
            .add_option(self.from.map(|from| Column::StartAt.gte(from)))
            .add_option(self.to.map(|to| Column::StartAt.lt(to)))
            .add_option(self.customer_id.map(|id| Column::CustomerId.eq(id)))
            .add_option(self.customer.as_deref().map(of_customer))
            .add_option(self.service_id.map(|id| Column::ServiceId.eq(id)))
            .add_option(self.resource_id.map(|id| Column::ResourceId.eq(id)))
            .add_option(self.updated_since.map(|since| Column::UpdatedAt.gte(since)))
    }
}

/// That a booking's customer is called so, or writes from there.
fn of_customer(typed: &str) -> Condition {
    use customers::Column as Customer;
    let own = |mine: Customer, its: Column| Expr::col(mine.as_column_ref()).equals(its.as_column_ref());
    let found = Query::select()
        .expr(Expr::val(1))
        .from(customers::Entity.table_ref())
        .and_where(own(Customer::TenantId, Column::TenantId))
        .and_where(own(Customer::Id, Column::CustomerId))
        .cond_where(keyset::search(&[Customer::DisplayName, Customer::Email], typed))
        .to_owned();
    Condition::all().add(Expr::exists(found))
}

/// A page of bookings.
///
/// # Errors
/// 400 for a cursor of another list.
pub async fn list(scope: &Scope, walk: Walk<'_, Entity>, filter: &BookingFilter) -> Result<Listing<Booking>, ApiError> {
    keyset::list(scope, walk, filter, Booking::from).await
}

/// One booking.
///
/// # Errors
/// 404.
pub async fn get(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    row::find::<Entity>(scope, id).await
}

/// What a booking takes, whom the customer meets first.
///
/// # Errors
/// Those of the database.
pub async fn items(scope: &Scope, id: Uuid) -> Result<Vec<booking_items::Model>, ApiError> {
    let find = booking_items::Entity::find()
        .filter(booking_items::Column::TenantId.eq(scope.tenant()?))
        .filter(booking_items::Column::BookingId.eq(id))
        .order_by_asc(booking_items::Column::Position)
        .limit(100);
    Ok(find.all(scope).await?)
}
