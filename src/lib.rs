//! Tithi: the map of the service.
pub mod db;
