//! Which provider: Stripe with a key, the sandbox without one, nobody when that is said.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use super::sandbox::{Options, PREFIX, Sandbox};
use super::stripe::Stripe;
use super::{Off, Provider};
use crate::config::{PaymentMode, SettingError, Settings};
use crate::kernel::clock::Clock;

/// Stripe limits its own sandboxes so.
const CALLS_PER_SECOND: u32 = 25;

/// A provider, and what belongs to it.
pub struct Opened {
    pub provider: Arc<dyn Provider>,
    pub sandbox: Option<Arc<Sandbox>>,
    /// Any of these may sign webhooks.
    pub secrets: Vec<SecretString>,
}

/// Opens the provider that the settings ask for. `own` is the secret of which the sandbox's keys are made. Nothing is
/// called yet.
///
/// # Errors
/// When a key or address cannot be used.
pub fn open(settings: &Settings, own: &[u8; 32], clock: &Clock) -> Result<Opened, SettingError> {
    let payments = &settings.payments;
    let secrets: Vec<SecretString> = payments.webhook_secrets().collect();
    let timeout = Duration::from_millis(payments.stripe_timeout_ms);
    match payments.mode() {
        PaymentMode::Off => Ok(Opened { provider: Arc::new(Off), sandbox: None, secrets }),
        PaymentMode::Stripe => {
            let needed = || SettingError::new("STRIPE_SECRET_KEY", "is needed with TITHI_PAYMENTS=stripe");
            let key = payments.secret_key().ok_or_else(needed)?;
            let stripe = Stripe::new(payments.stripe_base(), key, timeout)
                .map_err(|why| SettingError::new("STRIPE_SECRET_KEY", why))?;
            Ok(Opened { provider: Arc::new(stripe), sandbox: None, secrets })
        }
        PaymentMode::Sandbox => {
            let (key, secret) = (made("sk_test_", own), made("whsec_", own));
            let options = Options {
                key: Some(key.clone()),
                pages: format!("{}{PREFIX}", settings.server.base_url()),
                calls_per_second: Some(CALLS_PER_SECOND),
                local_only: true,
                journal: Some(settings.database.data_dir.join("sandbox").join("stripe.journal")),
            };
            let defect = |why| SettingError::new("TITHI_PAYMENTS", why);
            let sandbox = Sandbox::new(options, clock.clone()).map_err(defect)?;
            // over HTTP all the same, so that nothing differs from the real one; a second process is given the first
            // one's address
            let base = match &payments.stripe_url {
                Some(_) => payments.stripe_base(),
                None => format!("http://{}{PREFIX}/", loopback(settings.server.listen)),
            };
            let stripe = Stripe::new(base, &key, timeout).map_err(defect)?;
            Ok(Opened { provider: Arc::new(stripe), sandbox: Some(Arc::new(sandbox)), secrets: vec![secret] })
        }
    }
}

/// A key of the sandbox's own: the same at each start, known to nobody else.
fn made(prefix: &str, own: &[u8; 32]) -> SecretString {
    let digest = Sha256::new().chain_update(own).chain_update(prefix).finalize();
    SecretString::from(format!("{prefix}{}", BASE64_URL_SAFE_NO_PAD.encode(digest).replace('-', "0")))
}

/// How this process reaches itself at the address where it listens.
#[must_use]
pub fn loopback(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}
