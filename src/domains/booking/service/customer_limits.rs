//! Limits of one customer: so many bookings of a service a day, week or month. The service's row is locked by then, so
//! two at once count each other.

use ::entity::bookings::{Column, Entity};
use ::entity::enums::BookingStatus;
use ::entity::ids::CustomerId;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::take;
use crate::db::Scope;
use crate::domains::scheduling::rules::exceeds;
use crate::domains::scheduling::slots::{Board, Chosen, engine_limit};
use crate::error::{ApiError, Code};
use crate::kernel::interval::Interval;

/// The longest period of a limit, and as much again: a month reaches both ways.
const AROUND: TimeDelta = TimeDelta::days(33);
/// No customer has more bookings of one service in two months; the limit itself is smaller.
const MOST: u64 = 5_000;

/// Refuses one more than the customer may have.
pub(super) async fn check(
    scope: &Scope,
    board: &Board,
    customer: CustomerId,
    chosen: &Chosen<'_>,
) -> Result<(), ApiError> {
    if board.customer_limits().next().is_none() {
        return Ok(());
    }
    let active = [BookingStatus::Pending, BookingStatus::Confirmed, BookingStatus::CheckedIn, BookingStatus::Completed];
    let rows: Vec<(DateTime<Utc>, DateTime<Utc>)> = Entity::find()
        .select_only()
        .column(Column::StartAt)
        .column(Column::EndAt)
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::CustomerId.eq(customer))
        .filter(Column::ServiceId.eq(board.service.id))
        .filter(Column::StartAt.between(chosen.start - AROUND, chosen.start + AROUND))
        .filter(Column::Status.is_in(active))
        .limit(MOST)
        .into_tuple()
        .all(scope)
        .await?;
    let counted: Vec<Interval<DateTime<Utc>>> = rows.into_iter().map(|(from, to)| Interval::new(from, to)).collect();
    let home = take::home(board, chosen);
    for row in board.customer_limits() {
        if exceeds(&engine_limit(row, &home, counted.clone(), None), Interval::new(chosen.start, chosen.end)) {
            let sentence = "This customer has as many bookings of this service in this period as are allowed.";
            return Err(ApiError::new(Code::SlotUnavailable, sentence).with("reason", "customer_limit"));
        }
    }
    Ok(())
}
