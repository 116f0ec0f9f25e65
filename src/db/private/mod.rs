//! The private database: a PostgreSQL server of Tithi's own, for a machine where `DATABASE_URL` is not set.
//!
//! Owns everything below `<data dir>/postgres`: the cluster, its lock, its log and its socket folder.
//! What must stay true:
//! - at most one server runs on one data folder, however many processes call [`PrivateDb::open`] at once;
//! - it never listens on TCP, and nobody but the account that runs it (and root) can reach its socket, which is
//!   what makes `trust` authentication sound (`peer` would refuse root, who is not the account it drops to);
//! - several processes may use one server (serve, worker, a short command); the last one that leaves stops it;
//! - a cluster is whole or absent: initdb works under a temporary name;
//! - the server is not our child in life and death: it survives our crash and is adopted by the next start;
//! - nothing waits without a deadline.
mod account;
mod cluster;
mod error;
mod find;
mod place;
mod process;
mod program;

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use tokio::process::Child;
use tokio::sync::Mutex;

pub use error::PrivateDbError;
use find::Binaries;
use place::Place;
use process::Running;

/// The superuser that initdb creates. It bypasses row-level security: for bootstrap, migrations' grants and `psql` only.
pub const SUPERUSER: &str = "postgres";
/// Only names the socket file (`.s.PGSQL.5432`); no TCP port is opened.
pub const PORT: u16 = 5432;
/// The oldest major version that is accepted.
pub const OLDEST_MAJOR: u32 = 15;

/// Receives one line for each step that takes time.
pub(crate) type Progress<'a> = &'a (dyn Fn(&str) + Send + Sync);

/// How the server is found, started and ended.
#[derive(Clone, Debug)]
pub struct PrivateDbOptions {
    /// The folder that holds `postgres` and `initdb` (`PG_BIN_DIR`); searched for when `None`.
    pub bin_dir: Option<PathBuf>,
    /// Connections the server allows; has no effect on a server that is adopted.
    pub max_connections: u16,
    /// `false` gives up surviving a crash of the machine for speed. For tests only.
    pub durable: bool,
    /// The longest that `open` takes (lock, initdb, recovery and start together).
    pub start_within: Duration,
    /// The longest a fast shutdown takes before it is made an immediate one.
    pub stop_within: Duration,
}

impl Default for PrivateDbOptions {
    fn default() -> Self {
        Self {
            bin_dir: None,
            max_connections: 100,
            durable: true,
            start_within: Duration::from_secs(60),
            stop_within: Duration::from_secs(20),
        }
    }
}

/// How the server came to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The cluster was made by this `open`, then started.
    Initialised,
    /// The cluster existed; its server was started (after recovery if need be).
    Started,
    /// The server was running already.
    Adopted,
}

/// How [`PrivateDb::stop`] ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Fast shutdown with a checkpoint: the cluster is "shut down".
    Clean,
    /// The fast shutdown outlived `stop_within`; the next start replays the log. Nothing committed is lost.
    Immediate,
    /// There was no server of ours any more.
    Already,
    /// Another process uses it.
    LeftRunning,
}

/// A running private server. Dropping it leaves the server running: [`PrivateDb::stop`] ends it.
pub struct PrivateDb {
    place: Place,
    binaries: Option<Binaries>,
    running: Running,
    origin: Origin,
    options: PrivateDbOptions,
    /// Present when this process started the server; kept so that its end is reaped.
    child: Mutex<Option<Child>>,
    /// Says to other processes that this one uses the server; given up by [`PrivateDb::stop`], or with the process.
    user: Mutex<Option<File>>,
}

impl PrivateDb {
    /// Returns once the server of `data_dir` answers: adopted, else started, else made and started.
    ///
    /// `data_dir` is created when absent. As root the server runs as the owner of the cluster, for a new one as
    /// `postgres` or `nobody`; when that account cannot reach `data_dir`, the cluster lives below
    /// `/var/lib/tithi` and `progress` says so.
    pub async fn open(
        data_dir: &Path,
        options: PrivateDbOptions,
        progress: impl Fn(&str) + Send + Sync,
    ) -> Result<Self, PrivateDbError> {
        let deadline = Instant::now() + options.start_within;
        let place = Place::settle(data_dir, &progress).await?;
        let _lock = place.lock(deadline).await?;
        if let Some(running) = process::adopt(&place, deadline).await? {
            progress(&format!("attached to the PostgreSQL that is running (process {})", running.pid));
            return Self::new(place, None, running, Origin::Adopted, options, None);
        }
        let binaries = find::binaries(options.bin_dir.as_deref(), &place).await?;
        let origin = cluster::ensure(&place, &binaries, options.durable, deadline, &progress).await?;
        progress(&format!("starting PostgreSQL {}", binaries.major));
        let settings = cluster::settings(&place, &binaries, &options).await?;
        let (running, child) = process::start(&place, &binaries, &settings, deadline).await?;
        Self::new(place, Some(binaries), running, origin, options, Some(child))
    }

