//! Checkout sessions: the page of the provider where people pay or leave a card.

use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionAllowedPaymentMethodTypes, CreateCheckoutSessionLineItems,
    CreateCheckoutSessionLineItemsPriceData, CreateCheckoutSessionPaymentIntentData,
    CreateCheckoutSessionPaymentIntentDataSetupFutureUsage, CreateCheckoutSessionSetupIntentData,
    CreateCheckoutSessionSubscriptionData, ExpireCheckoutSession, ProductData, RetrieveCheckoutSession,
};
use stripe_shared::CheckoutSessionMode;

use super::{Bag, Stripe, id, read};
use crate::ports::payments::{Call, Checkout, CheckoutMode, NewCheckout, ProviderError};

pub(super) async fn create(stripe: &Stripe, call: &Call<'_>, new: &NewCheckout) -> Result<Checkout, ProviderError> {
    let metadata: Bag = new.metadata.clone().into_iter().collect();
    let mut request = CreateCheckoutSession::new()
        .success_url(&new.success_url)
        .cancel_url(&new.cancel_url)
        .allowed_payment_method_types(vec![CreateCheckoutSessionAllowedPaymentMethodTypes::Card])
        .metadata(metadata.clone());
    let items = lines(new);
    if !items.is_empty() {
        request = request.line_items(items);
    }
    if let Some(customer) = &new.customer {
        request = request.customer(customer);
    }
    if let Some(at) = new.expires_at {
        request = request.expires_at(at.timestamp());
    }
    // what the session makes carries the same metadata: its own events name it too
    request = match new.mode {
        CheckoutMode::Payment => request.mode(CheckoutSessionMode::Payment).payment_intent_data(payment(new, metadata)),
        CheckoutMode::Setup => {
            let mut data = CreateCheckoutSessionSetupIntentData::new();
            data.metadata = Some(metadata);
            request.mode(CheckoutSessionMode::Setup).setup_intent_data(data)
        }
        CheckoutMode::Subscription => {
            let mut data = CreateCheckoutSessionSubscriptionData::new();
            data.metadata = Some(metadata);
            data.trial_period_days = new.trial_days;
            request.mode(CheckoutSessionMode::Subscription).subscription_data(data)
        }
    };
    stripe.change(call, request).await.map(read::checkout)
}

fn payment(new: &NewCheckout, metadata: Bag) -> CreateCheckoutSessionPaymentIntentData {
    let mut data = CreateCheckoutSessionPaymentIntentData::new();
    data.metadata = Some(metadata);
    data.application_fee_amount = (new.application_fee > 0).then_some(new.application_fee);
    data.setup_future_usage =
        new.keep_card.then_some(CreateCheckoutSessionPaymentIntentDataSetupFutureUsage::OffSession);
    data
}

fn lines(new: &NewCheckout) -> Vec<CreateCheckoutSessionLineItems> {
    let lines = new.lines.iter().map(|line| {
        let mut price = CreateCheckoutSessionLineItemsPriceData::new(read::code(line.amount.currency));
        price.unit_amount = Some(line.amount.minor);
        price.product_data = Some(ProductData::new(&line.name));
        let mut item = CreateCheckoutSessionLineItems::new();
        item.price_data = Some(price);
        item.quantity = Some(line.quantity.into());
        item
    });
    let priced = new.price.iter().map(|price| {
        let mut item = CreateCheckoutSessionLineItems::new();
        item.price = Some(price.clone());
        item.quantity = Some(1);
        item
    });
    lines.chain(priced).collect()
}

pub(super) async fn find(stripe: &Stripe, account: Option<&str>, session: &str) -> Result<Checkout, ProviderError> {
    stripe.look(account, RetrieveCheckoutSession::new(id(session)?)).await.map(read::checkout)
}

/// Refused as a state once it is complete: without a code of its own, so that any refusal of a session that is there
/// means that.
pub(super) async fn expire(stripe: &Stripe, call: &Call<'_>, session: &str) -> Result<Checkout, ProviderError> {
    let outcome = stripe.change(call, ExpireCheckoutSession::new(id(session)?)).await;
    outcome.map(read::checkout).map_err(|error| match error {
        ProviderError::Invalid { code: None, param: None, message } => ProviderError::State { message, intent: None },
        other => other,
    })
}
