//! Connected accounts: standard ones, whose owners deal with Stripe themselves.

use stripe_connect::account::{CreateAccount, CreateAccountType, RetrieveAccount};
use stripe_connect::account_link::{CreateAccountLink, CreateAccountLinkType};

use super::{Bag, Stripe, id, read};
use crate::ports::payments::{Account, Call, NewAccount, OnboardingLink, ProviderError};

pub(super) async fn create(stripe: &Stripe, call: &Call<'_>, new: &NewAccount) -> Result<Account, ProviderError> {
    let mut request = CreateAccount::new()
        .type_(CreateAccountType::Standard)
        .metadata(new.metadata.clone().into_iter().collect::<Bag>());
    if let Some(email) = &new.email {
        request = request.email(email);
    }
    if let Some(country) = &new.country {
        request = request.country(country);
    }
    stripe.change(call, request).await.map(read::account)
}

pub(super) async fn find(stripe: &Stripe, account: &str) -> Result<Account, ProviderError> {
    stripe.look(None, RetrieveAccount::new(id(account)?)).await.map(read::account)
}

pub(super) async fn link(stripe: &Stripe, call: &Call<'_>, link: &OnboardingLink) -> Result<String, ProviderError> {
    let request = CreateAccountLink::new(&link.account, CreateAccountLinkType::AccountOnboarding)
        .refresh_url(&link.refresh_url)
        .return_url(&link.return_url);
    stripe.change(call, request).await.map(|made| made.url)
}
