//! Settings: one section a file, each setting documented where it is defined. A flag wins over its
//! variable; `--help` is made of the same lines. Nothing else in the service reads the environment.

mod database;
mod limits;
mod payments;
mod redis;
mod server;
mod tokens;

use std::fmt;

pub use database::DatabaseSettings;
pub use limits::{Allowance, LimitSettings};
pub use payments::{PaymentMode, PaymentSettings};
pub use redis::RedisSettings;
pub use server::{Profile, ServerSettings, TrustedProxies};
pub use tokens::{SECRET_MIN, TokenSettings};

/// Everything that `serve` and `worker` can be told.
#[derive(Clone, Debug, clap::Args)]
pub struct Settings {
    #[command(flatten)]
    pub server: ServerSettings,
    #[command(flatten)]
    pub database: DatabaseSettings,
    #[command(flatten)]
    pub redis: RedisSettings,
    #[command(flatten)]
    pub tokens: TokenSettings,
    #[command(flatten)]
    pub limits: LimitSettings,
    #[command(flatten)]
    pub payments: PaymentSettings,
}

/// A setting that cannot be used: which, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingError {
    /// The variable's name.
    pub setting: &'static str,
    /// What is wrong and what to do instead.
    pub advice: String,
}

impl SettingError {
    pub(crate) fn new(setting: &'static str, advice: impl Into<String>) -> Self {
        Self { setting, advice: advice.into() }
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.setting, self.advice)
    }
}

impl std::error::Error for SettingError {}

impl Settings {
    /// Every fault of the settings, so that one start names them all.
    #[must_use]
    pub fn validate(&self) -> Vec<SettingError> {
        let production = self.profile() == Profile::Production;
        let mut faults = Vec::new();
        self.server.validate(&mut faults);
        self.database.validate(production, &mut faults);
        self.redis.validate(production, &mut faults);
        self.tokens.validate(production, &mut faults);
        self.limits.validate(&mut faults);
        self.payments.validate(production, &mut faults);
        faults
    }

    /// What kind of place this is. A database that somebody gave us gets no demo logins unless they are asked for.
    #[must_use]
    pub fn profile(&self) -> Profile {
        let unsaid = if self.database.private() { Profile::Demo } else { Profile::Development };
        self.server.profile.unwrap_or(unsaid)
    }

    /// Whether demo tenants are filled in and their logins work.
    #[must_use]
    pub fn demo(&self) -> bool {
        self.profile() == Profile::Demo
    }
}
