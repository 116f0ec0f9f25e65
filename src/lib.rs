//! Tithi: the map of the service.

pub mod cli;
pub mod domains;
pub mod kernel;
