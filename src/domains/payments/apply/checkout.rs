//! What the provider says of one of its pages. Only a page that says paid is paid (S15): a payer who comes back from it
//! proves nothing.

use ::entity::enums::PaymentStatus;
use ::entity::payments::Column;

use super::Applied;
use super::intent::{Word, advance};
use crate::db::Scope;
use crate::domains::payments::held;
use crate::error::ApiError;
use crate::ports::payments::Checkout;

/// Takes in what a page looks like now, or looked like once.
///
/// # Errors
/// When the database cannot answer.
pub async fn apply_checkout(scope: &Scope, checkout: &Checkout) -> Result<Applied, ApiError> {
    let ours = checkout.metadata.get("payment_id");
    let Some(id) = held::by_provider(scope, Column::ProviderCheckoutId, &checkout.id, ours).await? else {
        return Ok(Applied::Unknown);
    };
    let held = held::hold(scope, id).await?;
    let before = held.payment.clone();
    let status = match (checkout.status.as_str(), checkout.payment_status.as_str()) {
        (_, "paid" | "no_payment_required") => Some(PaymentStatus::Captured),
        // a slow way to pay: the money comes later, or does not
        ("complete", _) => Some(PaymentStatus::Processing),
        ("expired", _) => Some(PaymentStatus::Canceled),
        _ => None,
    };
    let word = Word {
        status,
        said: Some(checkout.status.chars().take(100).collect()),
        intent: checkout.intent.clone(),
        checkout: Some(checkout.id.clone()),
        ..Word::default()
    };
    let after = advance(scope, held, word).await?;
    Ok(Applied::of(&before, &after))
}
