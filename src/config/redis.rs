//! Redis: what several instances must agree on. Without it limits and caches live in this process.

use secrecy::{ExposeSecret, SecretString};

use super::SettingError;

/// Settings of Redis.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Redis")]
pub struct RedisSettings {
    /// Redis for limits and caches that several instances share
    #[arg(long, env = "REDIS_URL", hide_env_values = true, value_name = "URL")]
    pub redis_url: Option<SecretString>,
    /// Most connections to Redis
    #[arg(long, env = "TITHI_REDIS_CONNECTIONS", default_value_t = 16, value_name = "COUNT")]
    pub redis_connections: usize,
    /// Milliseconds that a request waits for Redis before this process decides alone
    #[arg(long, env = "TITHI_REDIS_TIMEOUT_MS", default_value_t = 250, value_name = "MILLISECONDS")]
    pub redis_timeout_ms: u64,
    /// In production: this is the only instance, so no Redis is needed
    #[arg(long, env = "TITHI_SINGLE_INSTANCE", value_parser = clap::builder::BoolishValueParser::new())]
    pub single_instance: bool,
}

impl RedisSettings {
    pub(super) fn validate(&self, production: bool, faults: &mut Vec<SettingError>) {
        match &self.redis_url {
            Some(url)
                if !["redis://", "rediss://", "redis+unix://", "unix://"]
                    .iter()
                    .any(|s| url.expose_secret().starts_with(s)) =>
            {
                faults.push(SettingError::new("REDIS_URL", "give a URL that starts with redis:// or rediss://"));
            }
            None if production && !self.single_instance => {
                faults.push(SettingError::new("REDIS_URL", "is needed in production, or say TITHI_SINGLE_INSTANCE=true: without it each instance counts limits alone"));
            }
            _ => {}
        }
        if self.redis_connections == 0 {
            faults.push(SettingError::new("TITHI_REDIS_CONNECTIONS", "give at least 1"));
        }
        if !(10..=10_000).contains(&self.redis_timeout_ms) {
            faults.push(SettingError::new("TITHI_REDIS_TIMEOUT_MS", "give 10 to 10000 milliseconds"));
        }
    }
}
