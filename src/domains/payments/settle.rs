//! What follows from a payment: once, in the transaction that learns of it, whoever hears of it first.

use ::entity::bookings;
use ::entity::enums::{FeeType, NoShowFeeStatus, PaymentStatus};
use ::entity::ids::{GiftCardId, PurchaseId};
use ::entity::payments::Model;
use sea_orm::ActiveValue::Set;
use sea_orm::IntoActiveModel;

use super::rules::refund::credit;
use super::rules::state;
use super::{bill, events, held, refunds};
use crate::db::Scope;
use crate::domains::booking::{self, Credit};
use crate::domains::{packages, promotions};
use crate::error::ApiError;

/// The money came: the booking has it, or the purchase, or the gift card.
pub(super) async fn captured(
    scope: &Scope,
    payment: &Model,
    booking: Option<&bookings::Model>,
) -> Result<(), ApiError> {
    scope.emit(match payment.fee_type {
        FeeType::NoShowFee => events::no_show_fee_captured(payment),
        _ => events::captured(payment),
    });
    metrics::counter!("payments_captured_total", "method" => payment.method.as_str(), "fee_type" => payment.fee_type.as_str())
        .increment(1);
    bill::issue(scope, payment, booking).await?;
    if let Some(booking) = payment.booking_id {
        match payment.fee_type {
            FeeType::NoShowFee => {
                let from =
                    [NoShowFeeStatus::Due, NoShowFeeStatus::None, NoShowFeeStatus::Failed, NoShowFeeStatus::Waived];
                booking::no_show_fee(scope, booking, &from, NoShowFeeStatus::Charged).await?;
            }
            _ => {
                let paid_cents = payment.amount_captured_cents - payment.tip_cents + payment.gift_card_cents;
                let credit = Credit { paid_cents: paid_cents.max(0), discount_cents: payment.discount_cents };
                booking::paid(scope, booking, credit).await?;
            }
        }
    }
    if let Some(purchase) = payment.purchase_id {
        had(scope, payment, packages::purchase_paid(scope, PurchaseId(purchase), payment.id.0).await).await?;
    }
    if let Some(card) = payment.gift_card_id {
        had(scope, payment, promotions::gift_card_paid(scope, GiftCardId(card), payment.id.0).await).await?;
    }
    Ok(())
}

/// What was paid for and cannot be had any more is given back: a refund is written down, which `tend` sends.
async fn had(scope: &Scope, payment: &Model, got: Result<(), ApiError>) -> Result<(), ApiError> {
    match got {
        Err(refusal) if !refusal.is_ours() => {
            tracing::warn!(%refusal, payment = %payment.id, "paid for what cannot be had any more: the money goes back");
            refunds::write_down(scope, payment, "What was paid for cannot be had any more.").await
        }
        got => got,
    }
}

/// No money will come any more: what was reserved for it is free.
pub(super) async fn canceled(scope: &Scope, payment: &Model) -> Result<(), ApiError> {
    scope.emit(events::canceled(payment));
    metrics::counter!("payments_canceled_total").increment(1);
    promotions::coupon_release(scope, payment.id.0).await?;
    promotions::gift_give_back(scope, payment.id.0).await?;
    if let (Some(booking), FeeType::NoShowFee) = (payment.booking_id, payment.fee_type) {
        let from = [NoShowFeeStatus::Due, NoShowFeeStatus::None, NoShowFeeStatus::Failed];
        booking::no_show_fee(scope, booking, &from, NoShowFeeStatus::Due).await?;
    }
    Ok(())
}

/// An attempt failed. The time stays kept: another attempt may be made within it.
pub(super) async fn failed(scope: &Scope, payment: &Model) -> Result<(), ApiError> {
    scope.emit(events::failed(payment));
    let code = payment.failure_code.clone().unwrap_or_else(|| "unknown".into());
    metrics::counter!("payments_failed_total", "code" => code).increment(1);
    if let (Some(booking), FeeType::NoShowFee) = (payment.booking_id, payment.fee_type) {
        let from = [NoShowFeeStatus::Due, NoShowFeeStatus::None];
        booking::no_show_fee(scope, booking, &from, NoShowFeeStatus::Failed).await?;
    }
    Ok(())
}

/// So much of a captured payment has gone back by now. The booking is told the difference.
pub(super) async fn given_back(scope: &Scope, payment: Model, refunded: i64) -> Result<Model, ApiError> {
    let before = payment.amount_refunded_cents;
    let status = state::refunded(payment.amount_captured_cents, refunded);
    if before == refunded && payment.status == status {
        return Ok(payment);
    }
    let part = |sum: i64| credit(payment.amount_captured_cents, sum, payment.tip_cents, payment.gift_card_cents);
    let more = part(refunded) - part(before);
    let mut change = payment.into_active_model();
    change.amount_refunded_cents = Set(refunded);
    change.status = Set(status);
    let payment = held::save(scope, change).await?;
    if let (Some(booking), FeeType::Booking) = (payment.booking_id, payment.fee_type)
        && more != 0
    {
        booking::refunded(scope, booking, more).await?;
    }
    if payment.status == PaymentStatus::Refunded {
        undone(scope, &payment).await?;
    }
    Ok(payment)
}

/// All of it went back: what was bought with it is taken back as far as it is left, and a gift card has its part again.
async fn undone(scope: &Scope, payment: &Model) -> Result<(), ApiError> {
    promotions::gift_give_back(scope, payment.id.0).await?;
    if let Some(purchase) = payment.purchase_id {
        packages::purchase_undone(scope, PurchaseId(purchase), payment.id.0).await?;
    }
    if let Some(card) = payment.gift_card_id {
        promotions::gift_card_undone(scope, GiftCardId(card), payment.id.0).await?;
    }
    Ok(())
}
