//! What the public sees of a business: its page and its facts. No member, no personal data, no settings.

mod api;
mod dto;
mod service;

pub use api::PublicTenantApi;