    /// The running server of `data_dir`, or `None`: starts and creates nothing.
    pub async fn attach(data_dir: &Path, options: PrivateDbOptions) -> Result<Option<Self>, PrivateDbError> {
        let deadline = Instant::now() + options.start_within;
        let Some(place) = Place::existing(data_dir).await? else { return Ok(None) };
        let _lock = place.lock(deadline).await?;
        let running = process::adopt(&place, deadline).await?;
        running.map(|running| Self::new(place, None, running, Origin::Adopted, options, None)).transpose()
    }

    fn new(
        place: Place,
        binaries: Option<Binaries>,
        running: Running,
        origin: Origin,
        options: PrivateDbOptions,
        child: Option<Child>,
    ) -> Result<Self, PrivateDbError> {
        let user = Mutex::new(Some(place.join()?));
        Ok(Self { place, binaries, running, origin, options, child: Mutex::new(child), user })
    }

    /// Ends the server, unless another process uses it: fast shutdown, immediate after `stop_within`. May be called
    /// again and from several tasks.
    pub async fn stop(&self) -> Result<Stopped, PrivateDbError> {
        let mut child = self.child.lock().await;
        let _lock = self.place.lock(Instant::now() + self.options.stop_within).await?;
        drop(self.user.lock().await.take());
        if self.alive().await && !self.place.unused()? {
            return Ok(Stopped::LeftRunning);
        }
        process::stop(&self.place, self.running.pid, &mut child, self.options.stop_within).await
    }

    /// Whether the server still runs.
    pub async fn alive(&self) -> bool {
        process::is_postmaster(self.running.pid, &self.place.cluster).await
    }

    /// How the server came to run.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// Whether the server was running before `open`.
    #[must_use]
    pub fn adopted(&self) -> bool {
        self.origin == Origin::Adopted
    }

    /// The postmaster's process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.running.pid
    }

    /// The cluster's own folder (PGDATA).
    #[must_use]
    pub fn cluster_dir(&self) -> &Path {
        &self.place.cluster
    }

    /// Where the server's socket is.
    #[must_use]
    pub fn socket_dir(&self) -> &Path {
        &self.running.socket_dir
    }

    /// The server's log.
    #[must_use]
    pub fn log_path(&self) -> &Path {
        &self.place.log
    }

    /// The folder of the programs that the server was started with; `None` when it was adopted.
    #[must_use]
    pub fn bin_dir(&self) -> Option<&Path> {
        self.binaries.as_ref().map(|found| found.dir.as_path())
    }

    /// The superuser's URL of the `postgres` database.
    #[must_use]
    pub fn admin_url(&self) -> String {
        self.url(SUPERUSER, "postgres")
    }

    /// The URL by which `role` reaches `database`. No password: the socket's folder is the key.
    ///
    /// Neither name is escaped: they are our own constants and slugs.
    #[must_use]
    pub fn url(&self, role: &str, database: &str) -> String {
        let socket = self.running.socket_dir.display();
        format!("postgres://{role}@localhost:{PORT}/{database}?host={socket}&sslmode=disable")
    }

    /// The same as [`PrivateDb::url`], as options for sqlx.
    #[must_use]
    pub fn connect_options(&self, role: &str, database: &str) -> PgConnectOptions {
        connect_options(&self.running.socket_dir, role, database)
    }

    /// The command that opens a prompt as the superuser, ready to paste into a shell.
    #[must_use]
    pub fn psql_line(&self) -> String {
        format!("psql '{}'", self.admin_url())
    }
}

impl fmt::Debug for PrivateDb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateDb")
            .field("cluster", &self.place.cluster)
            .field("pid", &self.running.pid)
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

fn connect_options(socket_dir: &Path, role: &str, database: &str) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(socket_dir)
        .port(PORT)
        .username(role)
        .database(database)
        .ssl_mode(PgSslMode::Disable)
}
