//! The request's way, over HTTP: each step by itself and all of them together.
mod alias;
mod auth;
mod booking;
mod cors;
mod envelope;
mod failure;
mod flood;
mod limit;
mod log;
mod refusal;
mod shared_limit;
mod stage;
mod tenant;
