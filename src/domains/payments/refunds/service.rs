//! The verbs on refunds.

use ::entity::bookings;
use ::entity::enums::{FeeType, PaymentProvider, RefundStatus, RefundType};
use ::entity::ids::{PaymentId, RefundId};
use ::entity::payments;
use ::entity::refunds::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::dto;
use crate::app::App;
use crate::db::{Scope, row};
use crate::domains::booking;
use crate::domains::payments::apply::{apply_refund, record_refund};
use crate::domains::payments::held::{self, Held};
use crate::domains::payments::provider::{key, metadata, refused};
use crate::domains::payments::rules::refund::{refundable, spread};
use crate::domains::payments::rules::state;
use crate::error::{ApiError, Code};
use crate::ports::payments::{Call, NewRefund, ProviderError, Refund, RefundStatus as Said};

/// A refund that somebody asks for.
#[derive(Clone, Debug)]
pub struct Asked {
    pub kind: Option<dto::RefundType>,
    /// Minor units.
    pub amount: Option<i64>,
    pub reason: Option<String>,
    /// Who asks again with it finds the same refund.
    pub key: String,
}

/// Gives money back.
///
/// # Errors
/// 404; 400 for an amount that the kind does not take; 409 for what was not captured; 422 for more than is left; 502 when
/// the provider does not answer: the same request again goes on.
pub async fn refund(app: &App, scope: &Scope, id: Uuid, asked: Asked) -> Result<dto::Refund, ApiError> {
    let payment = meant(scope, id, asked.kind).await?;
    let Held { payment, .. } = held::hold(scope, payment).await?;
    let refund = match of_key(scope, payment.id, &asked.key).await? {
        Some(known) => known,
        None => write(scope, &payment, &asked).await?,
    };
    let refund = send(app, scope, refund).await?;
    let left = left(scope, &held::lock_alone(scope, refund.payment_id).await?).await?;
    Ok(dto::Refund::of(refund, payment.currency_code, left))
}

/// The payment of which something is to go back: the fee for not coming may be asked for by the booking's own payment.
async fn meant(scope: &Scope, id: Uuid, kind: Option<dto::RefundType>) -> Result<PaymentId, ApiError> {
    let payment = row::find::<payments::Entity>(scope, id).await?;
    if kind != Some(dto::RefundType::NoShowFeeOnly) || payment.fee_type == FeeType::NoShowFee {
        return Ok(payment.id);
    }
    let fee = match payment.booking_id {
        Some(booking) => held::of_booking(scope, booking)
            .await?
            .into_iter()
            .find(|one| one.fee_type == FeeType::NoShowFee && state::is_captured(one.status)),
        None => None,
    };
    let fee = fee.ok_or_else(|| {
        let detail = "No fee for not coming was charged.";
        ApiError::new(Code::RuleViolation, detail).with_field("#/refund_type", "none", detail)
    })?;
    Ok(fee.id)
}

async fn of_key(scope: &Scope, payment: PaymentId, key: &str) -> Result<Option<Model>, ApiError> {
    let known = row::live::<Entity>(scope)?.filter(Column::PaymentId.eq(payment));
    Ok(known.filter(Column::IdempotencyKey.eq(key)).one(scope).await?)
}

/// What can still be given back of a payment that is held.
async fn left(scope: &Scope, payment: &payments::Model) -> Result<i64, ApiError> {
    let all = row::live::<Entity>(scope)?.filter(Column::PaymentId.eq(payment.id));
    let counts =
        all.filter(Column::Status.is_not_in([RefundStatus::Failed, RefundStatus::Canceled])).all(scope).await?;
    Ok(refundable(payment.amount_captured_cents, counts.iter().map(|refund| refund.amount_cents).sum()))
}

