//! What events do. The one place to add a type: name it in [`subject`], say in [`reread`] how the thing that it is about
//! is looked at anew, and in [`apply`] who takes it in.
//!
//! Events come in any order and more than once. So nothing is taken from an event but which thing it is about: the thing
//! is read from the provider as it is now, outside every transaction, and taken in by a verb that may be called any
//! number of times. An old event then brings what is true today. A dispute alone is taken as the event tells it; its
//! verb knows an older word from a newer one.

use chrono::{DateTime, Utc};

use super::rules::Event;
use super::service::Outcome;
use crate::db::Scope;
use crate::domains::payments::{
    Applied, Dispute, apply_checkout, apply_dispute, apply_intent, apply_refund, apply_setup, connect,
};
use crate::error::ApiError;
use crate::ports::payments::{Account, Checkout, Intent, Provider, ProviderError, Refund, Setup};

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    /// A connected account, as the provider sees it.
    Account,
    /// A connected account was taken away from us.
    Deauthorized,
    Intent,
    Setup,
    /// A charge: its intent and what went back of it.
    Charge,
    Refund,
    Dispute,
    Checkout,
}

/// The types that have an effect.
fn subject(kind: &str) -> Option<Subject> {
    match kind {
        "account.updated" => Some(Subject::Account),
        "account.application.deauthorized" => Some(Subject::Deauthorized),
        "charge.refund.updated" | "refund.created" | "refund.updated" | "refund.failed" => Some(Subject::Refund),
        "charge.refunded" => Some(Subject::Charge),
        "charge.dispute.created" | "charge.dispute.updated" | "charge.dispute.closed" => Some(Subject::Dispute),
        "checkout.session.completed"
        | "checkout.session.async_payment_succeeded"
        | "checkout.session.async_payment_failed"
        | "checkout.session.expired" => Some(Subject::Checkout),
        kind if kind.starts_with("payment_intent.") => Some(Subject::Intent),
        kind if kind.starts_with("setup_intent.") => Some(Subject::Setup),
        _ => None,
    }
}

/// Whether a type has an effect.
pub fn concerns(kind: &str) -> bool {
    subject(kind).is_some()
}

/// A thing as it is now.
#[derive(Clone, Debug)]
pub enum Fact {
    /// With the instant at which the provider was asked.
    Account(Account, DateTime<Utc>),
    /// Since when it is closed to us.
    Deauthorized(String, DateTime<Utc>),
    Intent(Intent),
    Setup(Setup),
    Refund(Refund),
    Dispute(Dispute),
    Checkout(Checkout),
}

/// Looks at the things that an event is about. Never inside a transaction.
///
/// # Errors
/// What becomes of the event when there is nothing to take in.
pub async fn reread(
    provider: &dyn Provider,
    account: Option<&str>,
    event: &Event,
    now: DateTime<Utc>,
) -> Result<Vec<Fact>, Outcome> {
    let Some(subject) = subject(&event.kind) else { return Err(Outcome::Ignored(NOTHING)) };
    let id = event.object_id().ok_or_else(|| Outcome::Quarantined("the object has no id".into()));
    let fact = match (subject, account) {
        (Subject::Account | Subject::Deauthorized, None) => return Err(Outcome::Ignored("the platform's own account")),
        (Subject::Account, Some(account)) => Fact::Account(provider.account(account).await.map_err(unread)?, now),
        (Subject::Deauthorized, Some(account)) => {
            Fact::Deauthorized(account.to_owned(), event.created().unwrap_or_default())
        }
        (Subject::Intent, _) => Fact::Intent(provider.intent(account, id?).await.map_err(unread)?),
        (Subject::Setup, _) => Fact::Setup(provider.setup(account, id?).await.map_err(unread)?),
        (Subject::Refund, _) => Fact::Refund(provider.refund(account, id?).await.map_err(unread)?),
        (Subject::Checkout, _) => Fact::Checkout(provider.checkout(account, id?).await.map_err(unread)?),
        (Subject::Dispute, _) => Fact::Dispute(Dispute {
            id: id?.to_owned(),
            status: event.text("status").unwrap_or("needs_response").to_owned(),
            intent: event.text("payment_intent").map(str::to_owned),
            charge: event.text("charge").map(str::to_owned),
        }),
        (Subject::Charge, _) => return charge(provider, account, event).await,
    };
    Ok(vec![fact])
}

/// The charge's own state is its intent's; the refunds tell of themselves too, so those that are named here will do.
async fn charge(provider: &dyn Provider, account: Option<&str>, event: &Event) -> Result<Vec<Fact>, Outcome> {
    let mut facts = Vec::new();
    if let Some(intent) = event.text("payment_intent") {
        facts.push(Fact::Intent(provider.intent(account, intent).await.map_err(unread)?));
    }
    for id in event.refunds() {
        facts.push(Fact::Refund(provider.refund(account, id).await.map_err(unread)?));
    }
    Ok(facts)
}

/// Why an event is let be.
pub const NOTHING: &str = "nothing follows from this type";

/// Takes in what was read.
///
/// # Errors
/// Those of the verb.
pub async fn apply(scope: &Scope, fact: &Fact) -> Result<Applied, ApiError> {
    match fact {
        Fact::Account(account, seen_at) => {
            connect::apply_account(scope, account, *seen_at).await.map(|()| Applied::Changed)
        }
        Fact::Deauthorized(account, at) => {
            connect::apply_deauthorized(scope, account, *at).await.map(|()| Applied::Changed)
        }
        Fact::Intent(intent) => apply_intent(scope, intent).await,
        Fact::Setup(setup) => apply_setup(scope, setup).await,
        Fact::Refund(refund) => apply_refund(scope, refund).await,
        Fact::Dispute(dispute) => apply_dispute(scope, dispute).await,
        Fact::Checkout(checkout) => apply_checkout(scope, checkout).await,
    }
}

/// What is not on the account that told us of it is worth a look; everything else is tried again.
fn unread(error: ProviderError) -> Outcome {
    match error {
        ProviderError::Missing => Outcome::Quarantined("there is no such thing on this account".into()),
        error => Outcome::Failed(None, error.to_string()),
    }
}
