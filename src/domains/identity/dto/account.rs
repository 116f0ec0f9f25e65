//! One's own account.

use poem_openapi::Object;
use poem_openapi::types::{Example, Password};
use uuid::Uuid;

use super::{Login, TenantMembership, TokenType, UserContext};
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
