//! Tithi: the map of the service.
pub mod error;
pub mod guard;
pub mod server;
