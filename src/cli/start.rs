//! What `serve` and `worker` have in common: from settings to an App whose database is right.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use metrics_exporter_prometheus::PrometheusBuilder;
use secrecy::SecretString;
use sqlx::postgres::PgConnectOptions;

use super::{Failure, progress, seed};
use crate::app::{App, Parts};
use crate::config::{Profile, Settings};
use crate::db::connect::{self, Databases};
use crate::db::private::PrivateDb;
use crate::db::{PlatformDb, PoolSize, Redis, TenantDb, audit, migrate, pool};

use crate::domains::onboarding;
use crate::kernel::clock::Clock;

/// A prepared process.
pub struct Started {
    pub app: Arc<App>,
    /// Present when the database is ours to stop.
    pub private: Option<PrivateDb>,
}

/// Opens the database, brings it up to date, audits it and makes the App. What was started is stopped
/// again when something fails on the way.
pub async fn start(settings: Settings) -> Result<Started, Failure> {
    let databases = connect::open(&settings.database, progress).await?;
    let outcome = prepare(settings, &databases).await;
    match outcome {
        Ok(app) => Ok(Started { app, private: databases.private }),
        Err(failure) => {
            if let Some(private) = &databases.private {
                private.stop().await?;
            }
            Err(failure)
        }
    }
}

async fn prepare(settings: Settings, databases: &Databases) -> Result<Arc<App>, Failure> {
    connect::reach(databases).await?;
    up_to_date(&settings, databases).await?;
    refuse_findings(databases).await?;
    let clock = Clock::system();
    let size = PoolSize {
        most: settings.database.database_connections,
        wait: Duration::from_secs(settings.database.database_wait),
    };
    let db = TenantDb::new(pool(databases.app.clone(), "tithi", size), clock.clone());
    let few = PoolSize { most: size.most.div_ceil(2), ..size };
    let platform = PlatformDb::new(pool(databases.platform.clone(), "tithi-platform", few), clock.clone());
    let home = onboarding::ensure_home(&platform, &settings.server.platform_slug).await?;
    seed::at_start(&settings, &platform).await?;

    let secret = secret(&settings)?;
    let redis = redis(&settings).await?;
    let metrics = PrometheusBuilder::new().install_recorder()?;
    Ok(App::new(Parts { settings, clock, db, platform, redis, home, metrics, secret })?)
}

async fn up_to_date(settings: &Settings, databases: &Databases) -> Result<(), Failure> {
    match &databases.owner {
        Some(owner) if !settings.database.skip_migrations => {
            let done = migrate::migrate(owner, false).await?;
            if !done.steps.is_empty() {
                progress(&format!("applied {} migrations", done.steps.len()));
            }
            Ok(())
        }
        _ if migrate::exists(&databases.platform).await? => Ok(()),
        _ => Err(Failure::new(
            "the database has no schema yet: run `tithi migrate` with TITHI_OWNER_DATABASE_URL (with --bootstrap the first time)",
        )),
    }
}

async fn refuse_findings(databases: &Databases) -> Result<(), Failure> {
    let catalogue: &PgConnectOptions = databases.owner.as_ref().unwrap_or(&databases.platform);
    let findings = migrate::findings(catalogue, &databases.app).await?;
    if audit::refuses(&findings) {
        let lines: Vec<String> = findings.iter().map(|finding| format!("\n  {finding}")).collect();
        return Err(Failure::new(format!(
            "row-level security is not as it must be, so nothing is served:{}",
            lines.concat()
        )));
    }
    for finding in findings {
        tracing::warn!(%finding, "audit");
    }
    Ok(())
}

/// The given secret, or one made once in the data folder.
fn secret(settings: &Settings) -> Result<SecretString, Failure> {
    if let Some(given) = &settings.tokens.secret_key {
        return Ok(given.clone());
    }
    if settings.profile() == Profile::Production {
        return Err(Failure::new("TITHI_SECRET_KEY: is needed in production"));
    }
    std::fs::create_dir_all(&settings.database.data_dir)?;
    let path = settings.database.data_dir.join("secret.key");
    match make_secret(&path) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error.into()),
    }
    let text = std::fs::read_to_string(&path)?.trim().to_owned();
    if text.len() < crate::config::SECRET_MIN {
        return Err(Failure::new(format!("{} does not hold a secret: remove it, a new one is made", path.display())));
    }
    Ok(SecretString::from(text))
}

/// Written whole or not at all: under another name first, then linked where nobody else's stands.
fn make_secret(path: &Path) -> std::io::Result<()> {
    let draft = path.with_extension(format!("{}", std::process::id()));
    let mut file = std::fs::File::options().create(true).truncate(true).write(true).mode(0o600).open(&draft)?;
    file.write_all(BASE64_STANDARD.encode(rand::random::<[u8; 48]>()).as_bytes())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    linked
}

async fn redis(settings: &Settings) -> Result<Option<deadpool_redis::Pool>, Failure> {
    use secrecy::ExposeSecret;
    let Some(url) = &settings.redis.redis_url else { return Ok(None) };
    let mut config = deadpool_redis::Config::from_url(url.expose_secret());
    config.pool = Some(deadpool_redis::PoolConfig::new(settings.redis.redis_connections));
    let pool = config
        .create_pool(Some(deadpool_redis::Runtime::Tokio1))
        .map_err(|error| Failure::new(format!("REDIS_URL: {error}")))?;
    let wait = Duration::from_millis(settings.redis.redis_timeout_ms).max(Duration::from_secs(1));
    if let Err(error) = Redis::new(pool.clone(), wait).ping().await {
        progress(&format!(
            "REDIS_URL: redis does not answer ({error}); until it does, each process counts limits alone"
        ));
    }
    Ok(Some(pool))
}
