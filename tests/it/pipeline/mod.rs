//! The request's way, over HTTP: each step by itself and all of them together.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod alias;
mod auth;
mod booking;
mod cors;
mod envelope;
mod failure;
mod flood;
mod fuzz;
mod idempotency;
mod leak;
mod limit;
mod listen;
mod log;
mod refusal;
mod replay;
mod retry;
mod scope;
mod shared_limit;
mod stage;
mod statements;
mod tenant;
mod twins;
mod wire;