/// Writes a refund of a held payment down.
async fn write(scope: &Scope, payment: &payments::Model, asked: &Asked) -> Result<Model, ApiError> {
    if !state::is_captured(payment.status) {
        let detail = "Nothing of this payment has come yet.";
        return Err(ApiError::new(Code::Conflict, detail).with("state", payment.status.as_str()));
    }
    let left = left(scope, payment).await?;
    let (kind, amount) = how_much(asked, left)?;
    if amount > left || amount == 0 {
        return Err(ApiError::of(Code::RefundExceedsPayment).with("refundable_cents", left));
    }
    insert(scope, payment, amount, kind, asked.reason.clone(), asked.key.clone()).await
}

fn how_much(asked: &Asked, left: i64) -> Result<(RefundType, i64), ApiError> {
    let needless = || ApiError::field("#/amount_cents", "conflict", "A full refund has no amount of its own.");
    match (asked.kind, asked.amount) {
        (None | Some(dto::RefundType::Full), None) => Ok((RefundType::Full, left)),
        (Some(dto::RefundType::Full), Some(amount)) if amount != left => Err(needless()),
        (Some(dto::RefundType::Full), Some(amount)) => Ok((RefundType::Full, amount)),
        (None | Some(dto::RefundType::Partial), Some(amount)) => Ok((RefundType::Partial, amount)),
        (Some(dto::RefundType::Partial), None) => {
            Err(ApiError::field("#/amount_cents", "required", "Say how much goes back."))
        }
        (Some(dto::RefundType::NoShowFeeOnly), amount) => Ok((RefundType::NoShowFeeOnly, amount.unwrap_or(left))),
    }
}

/// Writes a full refund of a held payment down; it is sent later.
///
/// # Errors
/// When the database cannot answer.
pub async fn write_down(scope: &Scope, payment: &payments::Model, why: &str) -> Result<(), ApiError> {
    let key = format!("own:{}", payment.id);
    let left = left(scope, payment).await?;
    if left > 0 && of_key(scope, payment.id, &key).await?.is_none() {
        insert(scope, payment, left, RefundType::Full, Some(why.to_owned()), key).await?;
    }
    Ok(())
}

async fn insert(
    scope: &Scope,
    payment: &payments::Model,
    amount: i64,
    kind: RefundType,
    reason: Option<String>,
    key: String,
) -> Result<Model, ApiError> {
    let refund = ActiveModel {
        tenant_id: Set(payment.tenant_id),
        id: Set(RefundId(scope.new_id())),
        payment_id: Set(payment.id),
        booking_id: Set(payment.booking_id),
        amount_cents: Set(amount),
        reason: Set(reason),
        refund_type: Set(kind),
        provider: Set(payment.provider),
        provider_refund_id: Set(None),
        provider_metadata: Set(json!({})),
        status: Set(RefundStatus::Pending),
        failure_reason: Set(None),
        idempotency_key: Set(key),
        metadata_json: Set(json!({})),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    };
    Ok(refund.insert(scope).await?)
}

/// Asks the provider for a refund that is written down, and writes down what it said; cash is handed over. Pauses the
/// Scope.
///
/// # Errors
/// 422 when the provider refuses it, which is remembered; 502 when it does not answer.
pub async fn send(app: &App, scope: &Scope, refund: Model) -> Result<Model, ApiError> {
    if refund.status != RefundStatus::Pending || refund.provider_refund_id.is_some() {
        return Ok(refund);
    }
    let payment = row::find::<payments::Entity>(scope, refund.payment_id.0).await?;
    if refund.provider == PaymentProvider::None {
        return settle(scope, &refund, Said::Succeeded, None).await;
    }
    let Some(intent) = payment.provider_payment_id.clone() else {
        return Err(ApiError::internal("a captured payment that the provider does not know"));
    };
    scope.pause().await?;
    let new = NewRefund {
        intent,
        amount: refund.amount_cents,
        refund_application_fee: payment.application_fee_cents > 0,
        metadata: metadata(
            refund.tenant_id,
            &[("refund_id", Some(refund.id.0)), ("payment_id", Some(refund.payment_id.0))],
        ),
    };
    let key = key(refund.tenant_id, refund.id.0, "refund", 1);
    let call = Call { account: payment.provider_account_id.as_deref(), key: &key };
    match app.payments.create_refund(call, &new).await {
        Ok(answer) => {
            apply_refund(scope, &answer).await?;
            row::find::<Entity>(scope, refund.id.0).await
        }
        Err(error) => {
            let last = matches!(
                error,
                ProviderError::OverRefund { .. }
                    | ProviderError::Invalid { .. }
                    | ProviderError::State { .. }
                    | ProviderError::Missing
                    | ProviderError::Declined { .. }
            );
            if last {
                settle(scope, &refund, Said::Failed, Some(error.to_string())).await?;
                scope.pause().await?;
            }
            Err(refused(error))
        }
    }
}

