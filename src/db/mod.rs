//! The database: how Tithi reaches it.
pub mod audit;
pub mod private;
