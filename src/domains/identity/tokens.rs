//! Tokens: replaced by the identity slice.

use ::entity::ids::{SessionId, TenantId, UserId};
use chrono::{DateTime, Utc};
use secrecy::SecretString;

use crate::config::{SettingError, TokenSettings};

/// Why a token does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFault {
    /// It held once.
    Expired,
    /// It never did.
    Invalid,
}

/// What a verified token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    pub user: UserId,
    /// The session of our own tokens.
    pub session: Option<SessionId>,
    /// The tenant that the token is bound to.
    pub tenant: Option<TenantId>,
    pub expires_at: DateTime<Utc>,
}

/// The keys that sign and verify.
pub struct TokenKeys {}

impl TokenKeys {
    /// Derives our own keys and reads those of the external issuer.
    ///
    /// # Errors
    /// When a key file cannot be read or holds no usable key.
    pub fn new(_: &TokenSettings, _: &SecretString) -> Result<Self, SettingError> {
        Ok(Self {})
    }

    /// Signs an access token of ours.
    ///
    /// # Errors
    /// When the claims cannot be written.
    pub fn issue(&self, _: &Claims, _: DateTime<Utc>) -> Result<String, serde_json::Error> {
        Ok(String::new())
    }

    /// Verifies an access token, ours or the external issuer's.
    ///
    /// # Errors
    /// Whether it held once or never did.
    pub fn verify(&self, _: &str, _: DateTime<Utc>) -> Result<Claims, TokenFault> {
        Err(TokenFault::Invalid)
    }
}

/// The tenant that a token claims, unverified.
#[must_use]
pub fn claimed_tenant(_: &str) -> Option<TenantId> {
    None
}
