//! Setup intents: a card is kept for later, for charges without its owner (S7).

use stripe_core::setup_intent::{
    CreateSetupIntent, CreateSetupIntentAutomaticPaymentMethods,
    CreateSetupIntentAutomaticPaymentMethodsAllowRedirects, CreateSetupIntentUsage, RetrieveSetupIntent,
};

use super::{Bag, Stripe, id, read};
use crate::ports::payments::{Call, NewSetup, ProviderError, Setup};

pub(super) async fn create(stripe: &Stripe, call: &Call<'_>, new: &NewSetup) -> Result<Setup, ProviderError> {
    let mut ways = CreateSetupIntentAutomaticPaymentMethods::new(true);
    ways.allow_redirects = Some(CreateSetupIntentAutomaticPaymentMethodsAllowRedirects::Never);
    let request = CreateSetupIntent::new()
        .customer(&new.customer)
        .usage(CreateSetupIntentUsage::OffSession)
        .automatic_payment_methods(ways)
        .metadata(new.metadata.clone().into_iter().collect::<Bag>());
    stripe.change(call, request).await.map(read::setup)
}

pub(super) async fn find(stripe: &Stripe, account: Option<&str>, setup: &str) -> Result<Setup, ProviderError> {
    stripe.look(account, RetrieveSetupIntent::new(id(setup)?)).await.map(read::setup)
}
