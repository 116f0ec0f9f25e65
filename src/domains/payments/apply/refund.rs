//! What the provider says of money that goes back.

use ::entity::enums::{PaymentProvider, RefundStatus, RefundType};
use ::entity::ids::{PaymentId, RefundId};
use ::entity::payments::Column as PaymentColumn;
use ::entity::refunds::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::Applied;
use super::intent::{Word, advance};
use crate::db::{Scope, row};
use crate::domains::payments::held::{self, Held};
use crate::domains::payments::rules::state;
use crate::domains::payments::{bill, events, settle};
use crate::error::ApiError;
use crate::ports::payments::{Refund, RefundStatus as Said};

/// Takes in what a refund looks like now, or looked like once; also one that was made elsewhere.
///
/// # Errors
/// When the database cannot answer.
pub async fn apply_refund(scope: &Scope, refund: &Refund) -> Result<Applied, ApiError> {
    let known = find(scope, refund).await?;
    let payment = match &known {
        Some(known) => Some(known.payment_id),
        None => of_payment(scope, refund).await?,
    };
    let Some(payment) = payment else { return Ok(Applied::Unknown) };
    let held = captured(scope, held::hold(scope, payment).await?, refund).await?;
    // looked for again: whoever asked the provider may have written it meanwhile
    match find(scope, refund).await? {
        Some(known) => {
            let after = record(scope, held, known.clone(), refund).await?;
            Ok(if after == known { Applied::Same } else { Applied::Changed })
        }
        None => {
            let made = elsewhere(scope, &held, refund).await?;
            record(scope, held, made, refund).await?;
            Ok(Applied::Changed)
        }
    }
}

async fn find(scope: &Scope, refund: &Refund) -> Result<Option<Model>, ApiError> {
    let by_id = row::live::<Entity>(scope)?.filter(Column::ProviderRefundId.eq(&refund.id)).one(scope).await?;
    if by_id.is_some() {
        return Ok(by_id);
    }
    let Some(ours) = refund.metadata.get("refund_id").and_then(|id| id.parse::<Uuid>().ok()) else { return Ok(None) };
    let ours = row::live::<Entity>(scope)?.filter(Column::Id.eq(ours)).filter(Column::ProviderRefundId.is_null());
    Ok(ours.one(scope).await?)
}

async fn of_payment(scope: &Scope, refund: &Refund) -> Result<Option<PaymentId>, ApiError> {
    for (column, id) in
        [(PaymentColumn::ProviderPaymentId, &refund.intent), (PaymentColumn::ProviderChargeId, &refund.charge)]
    {
        if let Some(id) = id
            && let Some(found) = held::by_provider(scope, column, id, None).await?
        {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// What goes back came before: word of that may still be on its way.
async fn captured(scope: &Scope, held: Held, refund: &Refund) -> Result<Held, ApiError> {
    if state::is_captured(held.payment.status) {
        return Ok(held);
    }
    let Held { booking, payment } = held;
    let word = Word::came(refund.charge.clone());
    let payment = advance(scope, Held { booking: booking.clone(), payment }, word).await?;
    Ok(Held { booking, payment })
}

/// A refund that somebody made at the provider.
async fn elsewhere(scope: &Scope, held: &Held, refund: &Refund) -> Result<Model, ApiError> {
    let full = refund.amount >= held.payment.amount_captured_cents;
    let row = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(RefundId(scope.new_id())),
        payment_id: Set(held.payment.id),
        booking_id: Set(held.payment.booking_id),
        amount_cents: Set(refund.amount),
        reason: Set(None),
        refund_type: Set(if full { RefundType::Full } else { RefundType::Partial }),
        provider: Set(PaymentProvider::Stripe),
        provider_refund_id: Set(Some(refund.id.clone())),
        provider_metadata: Set(json!({})),
        // one that failed elsewhere never counts
        status: Set(match refund.status {
            Said::Failed => RefundStatus::Failed,
            Said::Canceled => RefundStatus::Canceled,
            _ => RefundStatus::Pending,
        }),
        failure_reason: Set(None),
        idempotency_key: Set(format!("provider:{}", refund.id)),
        metadata_json: Set(json!({})),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    };
    Ok(row.insert(scope).await?)
}

/// Writes what became of a refund whose payment is held, and what follows from it. Once it has failed or was canceled
/// it stays so; one that succeeded may still fail.
pub(in crate::domains::payments) async fn record(
    scope: &Scope,
    held: Held,
    known: Model,
    refund: &Refund,
) -> Result<Model, ApiError> {
    let seen = match refund.status {
        Said::Succeeded => RefundStatus::Succeeded,
        Said::Failed => RefundStatus::Failed,
        Said::Canceled => RefundStatus::Canceled,
        Said::Pending | Said::RequiresAction | Said::Unknown(_) => RefundStatus::Pending,
    };
    let rank = |status: RefundStatus| match status {
        RefundStatus::Pending => 0,
        RefundStatus::Succeeded => 1,
        RefundStatus::Failed | RefundStatus::Canceled => 2,
    };
    let status = if rank(seen) > rank(known.status) { seen } else { known.status };
    let mut change = known.clone().into_active_model();
    if known.provider_refund_id.is_none() {
        change.provider_refund_id = Set(Some(refund.id.clone()));
    }
    if status != known.status {
        change.status = Set(status);
        change.failure_reason = Set(refund.failure_reason.as_ref().map(|reason| reason.chars().take(1_000).collect()));
    }
    let after = if change.is_changed() {
        change.updated_at = Set(scope.now());
        change.update(scope).await?
    } else {
        known.clone()
    };
    let sum = given_back(scope, held.payment.id).await?;
    let payment = settle::given_back(scope, held.payment, sum).await?;
    if after.status == RefundStatus::Succeeded && known.status != RefundStatus::Succeeded {
        scope.emit(events::refunded(&payment, &after));
        bill::credit(scope, &payment, &after).await?;
        metrics::counter!("payments_refunded_total", "type" => after.refund_type.as_str()).increment(1);
    }
    Ok(after)
}

/// What went back of a payment.
async fn given_back(scope: &Scope, payment: PaymentId) -> Result<i64, ApiError> {
    let all = row::live::<Entity>(scope)?.filter(Column::PaymentId.eq(payment));
    let all = all.filter(Column::Status.eq(RefundStatus::Succeeded)).all(scope).await?;
    Ok(all.iter().map(|refund| refund.amount_cents).sum())
}
