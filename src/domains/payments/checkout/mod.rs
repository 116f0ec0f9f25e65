//! Paying by card: begun, brought to the provider, confirmed, or called off.
//!
//! One payment is under way for one thing. Who asks for the same again gets the same; who asks for something else (a
//! coupon more, another tip) has the first one called off at the provider before the second begins.

mod api;
mod dto;
mod public;
mod service;

pub(super) use api::CheckoutApi;
pub(super) use api::agreed;
pub(super) use public::PublicCheckoutApi;
pub(super) use service::{
    Begun, Consent, How, PAYABLE, Priced, Subject, Thing, Wanted, begin, blank, call_off, look, payable, place, price,
    write,
};
