//! Giving money back: written down first, under the payment's lock, then asked of the provider. What was written down
//! and not asked for yet is asked for by whoever comes again, or by `tend`.

mod api;
mod dto;
mod service;

pub(super) use api::RefundsApi;
pub(super) use service::{of_canceled, send, unsent, write_down};
