//! Where the data lives: given databases, or a private one below the data folder.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};

use super::SettingError;

/// Settings of the database.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Database")]
pub struct DatabaseSettings {
    /// Database that requests use, as the role tithi_app; without it a private PostgreSQL is started
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<SecretString>,
    /// The same database as the role tithi_platform, for operators and workers
    #[arg(long, env = "TITHI_PLATFORM_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub platform_database_url: Option<SecretString>,
    /// The same database as the role tithi_owner, for migrations
    #[arg(long, env = "TITHI_OWNER_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub owner_database_url: Option<SecretString>,
    /// Folder of the private database and of the generated secret
    #[arg(long, env = "TITHI_DATA_DIR", default_value = ".tithi", value_name = "FOLDER")]
    pub data_dir: PathBuf,
    /// Folder of the PostgreSQL programs for the private database
    #[arg(long, env = "PG_BIN_DIR", value_name = "FOLDER")]
    pub pg_bin_dir: Option<PathBuf>,
    /// Most connections of the request pool
    #[arg(long, env = "TITHI_DATABASE_CONNECTIONS", default_value_t = 16, value_name = "COUNT")]
    pub database_connections: u32,
    /// Seconds that a request waits for a connection
    #[arg(long, env = "TITHI_DATABASE_WAIT", default_value_t = 5, value_name = "SECONDS")]
    pub database_wait: u64,
    /// Don't migrate at start
    #[arg(long, env = "TITHI_SKIP_MIGRATIONS", value_parser = clap::builder::BoolishValueParser::new())]
    pub skip_migrations: bool,
}

impl DatabaseSettings {
    /// Whether a private PostgreSQL is started.
    #[must_use]
    pub fn private(&self) -> bool {
        self.database_url.is_none()
    }

    pub(super) fn validate(&self, production: bool, faults: &mut Vec<SettingError>) {
        let urls = [
            ("DATABASE_URL", &self.database_url),
            ("TITHI_PLATFORM_DATABASE_URL", &self.platform_database_url),
            ("TITHI_OWNER_DATABASE_URL", &self.owner_database_url),
        ];
        for (setting, url) in urls {
            if let Some(url) = url
                && !["postgres://", "postgresql://"].iter().any(|scheme| url.expose_secret().starts_with(scheme))
            {
                faults.push(SettingError::new(setting, "give a URL that starts with postgres://"));
            }
        }
        if self.database_url.is_some() {
            if self.platform_database_url.is_none() {
                faults.push(SettingError::new(
                    "TITHI_PLATFORM_DATABASE_URL",
                    "is needed beside DATABASE_URL: the same database as the role tithi_platform",
                ));
            }
        } else {
            for (setting, url) in &urls[1..] {
                if url.is_some() {
                    faults.push(SettingError::new(
                        setting,
                        "is of use only beside DATABASE_URL: set that too, or neither",
                    ));
                }
            }
            if production {
                faults.push(SettingError::new(
                    "DATABASE_URL",
                    "is needed in production: the private database is for trying out and building",
                ));
            }
        }
        if !(2..=1000).contains(&self.database_connections) {
            faults.push(SettingError::new("TITHI_DATABASE_CONNECTIONS", "give 2 to 1000"));
        }
        if !(1..=60).contains(&self.database_wait) {
            faults.push(SettingError::new("TITHI_DATABASE_WAIT", "give 1 to 60 seconds"));
        }
    }
}
