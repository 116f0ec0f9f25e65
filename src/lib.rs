//! Tithi: the map of the service, in reading order.
//!
//! A request passes `server` (which door), `pipeline` (tenant, row-level security, limits, auth,
//! idempotency), `guard` (what the handler asks for) and reaches a domain (`domains`), whose
//! services speak to PostgreSQL through the lazy `db::Scope`.

// the sandbox's objects have more fields than a macro may nest by default
#![recursion_limit = "512"]

pub mod app;
pub mod cli;
pub mod config;
pub mod db;
pub mod domains;
pub mod error;
pub mod guard;
pub mod jobs;
pub mod kernel;
pub mod lifecycle;
pub mod pipeline;
pub mod ports;
pub mod server;
pub mod web;
