//! Secrets and tokens: what signs ours, and whose tokens we take besides.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};

use super::SettingError;

/// The least length of a secret, in bytes: 256 bits, as RFC 7518 3.2 asks of HS256.
pub const SECRET_MIN: usize = 32;

/// Settings of secrets and tokens.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Secrets and tokens")]
pub struct TokenSettings {
    /// Secret from which the signing and sealing keys are derived, 32 bytes or more; in the demo and
    /// development profiles one is generated in the data folder
    #[arg(long, env = "TITHI_SECRET_KEY", hide_env_values = true, value_name = "SECRET")]
    pub secret_key: Option<SecretString>,
    /// Secret before the present one: its tokens still verify
    #[arg(long, env = "TITHI_SECRET_KEY_PREVIOUS", hide_env_values = true, value_name = "SECRET")]
    pub secret_key_previous: Option<SecretString>,
    /// Issuer written into our tokens
    #[arg(long, env = "TITHI_TOKEN_ISSUER", default_value = "tithi", value_name = "NAME")]
    pub token_issuer: String,
    /// Minutes an access token lives
    #[arg(long, env = "TITHI_ACCESS_TOKEN_MINUTES", default_value_t = 15, value_name = "MINUTES")]
    pub access_token_minutes: u32,
    /// Days a refresh token and its session live
    #[arg(long, env = "TITHI_REFRESH_TOKEN_DAYS", default_value_t = 30, value_name = "DAYS")]
    pub refresh_token_days: u32,
    /// Issuer whose tokens are taken besides ours
    #[arg(long, env = "TITHI_EXTERNAL_ISSUER", value_name = "URL")]
    pub external_issuer: Option<String>,
    /// Audience that tokens of the external issuer must carry
    #[arg(long, env = "TITHI_EXTERNAL_AUDIENCE", value_name = "NAME")]
    pub external_audience: Option<String>,
    /// Shared HS256 secret of the external issuer
    #[arg(long, env = "TITHI_EXTERNAL_HS256_SECRET", hide_env_values = true, value_name = "SECRET")]
    pub external_hs256_secret: Option<SecretString>,
    /// File with the external issuer's public keys (a JWK Set with RS256 or ES256 keys)
    #[arg(long, env = "TITHI_EXTERNAL_JWKS_FILE", value_name = "FILE")]
    pub external_jwks_file: Option<PathBuf>,
}

impl TokenSettings {
    pub(super) fn validate(&self, production: bool, faults: &mut Vec<SettingError>) {
        let secrets = [
            ("TITHI_SECRET_KEY", &self.secret_key),
            ("TITHI_SECRET_KEY_PREVIOUS", &self.secret_key_previous),
            ("TITHI_EXTERNAL_HS256_SECRET", &self.external_hs256_secret),
        ];
        for (setting, secret) in secrets {
            if let Some(secret) = secret {
                if secret.expose_secret().len() < SECRET_MIN {
                    faults.push(SettingError::new(
                        setting,
                        format!("give {SECRET_MIN} bytes or more, for example of `openssl rand -base64 48`"),
                    ));
                } else if production && weak(secret.expose_secret()) {
                    faults.push(SettingError::new(
                        setting,
                        "is one of the examples or a repetition: make one with `openssl rand -base64 48`",
                    ));
                }
            }
        }
        if production && self.secret_key.is_none() {
            faults.push(SettingError::new(
                "TITHI_SECRET_KEY",
                "is needed in production: make one with `openssl rand -base64 48`",
            ));
        }
        let keyed = self.external_hs256_secret.is_some() || self.external_jwks_file.is_some();
        if keyed && (self.external_issuer.is_none() || self.external_audience.is_none()) {
            faults.push(SettingError::new(
                "TITHI_EXTERNAL_ISSUER",
                "and TITHI_EXTERNAL_AUDIENCE are needed beside the external issuer's keys",
            ));
        }
        if self.external_hs256_secret.is_some() && self.external_jwks_file.is_some() {
            faults.push(SettingError::new(
                "TITHI_EXTERNAL_HS256_SECRET",
                "and TITHI_EXTERNAL_JWKS_FILE exclude each other: one kind of key an issuer",
            ));
        }
        if !(1..=1440).contains(&self.access_token_minutes) {
            faults.push(SettingError::new("TITHI_ACCESS_TOKEN_MINUTES", "give 1 to 1440"));
        }
        if !(1..=365).contains(&self.refresh_token_days) {
            faults.push(SettingError::new("TITHI_REFRESH_TOKEN_DAYS", "give 1 to 365"));
        }
    }
}

/// Secrets that stand in examples, or that hold fewer than ten different bytes.
fn weak(secret: &str) -> bool {
    let lower = secret.to_ascii_lowercase();
    let mut seen = [false; 256];
    secret.bytes().for_each(|b| seen[usize::from(b)] = true);
    seen.iter().filter(|s| **s).count() < 10
        || ["changeme", "change-me", "change_me", "secret-key", "example", "password", "replace", "trying-out"]
            .iter()
            .any(|w| lower.contains(w))
}
