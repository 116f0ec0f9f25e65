//! What was left lying, looked after: bookings that were not paid in time, money that is due back, refunds that never
//! reached the provider, cards of which nothing can be shown yet. Each is one short transaction, or two around a call;
//! what fails is tried again at the next round.

use ::entity::ids::TenantId;
use chrono::TimeDelta;

use super::checkout::call_off;
use super::{held, methods, refunds};
use crate::app::App;
use crate::db::{Access, Scope};
use crate::domains::booking;
use crate::error::ApiError;
use ::entity::enums::{BookingStatus, FeeType};
use ::entity::payments::{Column, Model};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

/// So many of each kind in one round of one business.
const MOST: u64 = 100;
/// Whoever asked for a refund sends it: only what is older was left lying.
const LEFT: TimeDelta = TimeDelta::seconds(60);

/// What one round has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tended {
    /// Bookings that were not paid in time.
    pub failed: u64,
    /// Refunds that were sent.
    pub refunded: u64,
}

/// One round for a business.
///
/// # Errors
/// When the database cannot answer. What the provider refuses is logged, and tried again.
pub async fn tend(app: &App, tenant: TenantId) -> Result<Tended, ApiError> {
    let scope = || app.db.scope(tenant, Access::Write);
    let mut tended = Tended::default();
    let unpaid = read(&scope(), async |scope| booking::unpaid(scope, MOST).await).await?;
    for row in unpaid {
        tended.failed +=
            u64::from(kept(&scope(), "unpaid booking", async |scope| expire(app, scope, &row).await).await);
    }
    for payment in read(&scope(), async |scope| stray(scope).await).await? {
        kept(&scope(), "payment of a lost booking", async |scope| call_off(app, scope, payment.id).await.map(|_| true))
            .await;
    }
    for row in read(&scope(), async |scope| booking::refunds_due(scope, MOST).await).await? {
        let asked = async |scope: &Scope| {
            let written = refunds::of_canceled(scope, &row).await?;
            scope.pause().await?;
            for refund in written {
                refunds::send(app, scope, refund).await?;
            }
            Ok(true)
        };
        tended.refunded += u64::from(kept(&scope(), "money due back", asked).await);
    }
    let before = app.clock.now() - LEFT;
    for refund in read(&scope(), async |scope| refunds::unsent(scope, before, MOST).await).await? {
        let sent = async |scope: &Scope| refunds::send(app, scope, refund.clone()).await.map(|_| true);
        tended.refunded += u64::from(kept(&scope(), "refund", sent).await);
    }
    for method in read(&scope(), async |scope| methods::unnamed(scope, MOST).await).await? {
        let Some(id) = &method.provider_payment_method_id else { continue };
        if let Ok(details) = app.payments.method(Some(&method.provider_account_id), id).await {
            kept(&scope(), "card", async |scope| methods::fill(scope, &details).await.map(|()| true)).await;
        }
    }
    for method in read(&scope(), async |scope| methods::leaving(scope, MOST).await).await? {
        kept(&scope(), "removed card", async |scope| methods::detach(app, scope, &method).await.map(|()| true)).await;
    }
    Ok(tended)
}

/// Ends a booking that was not paid in time: what is under way is called off at the provider first. What was paid after
/// all confirms it.
async fn expire(app: &App, scope: &Scope, row: &::entity::bookings::Model) -> Result<bool, ApiError> {
    let booking = booking::hold_for_payment(scope, row.id.0).await?;
    if let Some(open) = held::open_for_booking(scope, booking.id).await? {
        call_off(app, scope, open.id).await?;
    }
    Ok(booking::fail_unpaid(scope, booking.id).await?.is_some())
}

/// Card payments under way for bookings that cannot be had any more.
async fn stray(scope: &Scope) -> Result<Vec<Model>, ApiError> {
    let lost = booking::of_status(scope, &[BookingStatus::Canceled, BookingStatus::Failed])?;
    let open =
        held::open(scope)?.filter(Column::FeeType.eq(FeeType::Booking)).filter(Column::BookingId.in_subquery(lost));
    Ok(open.order_by_asc(Column::CreatedAt).limit(MOST).all(scope).await?)
}

async fn read<T>(scope: &Scope, work: impl AsyncFnOnce(&Scope) -> Result<T, ApiError>) -> Result<T, ApiError> {
    let found = work(scope).await;
    scope.roll_back().await;
    found
}

/// Does one thing and keeps it; says whether it was done. What one refuses does not keep the others.
async fn kept(scope: &Scope, what: &str, work: impl AsyncFnOnce(&Scope) -> Result<bool, ApiError>) -> bool {
    let done = match work(scope).await {
        Ok(done) => scope.commit().await.map(|_| done).map_err(Into::into),
        Err(error) => Err(error),
    };
    match done {
        Ok(done) => done,
        Err(error) => {
            scope.roll_back().await;
            tracing::warn!(%error, what, "not looked after; it is tried again at the next round");
            false
        }
    }
}
