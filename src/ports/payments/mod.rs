//! Who moves the money: the provider's port.
//!
//! One trait, [`Provider`], and one vendor, Stripe, whether the real one or the sandbox inside this binary: both speak
//! the same protocol over HTTP and take the same path. No card number ever passes here: cards are entered at the
//! provider, we hold its ids.
//!
//! What must stay true: every call that changes something carries a key that was written down before it ([`Call::key`]),
//! so that it may be sent again after a crash; every call of a business names its account; every call ends within a
//! bounded time; nothing here is called inside a transaction.

mod objects;
mod off;
mod open;
pub mod sandbox;
pub mod stripe;
mod wire;

use std::fmt;

use async_trait::async_trait;

pub use objects::*;
pub use off::Off;
pub use open::{Opened, loopback, open};

/// On whose account, and under which key.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// The connected account of a business (`acct_..`); none is the platform's own.
    pub account: Option<&'a str>,
    /// 1 to 255 characters, made of a row that was committed before: `{tenant}:{payment}:{operation}:{attempt}`. The
    /// same key always goes with the same bytes.
    pub key: &'a str,
}

/// What the provider can be asked to do. Reads take the account alone.
#[async_trait]
pub trait Provider: fmt::Debug + Send + Sync {
    /// `stripe`: what `payments.provider` holds.
    fn name(&self) -> &'static str;
    /// Whether real money moves.
    fn live(&self) -> bool;

    async fn create_customer(&self, call: Call<'_>, new: &NewCustomer) -> Result<Customer, ProviderError>;

    async fn create_intent(&self, call: Call<'_>, new: &NewIntent) -> Result<Intent, ProviderError>;
    /// `return_url` is where the payer comes back to when they are asked to confirm; without one there is no
    /// [`Intent::next_action_url`].
    async fn confirm_intent(
        &self,
        call: Call<'_>,
        id: &str,
        method: Option<&str>,
        return_url: Option<&str>,
    ) -> Result<Intent, ProviderError>;
    async fn capture_intent(&self, call: Call<'_>, id: &str, amount: Option<i64>) -> Result<Intent, ProviderError>;
    /// Refused once it has succeeded: then the answer is [`ProviderError::State`] with the intent as it is.
    async fn cancel_intent(&self, call: Call<'_>, id: &str) -> Result<Intent, ProviderError>;
    async fn intent(&self, account: Option<&str>, id: &str) -> Result<Intent, ProviderError>;

    async fn create_setup(&self, call: Call<'_>, new: &NewSetup) -> Result<Setup, ProviderError>;
    async fn setup(&self, account: Option<&str>, id: &str) -> Result<Setup, ProviderError>;
    async fn method(&self, account: Option<&str>, id: &str) -> Result<Method, ProviderError>;
    async fn attach_method(&self, call: Call<'_>, id: &str, customer: &str) -> Result<Method, ProviderError>;
    async fn detach_method(&self, call: Call<'_>, id: &str) -> Result<Method, ProviderError>;

    async fn create_refund(&self, call: Call<'_>, new: &NewRefund) -> Result<Refund, ProviderError>;
    async fn refund(&self, account: Option<&str>, id: &str) -> Result<Refund, ProviderError>;

    /// A page of the provider where the payer pays (or, in mode `Setup`, leaves a card).
    async fn create_checkout(&self, call: Call<'_>, new: &NewCheckout) -> Result<Checkout, ProviderError>;
    async fn checkout(&self, account: Option<&str>, id: &str) -> Result<Checkout, ProviderError>;
    async fn expire_checkout(&self, call: Call<'_>, id: &str) -> Result<Checkout, ProviderError>;

    async fn create_account(&self, call: Call<'_>, new: &NewAccount) -> Result<Account, ProviderError>;
    async fn account(&self, id: &str) -> Result<Account, ProviderError>;
    /// A link that works once and for minutes, where the business answers the provider's questions.
    async fn onboarding_link(&self, call: Call<'_>, link: &OnboardingLink) -> Result<String, ProviderError>;

    async fn create_subscription(&self, call: Call<'_>, new: &NewSubscription) -> Result<Subscription, ProviderError>;
    async fn change_subscription(
        &self,
        call: Call<'_>,
        id: &str,
        change: &SubscriptionChange,
    ) -> Result<Subscription, ProviderError>;
    async fn subscription(&self, account: Option<&str>, id: &str) -> Result<Subscription, ProviderError>;
    /// What a change would cost now, in minor units; nothing is changed.
    async fn preview_change(
        &self,
        account: Option<&str>,
        id: &str,
        change: &SubscriptionChange,
    ) -> Result<Proration, ProviderError>;
    /// The provider's page where a customer sees bills and changes cards.
    async fn portal_link(&self, call: Call<'_>, customer: &str, return_url: &str) -> Result<String, ProviderError>;

    /// What a customer was billed for subscriptions, the newest first; at most 100.
    async fn bills(&self, account: Option<&str>, customer: &str) -> Result<Vec<Bill>, ProviderError>;
    /// Pays a bill that is open: with this method, or with the subscription's.
    async fn pay_bill(&self, call: Call<'_>, id: &str, method: Option<&str>) -> Result<Bill, ProviderError>;

    /// Events of an account that were not delivered, newest first; at most `limit` (1 to 100).
    async fn undelivered_events(
        &self,
        account: Option<&str>,
        after: Option<&str>,
        limit: u8,
    ) -> Result<Vec<RawEvent>, ProviderError>;
}

/// Why the provider did not do it.
#[derive(Clone, Debug)]
pub enum ProviderError {
    /// The card was refused (402 `card_error`). The intent stands where the provider sent it along.
    Declined { code: String, decline_code: Option<String>, message: String, intent: Option<Box<Intent>> },
    /// The payer must confirm it themselves (402 `authentication_required`).
    NeedsPayer { intent: Box<Intent> },
    /// The object's state does not allow it.
    State { message: String, intent: Option<Box<Intent>> },
    /// More than is left was to be refunded, or it is refunded already.
    OverRefund { message: String },
    /// What we sent is wrong: a defect of ours or a setting that does not fit.
    Invalid { code: Option<String>, param: Option<String>, message: String },
    /// A key came back with other parameters: always a defect of ours, never sent again.
    KeyReused { message: String },
    /// There is no such object on this account.
    Missing,
    /// The account is closed to us, or our key is refused.
    Forbidden { message: String },
    /// No answer, or none that tells the outcome, after all attempts. The call may have had its effect: send it again
    /// with the same key, or look.
    Unknown { message: String },
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Declined { code, message, .. } => write!(f, "declined ({code}): {message}"),
            Self::NeedsPayer { intent } => write!(f, "{} needs its payer", intent.id),
            Self::State { message, .. } | Self::OverRefund { message } => f.write_str(message),
            Self::Invalid { code, param, message } => {
                write!(f, "invalid ({} {}): {message}", code.as_deref().unwrap_or("-"), param.as_deref().unwrap_or("-"))
            }
            Self::KeyReused { message } => write!(f, "idempotency key reused: {message}"),
            Self::Missing => f.write_str("no such object"),
            Self::Forbidden { message } => write!(f, "forbidden: {message}"),
            Self::Unknown { message } => write!(f, "outcome unknown: {message}"),
        }
    }
}

impl std::error::Error for ProviderError {}
