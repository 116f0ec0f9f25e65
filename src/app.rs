//! The App: the handles that a request needs, made once. Tests make it over their own database.

use std::sync::Arc;
use std::time::Duration;

use ::entity::ids::TenantId;
use hkdf::Hkdf;
use metrics_exporter_prometheus::PrometheusHandle;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use tokio::sync::Notify;

use crate::config::{SettingError, Settings};
use crate::db::{PlatformDb, Redis, TenantDb, Versions};
use crate::domains::identity::{Passwords, TokenKeys};
use crate::domains::scheduling::slots::BoardCache;
use crate::guard::CursorKey;
use crate::kernel::clock::Clock;
use crate::pipeline::rate_limit::{Limiter, Local, Shared};
use crate::pipeline::tenant::Directory;
use crate::ports::payments::{self, Provider, sandbox::Sandbox};

/// Everything that outlives a request.
pub struct App {
    pub settings: Settings,
    pub clock: Clock,
    pub db: TenantDb,
    /// Across tenants: for the doors, the directory and the jobs only.
    pub platform: PlatformDb,
    pub directory: Directory,
    pub limiter: Limiter,
    /// What several instances share, when there is one.
    pub redis: Option<Arc<Redis>>,
    pub tokens: TokenKeys,
    pub passwords: Passwords,
    pub cursors: CursorKey,
    /// Seal the links by which visitors open their bookings; the first seals, all of them open.
    pub manage: Vec<CursorKey>,
    /// Free times as they were read, for lists.
    pub boards: BoardCache,
    /// Rung when something lies in the provider's inbox: the worker of this process comes at once.
    pub inbox_bell: Arc<Notify>,
    /// The platform's own tenant: home of what has no other.
    pub home: TenantId,
    pub metrics: PrometheusHandle,
    /// Who moves the money.
    pub payments: Arc<dyn Provider>,
    /// Present where the sandbox inside this process moves it, which is to say that nobody does.
    pub sandbox: Option<Arc<Sandbox>>,
    /// Any of these may have signed a webhook of the provider's.
    pub webhook_secrets: Vec<SecretString>,
}

/// What an [`App`] is made of.
pub struct Parts {
    pub settings: Settings,
    pub clock: Clock,
    pub db: TenantDb,
    pub platform: PlatformDb,
    pub redis: Option<deadpool_redis::Pool>,
    pub home: TenantId,
    pub metrics: PrometheusHandle,
    /// The secret from which all keys are derived.
    pub secret: SecretString,
}

impl App {
    /// Puts the parts together.
    ///
    /// # Errors
    /// When keys cannot be made of the settings.
    pub fn new(parts: Parts) -> Result<Arc<Self>, SettingError> {
        let wait = Duration::from_millis(parts.settings.redis.redis_timeout_ms);
        let redis = parts.redis.map(|pool| Arc::new(Redis::new(pool, wait)));
        let versions = redis.clone().map_or_else(Versions::default, Versions::shared);
        let platform = parts.platform.versioned(versions.clone());
        let tokens = TokenKeys::new(&parts.settings.tokens, &parts.secret)?;
        let money = payments::open(&parts.settings, &derive(&parts.secret, b"sandbox"), &parts.clock)?;
        Ok(Arc::new(Self {
            directory: Directory::new(platform.clone()),
            limiter: Limiter { local: Local::default(), shared: redis.clone().map(Shared::new) },
            redis,
            cursors: CursorKey::new(&derive(&parts.secret, b"cursor")),
            manage: [Some(&parts.secret), parts.settings.tokens.secret_key_previous.as_ref()]
                .into_iter()
                .flatten()
                .map(|secret| CursorKey::new(&derive(secret, b"manage")))
                .collect(),
            boards: BoardCache::default(),
            inbox_bell: Arc::default(),
            tokens,
            passwords: Passwords::default(),
            settings: parts.settings,
            clock: parts.clock,
            db: parts.db.versioned(versions),
            platform,
            home: parts.home,
            metrics: parts.metrics,
            payments: money.provider,
            sandbox: money.sandbox,
            webhook_secrets: money.secrets,
        }))
    }
}

/// A key of its own for each purpose, so that none can be used for another (RFC 5869).
#[must_use]
pub fn derive(secret: &SecretString, purpose: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    // 32 bytes are always within what HKDF can give
    let _ = Hkdf::<Sha256>::new(Some(b"tithi"), secret.expose_secret().as_bytes()).expand(purpose, &mut key);
    key
}
