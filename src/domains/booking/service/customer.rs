//! What the bookings of one customer say and hold: for whoever looks after customers.

use ::entity::bookings::{Column, Entity};
use ::entity::enums::BookingStatus::{CheckedIn, Confirmed, Pending};
use ::entity::ids::CustomerId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter};

use crate::db::Scope;
use crate::error::ApiError;

/// How many bookings of a customer are not over yet and still to take place.
///
/// # Errors
/// When the database cannot answer.
pub async fn ahead(scope: &Scope, customer: CustomerId) -> Result<u64, ApiError> {
    let bookings = Entity::find()
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::CustomerId.eq(customer))
        .filter(Column::Status.is_in([Pending, Confirmed, CheckedIn]))
        .filter(Column::EndAt.gt(scope.now()));
    Ok(bookings.count(scope).await?)
}

/// Clears what was written into a customer's bookings in free words. Times, services and amounts stay.
///
/// # Errors
/// When the database cannot answer.
pub async fn forget_words(scope: &Scope, customer: CustomerId) -> Result<(), ApiError> {
    let said = Condition::any().add(Column::Notes.is_not_null()).add(Column::CancelReason.is_not_null());
    Entity::update_many()
        .col_expr(Column::Notes, Expr::value(Option::<String>::None))
        .col_expr(Column::CancelReason, Expr::value(Option::<String>::None))
        .col_expr(Column::UpdatedAt, Expr::value(scope.now()))
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::CustomerId.eq(customer))
        .filter(said)
        .exec(scope)
        .await?;
    Ok(())
}
