//! What the public sees of businesses: the page and the facts of one, and the directory of those who want to be found.
//! No member, no personal data, no settings.

mod api;
mod directory;
mod dto;
mod service;

pub use api::PublicTenantApi;
pub use directory::DirectoryApi;
