//! Confirms a payment: with a way to pay that the caller names, or by looking at what the payer has done there.

use ::entity::enums::{PaymentProvider, PaymentStatus};
use ::entity::payments::{Column, Entity, Model};
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::look::look;
use super::place::{declined, remember};
use crate::app::App;
use crate::db::{Scope, row};
use crate::domains::payments::apply::{advance, of_intent};
use crate::domains::payments::held;
use crate::domains::payments::provider::{key, needs_payer, refused};
use crate::domains::payments::rules::state;
use crate::error::{ApiError, Code};
use crate::ports::payments::{Call, IntentStatus};

/// Which payment is meant.
#[derive(Clone, Debug)]
pub enum Meant {
    Ours(Uuid),
    /// The provider's id.
    Theirs(String),
}

/// Confirms a payment. Safe to call many times, and beside the provider's own word.
///
/// # Errors
/// 404; 402 when it was declined, or the payer must confirm it; 409 when it was given up; 422 when nobody has said with
/// what it is paid; 502 when the provider does not answer.
pub async fn confirm(app: &App, scope: &Scope, meant: Meant, method: Option<String>) -> Result<Model, ApiError> {
    let payment = match meant {
        Meant::Ours(id) => row::find::<Entity>(scope, id).await?,
        Meant::Theirs(id) => {
            let found = row::live::<Entity>(scope)?.filter(Column::ProviderPaymentId.eq(id)).one(scope).await?;
            found.ok_or_else(|| ApiError::of(Code::PaymentNotFound))?
        }
    };
    if state::is_captured(payment.status) {
        return Ok(payment);
    }
    if payment.provider == PaymentProvider::None {
        return Err(state_of(&payment, "This payment is not made by card."));
    }
    let payment = match &payment.provider_payment_id {
        Some(intent) => with_intent(app, scope, &payment, intent, method).await?,
        None => look(app, scope, payment.id.0).await?,
    };
    judged(scope, payment).await
}

async fn with_intent(
    app: &App,
    scope: &Scope,
    payment: &Model,
    id: &str,
    method: Option<String>,
) -> Result<Model, ApiError> {
    let account = payment.provider_account_id.as_deref();
    scope.pause().await?;
    let mut intent = app.payments.intent(account, id).await.map_err(refused)?;
    let ready = match intent.status {
        IntentStatus::RequiresConfirmation => true,
        IntentStatus::RequiresPaymentMethod => method.is_some(),
        _ => false,
    };
    if ready {
        // each attempt after a decline is a call of its own
        let key = key(payment.tenant_id, payment.id.0, "confirm", payment.declines);
        let call = Call { account, key: &key };
        match app.payments.confirm_intent(call, id, method.as_deref(), None).await {
            Ok(confirmed) => intent = confirmed,
            Err(error) => return Err(remember(scope, payment, error).await?),
        }
    }
    let held = held::hold(scope, payment.id).await?;
    let after = advance(scope, held, of_intent(&intent)).await?;
    if after.status == PaymentStatus::RequiresAction {
        scope.pause().await?;
        let refusal =
            needs_payer(intent.next_action_url.as_deref(), &intent.id).with("payment_id", after.id.to_string());
        return Err(match intent.client_secret {
            Some(secret) => refusal.with("client_secret", secret),
            None => refusal,
        });
    }
    Ok(after)
}

/// What a payment that was looked at means to whoever wanted it confirmed. What was learned stays.
async fn judged(scope: &Scope, payment: Model) -> Result<Model, ApiError> {
    let refusal = match payment.status {
        PaymentStatus::Failed => declined(&payment),
        PaymentStatus::Canceled => state_of(&payment, "This payment was given up."),
        PaymentStatus::Pending => {
            let detail = "Nobody has said yet with what it is paid.";
            ApiError::new(Code::RuleViolation, detail).with_field("#/payment_method_id", "required", detail)
        }
        _ => return Ok(payment),
    };
    scope.pause().await?;
    Err(refusal.with("payment_id", payment.id.to_string()))
}

fn state_of(payment: &Model, sentence: &str) -> ApiError {
    ApiError::new(Code::Conflict, sentence).with("state", payment.status.as_str())
}
