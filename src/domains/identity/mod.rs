//! Identity: who is who, and what a member may do.
//!
//! Owns `users`, `sessions`, `refresh_tokens`; reads `memberships` for the role. Emits `USER_CREATED`.
//! A session is open until it is ended, expires, or a used refresh token comes back. Other domains may name
//! [`Actor`], [`Person`] and the permissions; the command line makes operators and hashes passwords for fixtures; only `pipeline` and
//! the doors call the rest.

mod actor;
mod api;
mod cookie;
mod device;
mod dto;
mod events;
mod password;
pub mod permission;
mod refresh_token;
mod rules;
mod service;
mod session;
mod tokens;

pub use actor::{Actor, Person};
pub use api::api;
pub use password::{Passwords, hash as hash_password};
pub use service::{NewAccount, make_operator};
pub use session::{SESSION_COOKIE, identify};
pub use tokens::{Claims, TokenFault, TokenKeys, claimed_tenant};
