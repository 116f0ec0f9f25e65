//! Who is calling. What that person may do is asked later, by `guard::Can`.

use ::entity::enums::MembershipRole;
use ::entity::ids::{SessionId, UserId};
use serde_json::{Map, Value};

use super::permission::Permission;

/// The caller of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Actor {
    /// No credential was sent.
    Anonymous,
    /// A person with a valid token.
    Person(Person),
}

/// A person, with what binds them to the tenant of the request.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    pub user: UserId,
    /// The session of our own tokens; tokens of an external issuer have none.
    pub session: Option<SessionId>,
    pub email: String,
    /// The role in the request's tenant; `None` for a person who does not belong to it.
    pub role: Option<MembershipRole>,
    /// `memberships.permissions_json`: `{"booking.write": false}` takes away, `true` gives.
    pub overrides: Map<String, Value>,
    /// An operator of the platform.
    pub super_admin: bool,
}

impl Actor {
    /// The person, if somebody logged in.
    #[must_use]
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Anonymous => None,
            Self::Person(person) => Some(person),
        }
    }

    /// Who an idempotency key belongs to. The role is part of it: after a change of role the
    /// stored answer is not replayed, the request is decided anew.
    #[must_use]
    pub fn principal(&self) -> String {
        match self {
            Self::Anonymous => "anonymous".into(),
            Self::Person(person) => {
                format!("user:{}:{}", person.user, person.role.map_or("none", MembershipRole::as_str))
            }
        }
    }
}

impl Person {
    /// Whether this member may do it: the role gives the base, `overrides` have the last word.
    /// Somebody who does not belong to the tenant may do nothing in it.
    #[must_use]
    pub fn may<P: Permission>(&self) -> bool {
        let Some(role) = self.role else { return false };
        match self.overrides.get(P::NAME) {
            // an owner cannot lock themselves out
            Some(Value::Bool(given)) if role != MembershipRole::Owner => *given,
            _ => rank(role) >= rank(P::LEAST),
        }
    }
}

/// Roles stand in a line: each may do what the one before it may.
fn rank(role: MembershipRole) -> u8 {
    match role {
        MembershipRole::Viewer => 0,
        MembershipRole::Staff => 1,
        MembershipRole::Admin => 2,
        MembershipRole::Owner => 3,
    }
}
