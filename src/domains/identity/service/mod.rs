//! The verbs of identity, each on the platform's Scope: accounts and sessions belong to no tenant.

mod account;
mod login;
mod memberships;
mod open;
mod refresh;
mod sessions;

pub use account::{NewAccount, create_account, make_operator, profile};
pub use login::{Attempt, login};
pub use open::{Opened, open};
pub use refresh::refresh;
pub use sessions::{count, list, revoke};

use ::entity::ids::TenantId;

use super::dto;
use memberships::Membership;

/// A login and what the answer says of the person.
pub struct Entered {
    pub opened: Opened,
    pub tenants: Vec<Membership>,
    pub context: dto::UserContext,
}

/// The membership in the tenant that a token is bound to.
fn bound(tenants: &[Membership], tenant: TenantId) -> Option<&Membership> {
    tenants.iter().find(|membership| membership.id == tenant)
}
