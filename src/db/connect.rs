//! From settings to databases: the given ones, or the private one, opened and prepared.

use std::str::FromStr;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};

use super::private::{PrivateDb, PrivateDbError, PrivateDbOptions};
use crate::config::DatabaseSettings;

/// Name of the database in the private cluster.
pub const DATABASE: &str = "tithi";

/// How each role connects.
pub struct Databases {
    /// Present when the database is ours to stop.
    pub private: Option<PrivateDb>,
    /// As `tithi_app`.
    pub app: PgConnectOptions,
    /// As `tithi_platform`.
    pub platform: PgConnectOptions,
    /// As `tithi_owner`; absent when this process may not migrate.
    pub owner: Option<PgConnectOptions>,
}

/// Why the databases cannot be used.
#[derive(Debug)]
pub enum ConnectError {
    /// A URL that cannot be read, by the name of its setting.
    Url(&'static str, sqlx::Error),
    /// A database that does not answer, by the name of its setting, and where it was looked for.
    Unreachable(&'static str, String, sqlx::Error),
    /// The private database does not come up.
    Private(PrivateDbError),
    /// The private database does not let itself be prepared.
    Bootstrap(sqlx::Error),
}

impl std::fmt::Display for ConnectError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Url(setting, error) => write!(f, "{setting}: cannot be read: {error}"),
            Self::Unreachable(setting, place, sqlx::Error::PoolTimedOut) => {
                write!(f, "{setting}: {place} does not answer")
            }
            Self::Unreachable(setting, place, error) => write!(f, "{setting}: {place}: {error}"),
            Self::Private(error) => error.fmt(f),
            Self::Bootstrap(error) => write!(f, "the private database cannot be prepared: {error}"),
        }
    }
}

impl std::error::Error for ConnectError {}

/// Opens the databases, starting the private one when no URL is given and it does not run yet. Whoever leaves
/// it last stops it, so a short command beside a server disturbs nobody.
///
/// # Errors
/// Which part is missing and what to do.
pub async fn open(
    settings: &DatabaseSettings,
    progress: impl Fn(&str) + Send + Sync,
) -> Result<Databases, ConnectError> {
    if let Some(given) = given(settings)? {
        return Ok(given);
    }
    let private =
        PrivateDb::open(&settings.data_dir, options(settings), &progress).await.map_err(ConnectError::Private)?;
    prepare(private, &progress).await
}

/// The running private database, if there is one; starts nothing.
///
/// # Errors
/// When the data folder cannot be looked at.
pub async fn running(settings: &DatabaseSettings) -> Result<Option<PrivateDb>, ConnectError> {
    PrivateDb::attach(&settings.data_dir, options(settings)).await.map_err(ConnectError::Private)
}

fn options(settings: &DatabaseSettings) -> PrivateDbOptions {
    let most = settings.database_connections.saturating_mul(2).saturating_add(40);
    PrivateDbOptions {
        bin_dir: settings.pg_bin_dir.clone(),
        max_connections: u16::try_from(most).unwrap_or(u16::MAX),
        ..PrivateDbOptions::default()
    }
}

fn given(settings: &DatabaseSettings) -> Result<Option<Databases>, ConnectError> {
    let (Some(app), Some(platform)) = (&settings.database_url, &settings.platform_database_url) else {
        return Ok(None);
    };
    let owner = settings.owner_database_url.as_ref().map(|url| read("TITHI_OWNER_DATABASE_URL", url)).transpose()?;
    Ok(Some(Databases {
        private: None,
        app: read("DATABASE_URL", app)?,
        platform: read("TITHI_PLATFORM_DATABASE_URL", platform)?,
        owner,
    }))
}

fn read(setting: &'static str, url: &SecretString) -> Result<PgConnectOptions, ConnectError> {
    PgConnectOptions::from_str(url.expose_secret()).map_err(|error| ConnectError::Url(setting, error))
}

async fn prepare(private: PrivateDb, progress: &(impl Fn(&str) + Send + Sync)) -> Result<Databases, ConnectError> {
    let superuser = |database: &str| private.connect_options(super::private::SUPERUSER, database);
    // like the policies: what somebody changed by hand is for the audit to find, not for a start to paint over
    if !bootstrapped(&superuser("postgres")).await.map_err(ConnectError::Bootstrap)? {
        let server = superuser("postgres");
        bootstrap(server, superuser(DATABASE), DATABASE, progress).await.map_err(ConnectError::Bootstrap)?;
        note_bootstrap(&superuser("postgres")).await.map_err(ConnectError::Bootstrap)?;
    }
    Ok(Databases {
        app: private.connect_options("tithi_app", DATABASE),
        platform: private.connect_options("tithi_platform", DATABASE),
        owner: Some(private.connect_options("tithi_owner", DATABASE)),
        private: Some(private),
    })
}

