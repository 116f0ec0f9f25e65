//! Payment intents. Cards only: nothing whose payer is led away and may come back days later.

use stripe_core::payment_intent::{
    CancelPaymentIntent, CapturePaymentIntent, ConfirmPaymentIntent, CreatePaymentIntent,
    CreatePaymentIntentAutomaticPaymentMethods, CreatePaymentIntentAutomaticPaymentMethodsAllowRedirects,
    CreatePaymentIntentOffSession, RetrievePaymentIntent,
};
use stripe_shared::{PaymentIntentCaptureMethod, PaymentIntentSetupFutureUsage};

use super::{Bag, Stripe, id, read};
use crate::ports::payments::{Call, Intent, NewIntent, ProviderError};

pub(super) async fn create(stripe: &Stripe, call: &Call<'_>, new: &NewIntent) -> Result<Intent, ProviderError> {
    let mut ways = CreatePaymentIntentAutomaticPaymentMethods::new(true);
    ways.allow_redirects = Some(CreatePaymentIntentAutomaticPaymentMethodsAllowRedirects::Never);
    let mut request = CreatePaymentIntent::new(new.amount.minor, read::code(new.amount.currency))
        .automatic_payment_methods(ways)
        .metadata(new.metadata.clone().into_iter().collect::<Bag>());
    if let Some(customer) = &new.customer {
        request = request.customer(customer);
    }
    if let Some(method) = &new.method {
        request = request.payment_method(method);
    }
    if let Some(description) = &new.description {
        request = request.description(description);
    }
    if new.confirm {
        request = request.confirm(true);
        if let Some(url) = &new.return_url {
            request = request.return_url(url);
        }
    }
    if new.off_session {
        request = request.off_session(CreatePaymentIntentOffSession::Bool(true));
    }
    if new.keep_card {
        request = request.setup_future_usage(PaymentIntentSetupFutureUsage::OffSession);
    }
    if new.manual_capture {
        request = request.capture_method(PaymentIntentCaptureMethod::Manual);
    }
    if new.application_fee > 0 {
        request = request.application_fee_amount(new.application_fee);
    }
    stripe.change(call, request).await.map(read::intent)
}

pub(super) async fn confirm(
    stripe: &Stripe,
    call: &Call<'_>,
    intent: &str,
    method: Option<&str>,
    return_url: Option<&str>,
) -> Result<Intent, ProviderError> {
    let mut request = ConfirmPaymentIntent::new(id(intent)?);
    if let Some(method) = method {
        request = request.payment_method(method);
    }
    if let Some(url) = return_url {
        request = request.return_url(url);
    }
    stripe.change(call, request).await.map(read::intent)
}

pub(super) async fn capture(
    stripe: &Stripe,
    call: &Call<'_>,
    intent: &str,
    amount: Option<i64>,
) -> Result<Intent, ProviderError> {
    let mut request = CapturePaymentIntent::new(id(intent)?);
    if let Some(amount) = amount {
        request = request.amount_to_capture(amount);
    }
    stripe.change(call, request).await.map(read::intent)
}

pub(super) async fn cancel(stripe: &Stripe, call: &Call<'_>, intent: &str) -> Result<Intent, ProviderError> {
    stripe.change(call, CancelPaymentIntent::new(id(intent)?)).await.map(read::intent)
}

pub(super) async fn find(stripe: &Stripe, account: Option<&str>, intent: &str) -> Result<Intent, ProviderError> {
    stripe.look(account, RetrievePaymentIntent::new(id(intent)?)).await.map(read::intent)
}
