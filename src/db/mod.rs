//! The database as the service sees it.

pub mod audit;
