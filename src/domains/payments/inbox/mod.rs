//! The inbox: what the payment provider tells us, and what we do about it.
//!
//! Owns `webhook_event_inbox` and `webhook_receipts`. A request stores the event, byte by byte, and is answered; nothing
//! else happens in it. A worker works on what is stored: claims it for a while, finds whose it is, looks at the thing
//! anew where its order matters, and writes the effect with its receipt in one transaction of that business.
//!
//! States: received -> processed, ignored (a type that we do nothing about), quarantined (not what it says it is), dead
//! (tried too often). An operator sees the last two and sends them back to received.
//!
//! What must stay true: nothing is stored that the provider has not signed; an event has its effect once, however often
//! it comes, and whoever dies in between; whose it is follows from the account that it came from, never from what is
//! written on the object alone. To add what an event does, see [`effects`].

mod api;
mod body;
mod dto;
mod effects;
mod rules;
mod service;

use std::sync::Arc;

use poem_openapi::OpenApi;

use crate::app::App;

pub use effects::{Fact, NOTHING, concerns, reread};
pub use service::{Claimed, Outcome, State, backlog, claim, effect, settle, store};

/// The word for the provider in the tables.
pub const PROVIDER: &str = "stripe";

/// The operations on the inbox: the provider's, and the operators'.
pub fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    (api::WebhooksApi::new(app), api::InboxApi::new(app))
}
