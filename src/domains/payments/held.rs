//! Payments as they are found and held. Whoever changes one holds its booking first, then the payment.

use ::entity::bookings;
use ::entity::enums::{FeeType, PaymentProvider};
use ::entity::ids::{BookingId, PaymentId};
use ::entity::payments::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use super::rules::state;
use crate::db::{Scope, row};
use crate::domains::booking;
use crate::error::{ApiError, Code};

/// How often a payment is followed to the booking that it went to meanwhile.
const FOLLOWED: usize = 5;

/// A payment that this transaction holds, with its booking.
#[derive(Debug)]
pub(super) struct Held {
    pub payment: Model,
    pub booking: Option<bookings::Model>,
}

/// Holds a payment and its booking.
///
/// # Errors
/// 404; 409 when its booking is being moved again and again.
pub(super) async fn hold(scope: &Scope, id: PaymentId) -> Result<Held, ApiError> {
    let mut seen = row::find::<Entity>(scope, id.0).await?;
    for _ in 0..FOLLOWED {
        let booking = match seen.booking_id {
            Some(booking) => Some(booking::hold_for_payment(scope, booking.0).await?),
            None => None,
        };
        let payment = row::lock::<Entity>(scope, id.0, &Default::default()).await?;
        if payment.booking_id == seen.booking_id {
            return Ok(Held { payment, booking });
        }
        // another booking took the place of the one that we waited for
        seen = payment;
    }
    Err(ApiError::new(Code::Conflict, "The booking is being moved. Try again."))
}

/// The card payment that is under way for a booking.
pub(super) async fn open_for_booking(scope: &Scope, booking: BookingId) -> Result<Option<Model>, ApiError> {
    let open = open(scope)?.filter(Column::BookingId.eq(booking)).filter(Column::FeeType.eq(FeeType::Booking));
    Ok(open.one(scope).await?)
}

/// The card payment that is under way for a gift card.
pub(super) async fn open_for_gift_card(scope: &Scope, card: Uuid) -> Result<Option<Model>, ApiError> {
    Ok(open(scope)?.filter(Column::GiftCardId.eq(card)).one(scope).await?)
}

/// The card payment that is under way for a purchase.
pub(super) async fn open_for_purchase(scope: &Scope, purchase: Uuid) -> Result<Option<Model>, ApiError> {
    Ok(open(scope)?.filter(Column::PurchaseId.eq(purchase)).one(scope).await?)
}

/// Card payments that are under way.
pub(super) fn open(scope: &Scope) -> Result<Select<Entity>, ApiError> {
    let cards = row::live::<Entity>(scope)?.filter(Column::Provider.ne(PaymentProvider::None));
    Ok(cards.filter(Column::Status.is_in(state::OPEN)))
}

/// The payments of a booking, the newest first.
pub(super) async fn of_booking(scope: &Scope, booking: BookingId) -> Result<Vec<Model>, ApiError> {
    let all = row::live::<Entity>(scope)?.filter(Column::BookingId.eq(booking));
    Ok(all.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).all(scope).await?)
}

/// The payment that the provider's object is about: by its id there, or by ours that we left on it. One that has
/// another object already is not meant.
pub(super) async fn by_provider(
    scope: &Scope,
    column: Column,
    id: &str,
    ours: Option<&String>,
) -> Result<Option<PaymentId>, ApiError> {
    if let Some(found) = row::live::<Entity>(scope)?.filter(column.eq(id)).one(scope).await? {
        return Ok(Some(found.id));
    }
    let Some(ours) = ours.and_then(|id| id.parse::<Uuid>().ok()) else { return Ok(None) };
    let found = row::live::<Entity>(scope)?.filter(Column::Id.eq(ours)).filter(column.is_null()).one(scope).await?;
    Ok(found.map(|payment| payment.id))
}

/// Writes what changed.
pub(super) async fn save(scope: &Scope, mut payment: ActiveModel) -> Result<Model, ApiError> {
    payment.updated_at = Set(scope.now());
    Ok(payment.update(scope).await?)
}

/// A payment's row, held alone: for what concerns no booking.
pub(super) async fn lock_alone(scope: &Scope, id: PaymentId) -> Result<Model, ApiError> {
    let found = row::live::<Entity>(scope)?.filter(Column::Id.eq(id)).lock_exclusive().one(scope).await?;
    found.ok_or_else(|| ApiError::of(Code::PaymentNotFound))
}
