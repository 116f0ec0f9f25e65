//! Events that did not reach us (S19). They are kept as they were written: the inbox reads them itself.

use chrono::DateTime;
use serde_json::Value;
use stripe_client_core::{AccountId, StripeRequest};
use stripe_core::event::ListEvent;

use super::{Stripe, failure, id};
use crate::ports::payments::{ProviderError, RawEvent};

pub(super) async fn undelivered(
    stripe: &Stripe,
    account: Option<&str>,
    after: Option<&str>,
    limit: u8,
) -> Result<Vec<RawEvent>, ProviderError> {
    let mut request = ListEvent::new().delivery_success(false).limit(i64::from(limit.clamp(1, 100)));
    if let Some(after) = after {
        request = request.starting_after(after);
    }
    // not as the crate's events: one that it does not know would spoil the page
    let mut request = request.build().customize::<miniserde::json::Value>();
    if let Some(account) = account {
        request = request.account_id(AccountId::from(id(account)?));
    }
    let page = request.send(&stripe.client).await.map_err(failure::read)?;
    let page: Value = serde_json::from_str(&miniserde::json::to_string(&page)).unwrap_or_default();
    let events = page["data"].as_array().cloned().unwrap_or_default();
    Ok(events.into_iter().filter_map(event).collect())
}

fn event(body: Value) -> Option<RawEvent> {
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    Some(RawEvent {
        id: text("id")?,
        account: text("account"),
        kind: text("type")?,
        created: DateTime::from_timestamp(body["created"].as_i64()?, 0)?,
        live: body["livemode"].as_bool()?,
        body,
    })
}
