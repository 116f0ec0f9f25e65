//! Time zones, for forms and clients: facts of the IANA database, no tenant's rows.

mod api;
mod dto;
mod rules;

pub use api::TimezoneApi;
