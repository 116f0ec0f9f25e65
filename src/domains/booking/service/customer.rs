//! What the bookings of one customer say and hold: for whoever looks after customers.

use ::entity::bookings::{Column, Entity};
use ::entity::enums::BookingStatus::{CheckedIn, Completed, Confirmed, Pending};
use ::entity::enums::WaitlistStatus;
use ::entity::ids::CustomerId;
use ::entity::waitlist_entries as waitlist;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

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

/// Whether a customer ever came to an appointment.
///
/// # Errors
/// When the database cannot answer.
pub async fn has_come(scope: &Scope, customer: CustomerId) -> Result<bool, ApiError> {
    let visits = Entity::find()
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::CustomerId.eq(customer))
        .filter(Column::Status.is_in([CheckedIn, Completed]));
    Ok(visits.limit(1).count(scope).await? > 0)
}

/// Clears what was written into a customer's bookings in free words, and takes them out of every line in which they
/// wait. Times, services and amounts stay.
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
    waitlist::Entity::update_many()
        .col_expr(waitlist::Column::Notes, Expr::value(Option::<String>::None))
        .col_expr(waitlist::Column::UpdatedAt, Expr::value(scope.now()))
        .filter(waitlist::Column::TenantId.eq(scope.tenant()?))
        .filter(waitlist::Column::CustomerId.eq(customer))
        .filter(waitlist::Column::Notes.is_not_null())
        .exec(scope)
        .await?;
    leave_lines(scope, customer).await
}

/// Takes a customer out of every line in which they wait, or are offered a time: its hold runs out by itself.
///
/// # Errors
/// When the database cannot answer.
pub async fn leave_lines(scope: &Scope, customer: CustomerId) -> Result<(), ApiError> {
    waitlist::Entity::update_many()
        .col_expr(waitlist::Column::Status, Expr::value(WaitlistStatus::Left.as_str()))
        .col_expr(waitlist::Column::OfferExpiresAt, Expr::value(Option::<DateTime<Utc>>::None))
        .col_expr(waitlist::Column::UpdatedAt, Expr::value(scope.now()))
        .filter(waitlist::Column::TenantId.eq(scope.tenant()?))
        .filter(waitlist::Column::CustomerId.eq(customer))
        .filter(waitlist::Column::Status.is_in([WaitlistStatus::Waiting, WaitlistStatus::Offered]))
        .exec(scope)
        .await?;
    Ok(())
}
