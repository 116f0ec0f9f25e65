//! The external issuer: a shared HS256 secret, or a JWK Set with RS256 and ES256 keys found by `kid`.
//! The kind of a key fixes its algorithm; what a key cannot be used for here is left out of the set.

use std::collections::HashMap;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::Value;

use super::Check;
use crate::config::{SettingError, TokenSettings};

/// NIST SP 800-131A: shorter RSA keys no longer sign anything.
const RSA_BYTES: usize = 256;

pub(super) enum External {
    Secret(Box<Check>),
    Set(HashMap<String, Check>),
}

impl External {
    /// `None` when no external issuer is configured.
    pub(super) fn new(settings: &TokenSettings) -> Result<Option<Self>, SettingError> {
        let (Some(issuer), Some(audience)) = (&settings.external_issuer, &settings.external_audience) else {
            return Ok(None);
        };
        if let Some(secret) = &settings.external_hs256_secret {
            let key = DecodingKey::from_secret(secret.expose_secret().as_bytes());
            return Ok(Some(Self::Secret(Box::new(Check::new(key, Algorithm::HS256, issuer, audience)))));
        }
        let Some(file) = &settings.external_jwks_file else { return Ok(None) };
        let keys: HashMap<_, _> = read(file)?
            .into_iter()
            .filter_map(|jwk| {
                let (algorithm, key) = jwk.usable()?;
                Some((jwk.kid?, Check::new(key, algorithm, issuer, audience)))
            })
            .collect();
        if keys.is_empty() {
            return Err(fault(file, "holds no RS256 (2048 bits or more) or ES256 key with a `kid`"));
        }
        Ok(Some(Self::Set(keys)))
    }

    /// A shared secret is one key, whatever `kid` says; of a set only the named key will do.
    pub(super) fn check(&self, kid: Option<&str>) -> Option<&Check> {
        match self {
            Self::Secret(check) => Some(check),
            Self::Set(keys) => keys.get(kid?),
        }
    }
}

fn fault(file: &Path, what: impl std::fmt::Display) -> SettingError {
    SettingError::new("TITHI_EXTERNAL_JWKS_FILE", format!("{}: {what}", file.display()))
}

fn read(file: &Path) -> Result<Vec<Jwk>, SettingError> {
    #[derive(Deserialize)]
    struct Set {
        keys: Vec<Value>,
    }
    let text = std::fs::read_to_string(file).map_err(|error| fault(file, error))?;
    let set: Set = serde_json::from_str(&text).map_err(|error| fault(file, format!("is no JWK Set: {error}")))?;
    // RFC 7517 5: keys that one does not understand are ignored
    Ok(set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect())
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Jwk {
    fn usable(&self) -> Option<(Algorithm, DecodingKey)> {
        if self.purpose.as_deref().is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        let (name, algorithm, key) = match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", None) => {
                let (n, e) = (self.n.as_deref()?, self.e.as_deref()?);
                let modulus = BASE64_URL_SAFE_NO_PAD.decode(n).ok()?;
                let size = modulus.iter().skip_while(|byte| **byte == 0).count();
                let key = DecodingKey::from_rsa_components(n, e).ok().filter(|_| size >= RSA_BYTES)?;
                ("RS256", Algorithm::RS256, key)
            }
            ("EC", Some("P-256")) => {
                let key = DecodingKey::from_ec_components(self.x.as_deref()?, self.y.as_deref()?).ok()?;
                ("ES256", Algorithm::ES256, key)
            }
            _ => return None,
        };
        self.alg.as_deref().is_none_or(|alg| alg == name).then_some((algorithm, key))
    }
}