/// Which bootstrap this binary brings.
fn bootstrap_digest() -> String {
    let mut hash = Sha256::new();
    hash.update(migration::BOOTSTRAP_CLUSTER.sql);
    hash.update(migration::BOOTSTRAP_DATABASE.sql);
    let bytes: [u8; 32] = hash.finalize().into();
    bytes.iter().fold(String::from("bootstrap "), |text, byte| text + &format!("{byte:02x}"))
}

/// Whether the private database was given this binary's bootstrap.
async fn bootstrapped(server: &PgConnectOptions) -> Result<bool, sqlx::Error> {
    let mut connection = patiently(server).await?;
    let given = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1";
    let given: Option<Option<String>> =
        sqlx::query_scalar(given).bind(DATABASE).fetch_optional(&mut connection).await?;
    connection.close().await?;
    Ok(given.flatten().is_some_and(|given| given == bootstrap_digest()))
}

async fn note_bootstrap(server: &PgConnectOptions) -> Result<(), sqlx::Error> {
    let mut connection = patiently(server).await?;
    let note = format!("COMMENT ON DATABASE {DATABASE} IS '{}'", bootstrap_digest());
    sqlx::raw_sql(sqlx::AssertSqlSafe(note)).execute(&mut connection).await?;
    connection.close().await
}

/// Makes roles, database and extensions as an administrator. Safe to repeat.
///
/// # Errors
/// What the database refused.
pub async fn bootstrap(
    server: PgConnectOptions,
    database: PgConnectOptions,
    name: &str,
    progress: &(impl Fn(&str) + Send + Sync),
) -> Result<(), sqlx::Error> {
    let mut connection = patiently(&server).await?;
    // roles are shared rows of the cluster: two bootstraps at once would collide
    sqlx::raw_sql("SELECT pg_advisory_lock(7881705)").execute(&mut connection).await?;
    sqlx::raw_sql(migration::BOOTSTRAP_CLUSTER.sql).execute(&mut connection).await?;
    let there: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        .bind(name)
        .fetch_one(&mut connection)
        .await?;
    if !there {
        progress("creating the database");
        let quoted = name.replace('"', "\"\"");
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE DATABASE \"{quoted}\""))).execute(&mut connection).await?;
    }
    let mut inside = patiently(&database).await?;
    sqlx::raw_sql(migration::BOOTSTRAP_DATABASE.sql).execute(&mut inside).await?;
    inside.close().await?;
    connection.close().await
}

/// Tries to connect before it gives up.
const TRIES: u32 = 5;
/// How long one of them may take.
const TRY: Duration = Duration::from_secs(3);

/// A server that has just been started may refuse for a moment: tried five times, with pauses of 1.5 s in all.
/// What will not change (a wrong password, no such database) is answered at once.
pub(super) async fn patiently(options: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    let mut pause = Duration::from_millis(100);
    let mut tried = 1;
    loop {
        let outcome = match tokio::time::timeout(TRY, PgConnection::connect_with(options)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(sqlx::Error::PoolTimedOut),
        };
        match outcome {
            Ok(connection) => return Ok(connection),
            Err(sqlx::Error::Database(error)) if error.code().as_deref() != Some("57P03") => {
                return Err(sqlx::Error::Database(error));
            }
            Err(error) if tried == TRIES => return Err(error),
            Err(_) => tokio::time::sleep(pause).await,
        }
        pause *= 2;
        tried += 1;
    }
}

/// Whether each of the databases answers.
///
/// # Errors
/// The first that does not, by the name of its setting.
pub async fn reach(databases: &Databases) -> Result<(), ConnectError> {
    let all = [
        ("TITHI_OWNER_DATABASE_URL", databases.owner.as_ref()),
        ("TITHI_PLATFORM_DATABASE_URL", Some(&databases.platform)),
        ("DATABASE_URL", Some(&databases.app)),
    ];
    for (setting, options) in all {
        let Some(options) = options else { continue };
        let place = format!("{}:{}", options.get_host(), options.get_port());
        patiently(options).await.map_err(|error| ConnectError::Unreachable(setting, place, error))?;
    }
    Ok(())
}
