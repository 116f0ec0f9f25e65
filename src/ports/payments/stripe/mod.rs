//! Stripe: the provider's port in its words, through the request builders and objects of async-stripe.
//!
//! What must stay true: a call that changes something goes out with the key that its caller wrote down, under
//! `RequestStrategy::Idempotent` and no other strategy; every call of a business carries its account.

mod accounts;
mod attempts;
mod bills;
mod checkouts;
mod client;
mod customers;
mod events;
mod failure;
mod intents;
mod read;
mod refunds;
mod setups;
mod subscriptions;

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use miniserde::Deserialize;
use secrecy::{ExposeSecret, SecretString};
use stripe_client_core::{AccountId, IdempotencyKey, RequestStrategy, StripeRequest};

use super::wire::Wire;
use super::{
    Account, Bill, Call, Checkout, Customer, Intent, Method, NewAccount, NewCheckout, NewCustomer, NewIntent,
    NewRefund, NewSetup, NewSubscription, OnboardingLink, Proration, Provider, ProviderError, RawEvent, Refund, Setup,
    Subscription, SubscriptionChange,
};
use client::Client;

/// Metadata as the builders take it.
type Bag = HashMap<String, String>;

/// Stripe, or a sandbox that speaks like it.
#[derive(Debug)]
pub struct Stripe {
    client: Client,
    live: bool,
}

impl Stripe {
    /// `base` ends with a slash, in front of `v1/`.
    ///
    /// # Errors
    /// What is wrong with the key or the build.
    pub fn new(base: String, key: &SecretString, timeout: Duration) -> Result<Self, String> {
        let live = ["sk_live_", "rk_live_"].iter().any(|start| key.expose_secret().starts_with(start));
        let wire = Wire::new().map_err(|error| error.to_string())?;
        Ok(Self { client: Client::new(wire, base, key, timeout)?, live })
    }

    /// Changes something, under its key.
    async fn change<R>(&self, call: &Call<'_>, request: R) -> Result<R::Output, ProviderError>
    where
        R: StripeRequest,
        R::Output: Deserialize,
    {
        let key = IdempotencyKey::new(call.key).map_err(|error| invalid("idempotency_key", &error.to_string()))?;
        let mut request = request.customize().request_strategy(RequestStrategy::Idempotent(key));
        if let Some(account) = call.account {
            request = request.account_id(AccountId::from(id(account)?));
        }
        request.send(&self.client).await.map_err(failure::read)
    }

    /// Looks; nothing is changed.
    async fn look<R>(&self, account: Option<&str>, request: R) -> Result<R::Output, ProviderError>
    where
        R: StripeRequest,
        R::Output: Deserialize,
    {
        let mut request = request.customize();
        if let Some(account) = account {
            request = request.account_id(AccountId::from(id(account)?));
        }
        request.send(&self.client).await.map_err(failure::read)
    }
}

/// An id as it may stand in a path: one of Stripe's, whoever it came from.
fn id(text: &str) -> Result<&str, ProviderError> {
    let fit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if !text.is_empty() && text.len() <= 255 && text.bytes().all(fit) { Ok(text) } else { Err(ProviderError::Missing) }
}

fn invalid(param: &str, message: &str) -> ProviderError {
    ProviderError::Invalid { code: None, param: Some(param.to_owned()), message: message.to_owned() }
}

#[async_trait]
impl Provider for Stripe {
    fn name(&self) -> &'static str {
        "stripe"
    }

    fn live(&self) -> bool {
        self.live
    }

    async fn create_customer(&self, call: Call<'_>, new: &NewCustomer) -> Result<Customer, ProviderError> {
        customers::create(self, &call, new).await
    }

    async fn create_intent(&self, call: Call<'_>, new: &NewIntent) -> Result<Intent, ProviderError> {
        intents::create(self, &call, new).await
    }

    async fn confirm_intent(
        &self,
        call: Call<'_>,
        id: &str,
        method: Option<&str>,
        return_url: Option<&str>,
    ) -> Result<Intent, ProviderError> {
        intents::confirm(self, &call, id, method, return_url).await
    }

    async fn capture_intent(&self, call: Call<'_>, id: &str, amount: Option<i64>) -> Result<Intent, ProviderError> {
        intents::capture(self, &call, id, amount).await
    }

