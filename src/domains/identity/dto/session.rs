//! The logins of a person.

use ::entity::enums;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::guard::Timestamp;

/// How a session is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum SessionKind {
    /// By a browser's cookie.
    Browser,
    /// By tokens.
    Api,
}

impl From<enums::SessionKind> for SessionKind {
    fn from(kind: enums::SessionKind) -> Self {
        match kind {
            enums::SessionKind::Browser => Self::Browser,
            enums::SessionKind::Api => Self::Api,
        }
    }
}

/// One login of the person that has not ended.
#[derive(Clone, Debug, Object)]
#[oai(example)]
pub struct Session {
    /// The session.
    pub id: Uuid,
    /// How it is held.
    pub kind: SessionKind,
    /// What the client called itself.
    #[oai(nullable, validator(max_length = 512))]
    pub user_agent: Option<String>,
    /// The address from which it was opened.
    #[oai(nullable, validator(max_length = 45))]
    pub ip: Option<String>,
    /// Whether this request belongs to it.
    pub current: bool,
    /// When it was opened.
    pub created_at: Timestamp,
    /// The last login or exchange of a refresh token.
    pub last_seen_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

impl Example for Session {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0002),
            kind: SessionKind::Browser,
            user_agent: Some("Mozilla/5.0".into()),
            ip: Some("203.0.113.7".into()),
            current: true,
            created_at: Timestamp::example(),
            last_seen_at: Timestamp::example(),
            expires_at: Timestamp::example(),
        }
    }
}
