//! The tests' databases: a template made once a run, one shared database for tests that bring their own
//! tenant, and a clone for tests that need a database to themselves.
use std::str::FromStr;
use std::time::{Duration, Instant};

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tithi::db::{connect, migrate};
use tokio::sync::OnceCell;

use super::cluster;

const TEMPLATE: &str = "tithi_template";
const SHARED: &str = "tithi_shared";
/// Makers of template and clones wait for each other.
const LOCK: i64 = 0x7469_7468_6974;

/// How a role reaches a database of the run.
#[derive(Clone, Debug)]
pub struct Database {
    pub name: String,
}

impl Database {
    /// The database that most tests share, each with tenants of its own.
    pub async fn shared() -> Self {
        static ONCE: OnceCell<()> = OnceCell::const_new();
        ONCE.get_or_init(|| async { clone_of_template(SHARED, true).await }).await;
        Self { name: SHARED.to_owned() }
    }

    /// A clone that nobody else uses.
    pub async fn own() -> Self {
        let name = format!("tithi_{:016x}", rand::random::<u64>());
        clone_of_template(&name, false).await;
        Self { name }
    }

    /// An empty, bootstrapped database: for tests of migrations.
    pub async fn empty() -> Self {
        let name = format!("tithi_{:016x}", rand::random::<u64>());
        connect::bootstrap(options("postgres", "postgres"), options("postgres", &name), &name, &|_: &str| {})
            .await
            .unwrap();
        Self { name }
    }

    /// How `role` connects.
    pub fn options(&self, role: &str) -> PgConnectOptions {
        options(role, &self.name)
    }

    /// Returns once a statement of the service waits for a lock.
    pub async fn until_waiting(&self, like: &str) {
        let mut looking = self.connect("postgres").await;
        let sql = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() \
                   AND application_name = 'tithi-test' AND wait_event_type = 'Lock' AND query LIKE $1)";
        let deadline = Instant::now() + Duration::from_secs(30);
        while !sqlx::query_scalar::<_, bool>(sql).bind(like).fetch_one(&mut looking).await.unwrap() {
            assert!(Instant::now() < deadline, "nobody waits in {like}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// A connection as `role`, outside the service.
    pub async fn connect(&self, role: &str) -> PgConnection {
        PgConnection::connect_with(&self.options(role)).await.unwrap()
    }
}

fn options(role: &str, database: &str) -> PgConnectOptions {
    PgConnectOptions::from_str(&cluster::admin_url()).unwrap().username(role).database(database)
}

async fn clone_of_template(name: &str, keep: bool) {
    let mut admin = PgConnection::connect_with(&options("postgres", "postgres")).await.unwrap();
    sqlx::query("SELECT pg_advisory_lock($1)").bind(LOCK).execute(&mut admin).await.unwrap();
    let there = |database: &'static str| {
        sqlx::query_scalar::<_, bool>("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)").bind(database)
    };
    if !there(TEMPLATE).fetch_one(&mut admin).await.unwrap() {
        make_template().await;
    }
    if !(keep && there(SHARED).fetch_one(&mut admin).await.unwrap()) {
        let sql = format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut admin).await.unwrap();
        // grants of a database are not copied with it
        connect::bootstrap(options("postgres", "postgres"), options("postgres", name), name, &|_: &str| {})
            .await
            .unwrap();
    }
    admin.close().await.unwrap();
}

/// Made under another name and renamed when whole: a run that was ended in between leaves none.
async fn make_template() {
    let making = format!("{TEMPLATE}_{:08x}", rand::random::<u32>());
    connect::bootstrap(options("postgres", "postgres"), options("postgres", &making), &making, &|_: &str| {})
        .await
        .unwrap();
    migrate::migrate(&options("tithi_owner", &making), true).await.unwrap();
    let mut admin = PgConnection::connect_with(&options("postgres", "postgres")).await.unwrap();
    let sql = format!("ALTER DATABASE {making} RENAME TO {TEMPLATE}");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut admin).await.unwrap();
    admin.close().await.unwrap();
}
