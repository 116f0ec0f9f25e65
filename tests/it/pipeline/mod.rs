//! The request's way, over HTTP: each step by itself and all of them together.
mod alias;
mod booking;
mod cors;
mod envelope;
mod failure;
mod log;
mod refusal;
mod stage;