/// Writes down how a refund ended of which nobody outside has an object.
async fn settle(scope: &Scope, refund: &Model, status: Said, why: Option<String>) -> Result<Model, ApiError> {
    let held = held::hold(scope, refund.payment_id).await?;
    let known = row::find::<Entity>(scope, refund.id.0).await?;
    let word = Refund {
        id: format!("own:{}", refund.id),
        status,
        amount: refund.amount_cents,
        intent: None,
        charge: None,
        failure_reason: why,
        metadata: Default::default(),
    };
    record_refund(scope, held, known, &word).await
}

/// The refunds of a payment, the oldest first.
///
/// # Errors
/// 404.
pub async fn list(scope: &Scope, id: Uuid) -> Result<Vec<dto::Refund>, ApiError> {
    let payment = row::find::<payments::Entity>(scope, id).await?;
    let left = left(scope, &payment).await?;
    let all = row::live::<Entity>(scope)?.filter(Column::PaymentId.eq(payment.id));
    let all = all.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).limit(100).all(scope).await?;
    Ok(all.into_iter().map(|row| dto::Refund::of(row, payment.currency_code.clone(), left)).collect())
}

/// Writes down the refunds of a booking of which money is due back: its newest payments first.
///
/// # Errors
/// When the database cannot answer.
pub async fn of_canceled(scope: &Scope, booking: &bookings::Model) -> Result<Vec<Model>, ApiError> {
    let booking = booking::hold_for_payment(scope, booking.id.0).await?;
    let paid: Vec<payments::Model> = held::of_booking(scope, booking.id)
        .await?
        .into_iter()
        .filter(|payment| payment.fee_type == FeeType::Booking && state::is_captured(payment.status))
        .collect();
    let mut rest = Vec::with_capacity(paid.len());
    for payment in &paid {
        rest.push(left(scope, &held::lock_alone(scope, payment.id).await?).await?);
    }
    let mut written = Vec::new();
    for ((payment, part), left) in paid.iter().zip(spread(booking.refund_due_cents, &rest)).zip(&rest) {
        if part > 0 {
            let kind = if part == *left { RefundType::Full } else { RefundType::Partial };
            let key = format!("canceled:{}:{}", booking.id, scope.new_id());
            let why = Some("The booking was canceled.".to_owned());
            written.push(insert(scope, payment, part, kind, why, key).await?);
        }
    }
    // what no payment has any more is nobody's to give
    booking::refund_asked(scope, booking.id, booking.refund_due_cents).await?;
    Ok(written)
}

/// Refunds that were written down a while ago and of which the provider knows nothing.
///
/// # Errors
/// When the database cannot answer.
pub async fn unsent(scope: &Scope, before: chrono::DateTime<chrono::Utc>, most: u64) -> Result<Vec<Model>, ApiError> {
    let pending = row::live::<Entity>(scope)?
        .filter(Column::Status.eq(RefundStatus::Pending))
        .filter(Column::ProviderRefundId.is_null())
        .filter(Column::CreatedAt.lte(before));
    Ok(pending.order_by_asc(Column::CreatedAt).limit(most).all(scope).await?)
}
