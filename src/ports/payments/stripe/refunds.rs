//! Refunds, always of an intent and with an amount.

use stripe_core::refund::{CreateRefund, RetrieveRefund};

use super::{Bag, Stripe, id, read};
use crate::ports::payments::{Call, NewRefund, ProviderError, Refund};

pub(super) async fn create(stripe: &Stripe, call: &Call<'_>, new: &NewRefund) -> Result<Refund, ProviderError> {
    let mut request = CreateRefund::new()
        .payment_intent(&new.intent)
        .amount(new.amount)
        .metadata(new.metadata.clone().into_iter().collect::<Bag>());
    if new.refund_application_fee {
        request = request.refund_application_fee(true);
    }
    stripe.change(call, request).await.map(read::refund).map_err(beyond)
}

/// More than is left has no code of its own: only the parameter tells.
fn beyond(error: ProviderError) -> ProviderError {
    match error {
        ProviderError::Invalid { code: None, param: Some(param), message } if param == "amount" => {
            ProviderError::OverRefund { message }
        }
        other => other,
    }
}

pub(super) async fn find(stripe: &Stripe, account: Option<&str>, refund: &str) -> Result<Refund, ProviderError> {
    stripe.look(account, RetrieveRefund::new(id(refund)?)).await.map(read::refund)
}
