//! Identity on the wire.

use ::entity::enums;
use poem_openapi::types::{Example, Password};
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::guard::{Email, Text, Timestamp};

/// A new account.
#[derive(Object)]
#[oai(example, deny_unknown_fields)]
pub struct AccountCreate {
    /// The address to log in with.
    pub email: Email,
    /// 12 to 128 characters, none of the first guesses.
    #[oai(validator(min_length = 12, max_length = 128))]
    pub password: Password,
    /// How the person is called.
    pub display_name: Text<1, 255>,
}

impl Example for AccountCreate {
    fn example() -> Self {
        Self {
            email: Email::of("ana@example.com"),
            password: Password("grandmother's violin".into()),
            display_name: Text::of("Ana Lima"),
        }
    }
}

/// Who logs in, and where.
#[derive(Object)]
#[oai(example, deny_unknown_fields)]
pub struct LoginCreate {
    /// The address of the account.
    pub email: Email,
    /// Its password.
    #[oai(validator(min_length = 1, max_length = 128))]
    pub password: Password,
    /// Slug or id of the business to bind the token to. The subdomain and `X-Tenant-ID` do the same;
    /// without any of them the token is good for all businesses of the person, each named per request.
    #[oai(validator(min_length = 1, max_length = 63))]
    pub tenant: Option<String>,
    /// For browsers: log in by a cookie that scripts cannot read, instead of by tokens in the answer.
    #[oai(default)]
    pub cookie: bool,
}

impl Example for LoginCreate {
    fn example() -> Self {
        Self {
            email: Email::of("ana@example.com"),
            password: Password("grandmother's violin".into()),
            tenant: Some("salon".into()),
            cookie: false,
        }
    }
}

/// A refresh token to be exchanged.
#[derive(Object)]
#[oai(example, deny_unknown_fields)]
pub struct RefreshCreate {
    /// From the login, or from the refresh before.
    #[oai(validator(min_length = 1, max_length = 128))]
    pub refresh_token: String,
}

impl Example for RefreshCreate {
    fn example() -> Self {
        Self { refresh_token: "AZjA3nAAcACAAFoQebAMHQ".into() }
    }
}

/// How the credential is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum TokenType {
    /// In `Authorization: Bearer`.
    Bearer,
    /// By the browser, which got it with this answer.
    Cookie,
}

/// What a member is in a business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum MembershipRole {
    Owner,
    Admin,
    Staff,
    Viewer,
}

impl From<enums::MembershipRole> for MembershipRole {
    fn from(role: enums::MembershipRole) -> Self {
        match role {
            enums::MembershipRole::Owner => Self::Owner,
            enums::MembershipRole::Admin => Self::Admin,
            enums::MembershipRole::Staff => Self::Staff,
            enums::MembershipRole::Viewer => Self::Viewer,
        }
    }
}

/// A business that the person belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct TenantMembership {
    /// The business.
    pub id: Uuid,
    /// Label of its subdomain.
    #[oai(validator(max_length = 63))]
    pub slug: String,
    /// Its name.
    #[oai(validator(max_length = 255))]
    pub name: String,
    /// What the person is in it.
    pub role: MembershipRole,
}

/// The person, in the business that the token is bound to.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct UserContext {
    /// The account.
    pub user_id: Uuid,
    /// Its address.
    #[oai(validator(max_length = 255))]
    pub email: String,
    /// How the person is called.
    #[oai(validator(max_length = 255))]
    pub display_name: String,
    /// The business that the token is bound to; null for a token that is bound to none.
    #[oai(nullable)]
    pub tenant_id: Option<Uuid>,
    /// The role in that business.
    #[oai(nullable)]
    pub role: Option<MembershipRole>,
}

/// Somebody who is logged in.
#[derive(Object)]
#[oai(example)]
pub struct Login {
    /// Sent with each request; null where a cookie was asked for.
    #[oai(nullable, validator(max_length = 4096))]
    pub access_token: Option<String>,
    /// How it is sent.
    pub token_type: TokenType,
    /// Seconds that the access token, or the cookie, holds.
    pub expires_in: u32,
    /// Good for one exchange; null where a cookie was asked for.
    #[oai(nullable, validator(max_length = 128))]
    pub refresh_token: Option<String>,
    /// The businesses that the person belongs to, by name; the first hundred.
    #[oai(validator(max_items = 100))]
    pub tenants: Vec<TenantMembership>,
    /// The person.
    pub user_context: UserContext,
}

impl Example for Login {
    fn example() -> Self {
        let tenant = TenantMembership {
            id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_5a10_79b0_0c1d),
            slug: "salon".into(),
            name: "Salon Aurora".into(),
            role: MembershipRole::Owner,
        };
        Self {
            access_token: Some("eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2lnbmF0dXJl".into()),
            token_type: TokenType::Bearer,
            expires_in: 900,
            refresh_token: Some("AZjA3nAAcACAAFoQebAMHQ".into()),
            user_context: UserContext {
                user_id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0001),
                email: "ana@example.com".into(),
                display_name: "Ana Lima".into(),
                tenant_id: Some(tenant.id),
                role: Some(tenant.role),
            },
            tenants: vec![tenant],
        }
    }
}

/// One's own account.
#[derive(Clone, Debug, Object)]
#[oai(example)]
pub struct User {
    /// The account.
    pub id: Uuid,
    /// The address to log in with.
    #[oai(validator(max_length = 255))]
    pub email: String,
    /// When the address was confirmed; null until then.
    #[oai(nullable)]
    pub email_verified_at: Option<Timestamp>,
    /// How the person is called.
    #[oai(validator(max_length = 255))]
    pub display_name: String,
    /// A picture.
    #[oai(nullable, validator(max_length = 500))]
    pub avatar_url: Option<String>,
    /// Language and region, such as `en_US`.
    #[oai(validator(max_length = 35))]
    pub locale: String,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When it was last changed; a login changes it too.
    pub updated_at: Timestamp,
}

impl Example for User {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0001),
            email: "ana@example.com".into(),
            email_verified_at: None,
            display_name: "Ana Lima".into(),
            avatar_url: None,
            locale: "en_US".into(),
            created_at: Timestamp::example(),
            updated_at: Timestamp::example(),
        }
    }
}

/// A new account, logged in.
#[derive(Object)]
#[oai(example)]
pub struct Registration {
    /// The account.
    pub user: User,
    /// Sent with each request.
    #[oai(validator(max_length = 4096))]
    pub access_token: String,
    /// How it is sent.
    pub token_type: TokenType,
    /// Seconds that the access token holds.
    pub expires_in: u32,
    /// Good for one exchange.
    #[oai(validator(max_length = 128))]
    pub refresh_token: String,
}

impl Example for Registration {
    fn example() -> Self {
        Self {
            user: User::example(),
            access_token: "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2lnbmF0dXJl".into(),
            token_type: TokenType::Bearer,
            expires_in: 900,
            refresh_token: "AZjA3nAAcACAAFoQebAMHQ".into(),
        }
    }
}

/// One's own account with its businesses.
#[derive(Clone, Debug, Object)]
#[oai(example)]
pub struct Profile {
    /// The account.
    pub user: User,
    /// The businesses that the person belongs to, by name; the first hundred.
    #[oai(validator(max_items = 100))]
    pub tenants: Vec<TenantMembership>,
    /// The person in the business that the request names.
    pub user_context: UserContext,
}

impl Example for Profile {
    fn example() -> Self {
        let login = Login::example();
        Self { user: User::example(), tenants: login.tenants, user_context: login.user_context }
    }
}

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
