//! What events do. The one place to add a type: name it in [`subject`], say in [`reread`] how the thing that it is about
//! is looked at anew, and in [`apply`] who takes it in.
//!
//! Events come in any order and more than once. So nothing is taken from an event but which thing it is about: the thing
//! is read from the provider as it is now, outside every transaction, and taken in by a verb that may be called any
//! number of times. An old event then brings what is true today.

use chrono::{DateTime, Utc};

use super::rules::Event;
use super::service::Outcome;
use crate::db::Scope;
use crate::domains::payments::connect;
use crate::error::ApiError;
use crate::ports::payments::{Account, Provider, ProviderError};

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    /// A connected account, as the provider sees it.
    Account,
    /// A connected account was taken away from us.
    Deauthorized,
}

/// The types that have an effect.
fn subject(kind: &str) -> Option<Subject> {
    match kind {
        "account.updated" => Some(Subject::Account),
        "account.application.deauthorized" => Some(Subject::Deauthorized),
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
    let fact = match (subject, account) {
        (Subject::Account | Subject::Deauthorized, None) => return Err(Outcome::Ignored("the platform's own account")),
        (Subject::Account, Some(account)) => Fact::Account(provider.account(account).await.map_err(unread)?, now),
        (Subject::Deauthorized, Some(account)) => {
            Fact::Deauthorized(account.to_owned(), event.created().unwrap_or_default())
        }
    };
    Ok(vec![fact])
}

/// Why an event is let be.
pub const NOTHING: &str = "nothing follows from this type";

/// Takes in what was read.
///
/// # Errors
/// Those of the verb.
pub async fn apply(scope: &Scope, fact: &Fact) -> Result<(), ApiError> {
    match fact {
        Fact::Account(account, seen_at) => connect::apply_account(scope, account, *seen_at).await,
        Fact::Deauthorized(account, at) => connect::apply_deauthorized(scope, account, *at).await,
    }
}

/// What is not on the account that told us of it is worth a look; everything else is tried again.
fn unread(error: ProviderError) -> Outcome {
    match error {
        ProviderError::Missing => Outcome::Quarantined("there is no such thing on this account".into()),
        error => Outcome::Failed(None, error.to_string()),
    }
}
