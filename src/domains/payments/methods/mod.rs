//! Cards that customers leave for later: we have the provider's ids and what may be shown of a card, never the card.
//!
//! What must stay true: a card that may be charged without its owner has the words to which they agreed, when and from
//! where; a customer has one default card.

mod api;
mod dto;
mod service;

pub(super) use api::MethodsApi;
pub use service::forget;
pub(super) use service::{Stored, chargeable, detach, fill, keep_of_payment, leaving, process, set_up, unnamed};
