//! Bookings that are paid with sessions of a package or with credits, in the booking's own transaction.

use ::entity::bookings::{Column, Entity, Model};
use ::entity::enums::{BookingStatus, CanceledBy, CoverageKind};
use ::entity::ids::CustomerId;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::db::{Scope, row};
use crate::domains::packages::{self, Cover, PayWith};
use crate::domains::tenancy;
use crate::error::{ApiError, Code};

/// How a booking is paid instead of with money, and who may decide that.
#[derive(Clone, Copy, Debug)]
pub struct Pay {
    pub with: PayWith,
    /// The customer whom a visitor has proven to be; `None` for staff, who spend for whomever they book.
    pub proven: Option<CustomerId>,
}

/// Uses what the booking costs. A visitor spends what is their own.
///
/// # Errors
/// 409 when there is not so much, 422 when it cannot be paid like that or is somebody else's.
pub(super) async fn pay(scope: &Scope, booking: Model, pay: Pay) -> Result<Model, ApiError> {
    if pay.proven.is_some_and(|customer| customer != booking.customer_id) {
        let detail = "The token is of another customer than the one who books.";
        return Err(ApiError::new(Code::RuleViolation, detail).with_field("#/customer_token", "mismatch", detail));
    }
    let cover = Cover {
        booking: booking.id,
        customer: booking.customer_id,
        service: booking.service_id,
        seats: u32::try_from(booking.attendee_count).unwrap_or(1),
    };
    let kind = packages::consume(scope, cover, pay.with).await?;
    mark(scope, booking, Some(kind)).await
}

/// A booking that was canceled has what it used given back, where it was canceled in time: before the moment until which
/// the business lets customers cancel. What the business itself calls off always comes back.
pub(super) async fn settle(scope: &Scope, booking: &Model, by: CanceledBy) -> Result<(), ApiError> {
    if booking.covered_by.is_none() {
        return Ok(());
    }
    let in_time = match by {
        CanceledBy::System => true,
        CanceledBy::Customer | CanceledBy::Staff => {
            let window = tenancy::current(scope).await?.booking.cancel_window_min;
            in_time(window, booking.start_at, scope.now())
        }
    };
    if in_time {
        packages::give_back(scope, booking.id).await?;
        Ok(())
    } else {
        packages::forfeit(scope, booking.id).await
    }
}

/// What paid for a booking pays for the one that takes its place.
pub(super) async fn follow(scope: &Scope, old: &Model, new: Model) -> Result<Model, ApiError> {
    if old.covered_by.is_none() {
        return Ok(new);
    }
    packages::follow(scope, old.id, new.id).await?;
    mark(scope, new, old.covered_by).await
}

/// What covers a booking.
///
/// # Errors
/// 404.
pub async fn coverage(
    scope: &Scope,
    id: Uuid,
) -> Result<(Model, Option<::entity::booking_coverages::Model>), ApiError> {
    let booking = row::find::<Entity>(scope, id).await?;
    let coverage = packages::coverage_of(scope, booking.id).await?;
    Ok((booking, coverage))
}

/// Gives back what a booking used that does not take place, however late it was called off.
///
/// # Errors
/// 404; 409 while it stands.
pub async fn give_back(scope: &Scope, id: Uuid) -> Result<(), ApiError> {
    let booking = row::find::<Entity>(scope, id).await?;
    let over = matches!(booking.status, BookingStatus::Canceled | BookingStatus::NoShow | BookingStatus::Failed);
    if booking.covered_by.is_some() && !over {
        let detail = "What a booking uses comes back when it does not take place.";
        return Err(ApiError::new(Code::BookingInvalidState, detail).with("state", booking.status.as_str()));
    }
    packages::give_back(scope, booking.id).await?;
    Ok(())
}

fn in_time(window_min: Option<i32>, start: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    window_min.is_some_and(|minutes| now <= start - TimeDelta::minutes(minutes.into()))
}

async fn mark(scope: &Scope, booking: Model, kind: Option<CoverageKind>) -> Result<Model, ApiError> {
    let marked = Entity::update_many()
        .col_expr(Column::CoveredBy, Expr::value(kind.map(CoverageKind::as_str)))
        .col_expr(Column::UpdatedAt, Expr::value(scope.now()))
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::Id.eq(booking.id))
        .exec_with_returning(scope)
        .await?;
    marked.into_iter().next().ok_or_else(|| ApiError::of(Code::BookingNotFound))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_time_is_until_the_window_begins() {
        let start = DateTime::UNIX_EPOCH;
        let before = |minutes| start - TimeDelta::minutes(minutes);
        assert!(in_time(Some(60), start, before(60)) && !in_time(Some(60), start, before(59)));
        assert!(in_time(Some(0), start, start) && !in_time(Some(0), start, start + TimeDelta::seconds(1)));
        assert!(!in_time(None, start, before(100_000)), "the business wants to be asked");
    }
}
