//! Gives a payment up, at the provider first: only what was given up there brings no money any more. Where the provider
//! says that it was paid, it was paid.

use ::entity::enums::PaymentStatus;
use ::entity::ids::PaymentId;
use ::entity::payments::Model;

use crate::app::App;
use crate::db::Scope;
use crate::domains::payments::apply::{Word, advance, apply_checkout, of_intent};
use crate::domains::payments::held;
use crate::domains::payments::provider::{key, refused};
use crate::domains::payments::rules::state;
use crate::error::{ApiError, Code};
use crate::ports::payments::{Call, ProviderError};

/// Gives a payment up; answers what became of it. Pauses the Scope while the provider is asked.
///
/// # Errors
/// 409 while the bank takes its time with it; 502 when the provider does not answer.
pub async fn call_off(app: &App, scope: &Scope, id: PaymentId) -> Result<Model, ApiError> {
    let held = held::hold(scope, id).await?;
    let payment = held.payment.clone();
    if state::is_captured(payment.status) {
        return Ok(payment);
    }
    if payment.provider_payment_id.is_none() && payment.provider_checkout_id.is_none() {
        // whoever is at the provider with it right now finds it given up, and gives it up there
        return advance(scope, held, Word::given_up()).await;
    }
    scope.pause().await?;
    let account = payment.provider_account_id.as_deref();
    // another attempt is another call: what was refused before may work now
    let key = key(payment.tenant_id, payment.id.0, "cancel", payment.updated_at.timestamp_micros());
    let call = Call { account, key: &key };
    if let (Some(page), None) = (&payment.provider_checkout_id, &payment.provider_payment_id) {
        let checkout = match app.payments.expire_checkout(call, page).await {
            Ok(checkout) => checkout,
            Err(ProviderError::State { .. } | ProviderError::Invalid { .. }) => {
                app.payments.checkout(account, page).await.map_err(refused)?
            }
            Err(error) => return Err(refused(error)),
        };
        apply_checkout(scope, &checkout).await?;
    } else if let Some(intent) = &payment.provider_payment_id {
        let answer = match app.payments.cancel_intent(call, intent).await {
            Err(ProviderError::State { intent: Some(intent), .. }) => Ok(*intent),
            Err(ProviderError::State { .. }) => app.payments.intent(account, intent).await,
            answer => answer,
        };
        match answer {
            Ok(intent) => {
                advance(scope, held::hold(scope, id).await?, of_intent(&intent)).await?;
            }
            Err(ProviderError::Missing) => {
                advance(scope, held::hold(scope, id).await?, Word::given_up()).await?;
            }
            Err(error) => return Err(refused(error)),
        }
    }
    let payment = held::hold(scope, id).await?.payment;
    match payment.status {
        PaymentStatus::Canceled => Ok(payment),
        status if state::is_captured(status) => Ok(payment),
        _ => Err(ApiError::new(Code::Conflict, "The bank has not decided about this payment yet. Try again later.")),
    }
}
