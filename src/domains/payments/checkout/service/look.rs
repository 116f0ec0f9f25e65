//! A payment as it is now: the provider is asked while it is open.

use ::entity::payments::{Entity, Model};
use uuid::Uuid;

use crate::app::App;
use crate::db::{Scope, row};
use crate::domains::payments::apply::{advance, apply_checkout, of_intent};
use crate::domains::payments::held;
use crate::domains::payments::rules::state;
use crate::error::ApiError;

/// Reads a payment, and asks the provider while its state is not final. A provider that does not answer leaves it as it
/// was known last. Pauses the Scope while it is asked.
///
/// # Errors
/// 404.
pub async fn look(app: &App, scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    let payment = row::find::<Entity>(scope, id).await?;
    if !state::is_open(payment.status) {
        return Ok(payment);
    }
    let account = payment.provider_account_id.as_deref();
    match (&payment.provider_payment_id, &payment.provider_checkout_id) {
        (Some(intent), _) => {
            scope.pause().await?;
            match app.payments.intent(account, intent).await {
                Ok(intent) => {
                    advance(scope, held::hold(scope, payment.id).await?, of_intent(&intent)).await?;
                }
                Err(error) => tracing::warn!(%error, payment = %payment.id, "the provider was not asked"),
            }
        }
        (None, Some(page)) => {
            scope.pause().await?;
            match app.payments.checkout(account, page).await {
                Ok(checkout) => {
                    apply_checkout(scope, &checkout).await?;
                }
                Err(error) => tracing::warn!(%error, payment = %payment.id, "the provider was not asked"),
            }
        }
        (None, None) => return Ok(payment),
    }
    row::find::<Entity>(scope, id).await
}
