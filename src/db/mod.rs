//! The database: how Tithi reaches it.
pub mod private;
