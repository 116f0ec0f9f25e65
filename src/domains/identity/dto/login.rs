//! Logging in, and what is said of somebody who is logged in.

use ::entity::enums;
use poem_openapi::types::{Example, Password};
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::guard::Email;

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
