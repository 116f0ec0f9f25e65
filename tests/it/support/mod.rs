//! What the tests stand on: servers of their own, shared by every test process of a run, and the service
//! over them with callers of every kind.
pub mod app;
pub mod client;
pub mod cluster;
pub mod database;
pub mod factory;
pub mod people;
pub mod redis;
pub mod server;
mod shared;
pub mod stripe;
