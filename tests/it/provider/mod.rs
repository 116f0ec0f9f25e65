//! The provider's port against the sandbox: what is sent, what comes back, and that trouble on the way costs nobody
//! anything.
mod accounts;
mod boot;
mod checkout;
mod drops;
mod intents;
mod keys;
mod kill;
mod pages;
mod real;
mod refunds;
mod service;
mod sources;
mod subscriptions;
mod trouble;
mod webhooks;

use std::collections::BTreeMap;

use tithi::kernel::clock::Clock;
use tithi::kernel::money::{Currency, Money};
use tithi::ports::payments::stripe::Stripe as Port;
use tithi::ports::payments::{Call, Intent, NewIntent, Provider, ProviderError};

use crate::support::stripe::Stripe;

/// A sandbox, a port to it and an account.
struct Place {
    stripe: Stripe,
    port: Port,
    clock: Clock,
    account: String,
}

impl Place {
    async fn open() -> Self {
        let clock = Clock::fixed(chrono::DateTime::from_timestamp(1_790_000_000, 0).unwrap());
        let stripe = Stripe::start(clock.clone()).await;
        let (port, account) = (stripe.port(), stripe.account());
        Self { stripe, port, clock, account }
    }

    fn call<'a>(&'a self, key: &'a str) -> Call<'a> {
        Call { account: Some(&self.account), key }
    }

    /// Charges a test card at once.
    async fn charge(&self, key: &str, minor: i64, card: &str) -> Result<Intent, ProviderError> {
        self.port.create_intent(self.call(key), &charging(minor, card)).await
    }
}

fn euro(minor: i64) -> Money {
    Money::new(minor, Currency::new("EUR").unwrap())
}

fn wanted(amount: Money) -> NewIntent {
    NewIntent {
        amount,
        customer: None,
        method: None,
        confirm: false,
        return_url: None,
        off_session: false,
        keep_card: false,
        manual_capture: false,
        application_fee: 0,
        description: None,
        metadata: BTreeMap::from([
            ("payment_id".to_owned(), "p1".to_owned()),
            ("tenant_id".to_owned(), "t1".to_owned()),
        ]),
    }
}

fn charging(minor: i64, card: &str) -> NewIntent {
    NewIntent { method: Some(card.to_owned()), confirm: true, ..wanted(euro(minor)) }
}
