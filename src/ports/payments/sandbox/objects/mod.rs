//! The objects of the sandbox, one kind a file: what can be asked of each, and its JSON with every field that Stripe
//! sends.

pub(super) mod accounts;
pub(super) mod charges;
pub(super) mod checkouts;
pub(super) mod customers;
pub(super) mod disputes;
pub(super) mod endpoints;
pub(super) mod events;
pub(super) mod intents;
pub(super) mod invoices;
pub(super) mod methods;
pub(super) mod paying;
pub(super) mod prices;
pub(super) mod refunds;
pub(super) mod setups;
pub(super) mod subscriptions;
