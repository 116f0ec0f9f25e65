//! Tokens: ours (ES256, key derived from the secret) and those of one external issuer.
//!
//! What must stay true (RFC 8725): a key has one algorithm, which the header never chooses; a `kid` is
//! looked up among our own settings and leads nowhere else; `jku`, `x5u` and `jwk` are not read; `exp`,
//! `iss`, `aud` and `sub` are required; our own kind says so in `typ`; time is the caller's, never the machine's.

mod external;
mod own;
#[cfg(test)]
mod tests;

use ::entity::ids::{SessionId, TenantId, UserId};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

use crate::config::{SettingError, TokenSettings};
use external::External;
use own::Own;

/// Who our tokens are for.
const AUDIENCE: &str = "tithi";
/// Seconds by which two clocks may differ.
const LEEWAY: f64 = 5.0;
/// No issuer needs more, and what is longer is not decoded.
const LONGEST: usize = 4096;

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
    /// The session of our own tokens; tokens of the external issuer have none.
    pub session: Option<SessionId>,
    /// The tenant that the token is bound to.
    pub tenant: Option<TenantId>,
    pub expires_at: DateTime<Utc>,
}

/// The keys that sign and verify.
pub struct TokenKeys {
    own: Own,
    external: Option<External>,
}

impl TokenKeys {
    /// Derives our own keys and reads those of the external issuer.
    ///
    /// # Errors
    /// When a key file cannot be read or holds no usable key.
    pub fn new(settings: &TokenSettings, secret: &SecretString) -> Result<Self, SettingError> {
        Ok(Self { own: Own::new(settings, secret)?, external: External::new(settings)? })
    }

    /// Signs a token that holds from `now` until `claims.expires_at`.
    ///
    /// # Errors
    /// When the claims cannot be written as JSON.
    pub fn issue(&self, claims: &Claims, now: DateTime<Utc>) -> Result<String, serde_json::Error> {
        self.own.sign(claims, now)
    }

    /// Verifies an access token, ours or the external issuer's.
    ///
    /// # Errors
    /// Whether it held once or never did.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, TokenFault> {
        let header = Header::of(token).ok_or(TokenFault::Invalid)?;
        if let Some(kid) = header.kid.as_deref()
            && let Some(check) = self.own.check(kid)
        {
            // a signature of ours under another `typ` was not made to let somebody in
            if header.typ.as_deref() != Some(own::TYPE) {
                return Err(TokenFault::Invalid);
            }
            let claims = check.claims(token, now)?;
            return if claims.session.is_some() { Ok(claims) } else { Err(TokenFault::Invalid) };
        }
        let external = self.external.as_ref().ok_or(TokenFault::Invalid)?;
        let check = external.check(header.kid.as_deref()).ok_or(TokenFault::Invalid)?;
        let claims = check.claims(token, now)?;
        // a session is ours to give: an outsider's `sid` names nothing here
        Ok(Claims { session: None, ..claims })
    }

    /// The public halves of our keys, as a JWK Set (RFC 7517).
    #[must_use]
    pub fn jwks(&self) -> Value {
        self.own.jwks()
    }
}

/// The tenant that a token claims, unverified.
#[must_use]
pub fn claimed_tenant(token: &str) -> Option<TenantId> {
    #[derive(Deserialize)]
    struct Claimed {
        #[serde(alias = "tenant_id")]
        tenant: Option<TenantId>,
    }
    if token.len() > LONGEST {
        return None;
    }
    let payload = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice::<Claimed>(&payload).ok()?.tenant
}

/// What is read of a header before a key is chosen.
#[derive(Deserialize)]
struct Header {
    kid: Option<String>,
    typ: Option<String>,
    /// Extensions that must be understood; none is.
    crit: Option<Value>,
}

impl Header {
    fn of(token: &str) -> Option<Self> {
        if token.len() > LONGEST {
            return None;
        }
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').next()?).ok()?;
        serde_json::from_slice::<Self>(&bytes).ok().filter(|header| header.crit.is_none())
    }
}

#[derive(Deserialize)]
struct Payload {
    sub: UserId,
    sid: Option<SessionId>,
    #[serde(alias = "tenant_id")]
    tenant: Option<TenantId>,
    exp: f64,
    nbf: Option<f64>,
}

/// One key with all that a token under it must satisfy.
struct Check {
    key: DecodingKey,
    validation: Validation,
}

impl Check {
    fn new(key: DecodingKey, algorithm: Algorithm, issuer: &str, audience: &str) -> Self {
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        // without `aud` in this list a token that has none would pass
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // the library asks the machine for the time; `in_time` asks the caller's clock
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.leeway = 0;
        Self { key, validation }
    }

    fn claims(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, TokenFault> {
        let payload: Payload =
            jsonwebtoken::decode(token, &self.key, &self.validation).map_err(|_| TokenFault::Invalid)?.claims;
        in_time(&payload, now)?;
        #[expect(clippy::cast_possible_truncation, reason = "fractions of a second do not matter, overflow saturates")]
        let expires_at = DateTime::from_timestamp(payload.exp as i64, 0).ok_or(TokenFault::Invalid)?;
        Ok(Claims { user: payload.sub, session: payload.sid, tenant: payload.tenant, expires_at })
    }
}

fn in_time(payload: &Payload, now: DateTime<Utc>) -> Result<(), TokenFault> {
    #[expect(clippy::cast_precision_loss, reason = "seconds of our era fit")]
    let now = now.timestamp() as f64;
    if payload.nbf.is_some_and(|nbf| nbf > now + LEEWAY) {
        return Err(TokenFault::Invalid);
    }
    if payload.exp + LEEWAY <= now {
        return Err(TokenFault::Expired);
    }
    Ok(())
}
