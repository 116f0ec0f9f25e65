//! Identity on the wire.

mod account;
mod login;
mod session;

pub use account::{AccountCreate, Profile, Registration, User};
pub use login::{Login, LoginCreate, RefreshCreate, TenantMembership, TokenType, UserContext};
pub use session::Session;