    async fn cancel_intent(&self, call: Call<'_>, id: &str) -> Result<Intent, ProviderError> {
        intents::cancel(self, &call, id).await
    }

    async fn intent(&self, account: Option<&str>, id: &str) -> Result<Intent, ProviderError> {
        intents::find(self, account, id).await
    }

    async fn create_setup(&self, call: Call<'_>, new: &NewSetup) -> Result<Setup, ProviderError> {
        setups::create(self, &call, new).await
    }

    async fn setup(&self, account: Option<&str>, id: &str) -> Result<Setup, ProviderError> {
        setups::find(self, account, id).await
    }

    async fn method(&self, account: Option<&str>, id: &str) -> Result<Method, ProviderError> {
        customers::method(self, account, id).await
    }

    async fn attach_method(&self, call: Call<'_>, id: &str, customer: &str) -> Result<Method, ProviderError> {
        customers::attach(self, &call, id, customer).await
    }

    async fn detach_method(&self, call: Call<'_>, id: &str) -> Result<Method, ProviderError> {
        customers::detach(self, &call, id).await
    }

    async fn create_refund(&self, call: Call<'_>, new: &NewRefund) -> Result<Refund, ProviderError> {
        refunds::create(self, &call, new).await
    }

    async fn refund(&self, account: Option<&str>, id: &str) -> Result<Refund, ProviderError> {
        refunds::find(self, account, id).await
    }

    async fn create_checkout(&self, call: Call<'_>, new: &NewCheckout) -> Result<Checkout, ProviderError> {
        checkouts::create(self, &call, new).await
    }

    async fn checkout(&self, account: Option<&str>, id: &str) -> Result<Checkout, ProviderError> {
        checkouts::find(self, account, id).await
    }

    async fn expire_checkout(&self, call: Call<'_>, id: &str) -> Result<Checkout, ProviderError> {
        checkouts::expire(self, &call, id).await
    }

    async fn create_account(&self, call: Call<'_>, new: &NewAccount) -> Result<Account, ProviderError> {
        accounts::create(self, &call, new).await
    }

    async fn account(&self, id: &str) -> Result<Account, ProviderError> {
        accounts::find(self, id).await
    }

    async fn onboarding_link(&self, call: Call<'_>, link: &OnboardingLink) -> Result<String, ProviderError> {
        accounts::link(self, &call, link).await
    }

    async fn create_subscription(&self, call: Call<'_>, new: &NewSubscription) -> Result<Subscription, ProviderError> {
        subscriptions::create(self, &call, new).await
    }

    async fn change_subscription(
        &self,
        call: Call<'_>,
        id: &str,
        change: &SubscriptionChange,
    ) -> Result<Subscription, ProviderError> {
        subscriptions::change(self, &call, id, change).await
    }

    async fn subscription(&self, account: Option<&str>, id: &str) -> Result<Subscription, ProviderError> {
        subscriptions::find(self, account, id).await
    }

    async fn preview_change(
        &self,
        account: Option<&str>,
        id: &str,
        change: &SubscriptionChange,
    ) -> Result<Proration, ProviderError> {
        subscriptions::preview(self, account, id, change).await
    }

    async fn portal_link(&self, call: Call<'_>, customer: &str, return_url: &str) -> Result<String, ProviderError> {
        subscriptions::portal(self, &call, customer, return_url).await
    }

    async fn bills(&self, account: Option<&str>, customer: &str) -> Result<Vec<Bill>, ProviderError> {
        bills::of(self, account, customer).await
    }

    async fn pay_bill(&self, call: Call<'_>, id: &str, method: Option<&str>) -> Result<Bill, ProviderError> {
        bills::pay(self, &call, id, method).await
    }

    async fn undelivered_events(
        &self,
        account: Option<&str>,
        after: Option<&str>,
        limit: u8,
    ) -> Result<Vec<RawEvent>, ProviderError> {
        events::undelivered(self, account, after, limit).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_from_outside_cannot_become_another_path() {
        for wrong in ["", "../refunds", "pi_1/cancel", "pi_1?x", "pi 1", "pi_\u{e9}", &"a".repeat(256)] {
            assert!(matches!(id(wrong), Err(ProviderError::Missing)), "{wrong}");
        }
        assert!(id("pi_3Nabc_1").is_ok());
    }
}
