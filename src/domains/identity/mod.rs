//! Identity: who is who, and what a member may do.
//!
//! Owns `users`, `sessions`, `refresh_tokens`. Other domains may name [`Actor`], [`Person`] and the
//! permissions; only `pipeline` and the doors call the rest.

mod actor;
pub mod permission;
mod session;
mod tokens;

pub use actor::{Actor, Person};
pub use session::{SESSION_COOKIE, identify};
pub use tokens::{Claims, TokenFault, TokenKeys, claimed_tenant};
