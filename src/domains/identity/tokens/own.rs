//! Our own tokens: signed with ES256 (RFC 7518 3.4), typed `at+jwt` (RFC 9068). The key is derived from the
//! secret, so that every instance has it and none stores it; the secret before the present one still verifies.

use std::collections::HashMap;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use secrecy::SecretString;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{AUDIENCE, Check, Claims};
use crate::app::derive;
use crate::config::{SettingError, TokenSettings};
use crate::kernel::ids;

/// What our tokens say that they are; no other kind of signed thing may say it.
pub(super) const TYPE: &str = "at+jwt";

pub(super) struct Own {
    issuer: String,
    signing: SigningKey,
    /// The header, encoded once.
    header: String,
    checks: HashMap<String, Check>,
    /// Public keys, the signing one first.
    published: Vec<Value>,
}

impl Own {
    pub(super) fn new(settings: &TokenSettings, secret: &SecretString) -> Result<Self, SettingError> {
        let issuer = settings.token_issuer.clone();
        let (mut checks, mut published) = (HashMap::new(), Vec::new());
        let signing = key_of(secret)?;
        let previous = settings.secret_key_previous.as_ref().map(key_of).transpose()?;
        for key in [Some(&signing), previous.as_ref()].into_iter().flatten() {
            let public = Public::of(key);
            let decoding = DecodingKey::from_ec_components(&public.x, &public.y)
                .map_err(|error| SettingError::new("TITHI_SECRET_KEY", error.to_string()))?;
            published.push(public.jwk());
            checks.insert(public.kid(), Check::new(decoding, Algorithm::ES256, &issuer, AUDIENCE));
        }
        let kid = Public::of(&signing).kid();
        let header = encode(&json!({"alg": "ES256", "kid": kid, "typ": TYPE}).to_string());
        Ok(Self { issuer, signing, header, checks, published })
    }

    pub(super) fn check(&self, kid: &str) -> Option<&Check> {
        self.checks.get(kid)
    }

    pub(super) fn sign(&self, claims: &Claims, now: DateTime<Utc>) -> Result<String, serde_json::Error> {
        let mut payload = json!({
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": claims.user,
            "iat": now.timestamp(),
            "nbf": now.timestamp(),
            "exp": claims.expires_at.timestamp(),
            "jti": ids::new_id(now),
        });
        if let Some(session) = claims.session {
            payload["sid"] = serde_json::to_value(session)?;
        }
        if let Some(tenant) = claims.tenant {
            payload["tenant"] = serde_json::to_value(tenant)?;
        }
        Ok(self.seal(&self.header, &payload.to_string()))
    }

    /// Signs an encoded header and a payload.
    pub(super) fn seal(&self, header: &str, payload: &str) -> String {
        let message = format!("{header}.{}", encode(payload));
        // RFC 6979: the nonce comes from key and message, so no weak randomness can give the key away
        let signature: Signature = self.signing.sign(message.as_bytes());
        format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    pub(super) fn jwks(&self) -> Value {
        json!({ "keys": self.published })
    }
}

pub(super) fn encode(text: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

/// One in 2^32 derived numbers is no key of P-256: then the next one is taken.
fn key_of(secret: &SecretString) -> Result<SigningKey, SettingError> {
    (0..=u8::MAX)
        .find_map(|attempt| {
            SigningKey::from_slice(&derive(secret, &[b"access token ES256 ", &[attempt][..]].concat())).ok()
        })
        .ok_or_else(|| SettingError::new("TITHI_SECRET_KEY", "gives no signing key: choose another"))
}

/// The public half of a key.
struct Public {
    x: String,
    y: String,
}

impl Public {
    fn of(key: &SigningKey) -> Self {
        let point = key.verifying_key().to_sec1_point(false);
        let half = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        // an uncompressed point is 0x04, x, y
        let (x, y) = point.as_bytes()[1..].split_at(32);
        Self { x: half(x), y: half(y) }
    }

    /// The thumbprint of RFC 7638: the required members in the order of their names, without blanks.
    fn kid(&self) -> String {
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#, self.x, self.y);
        BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(canonical.as_bytes()))
    }

    fn jwk(&self) -> Value {
        json!({"kty": "EC", "crv": "P-256", "x": self.x, "y": self.y, "kid": self.kid(), "use": "sig", "alg": "ES256"})
    }
}
