//! The PostgreSQL that the tests run on: a private cluster below the build's target folder, one for a test run.
//!
//! It is not durable and begins a run without databases. What a test makes in it is the test's own: other processes
//! use the same server.
use std::sync::OnceLock;

use sqlx::{Connection, PgConnection};
use tithi::db::private::{Origin, PrivateDb, PrivateDbError, PrivateDbOptions};

use super::shared::Shared;

/// The superuser's URL of the `postgres` database of the run's cluster. Starts it when nobody has.
///
/// # Panics
/// When PostgreSQL is not installed or does not start, with a sentence that says what to do.
pub fn admin_url() -> String {
    static URL: OnceLock<String> = OnceLock::new();
    // A thread of its own: the caller may be inside a runtime, which must not be blocked on.
    let start = || std::thread::spawn(start).join().unwrap_or_else(|cause| std::panic::resume_unwind(cause));
    let url = URL.get_or_init(|| start().unwrap_or_else(|why| panic!("{why}")));
    url.clone()
}

fn start() -> Result<String, String> {
    let said = |error: std::io::Error| format!("the tests' PostgreSQL: {error}");
    let shared = Shared::join("cluster").map_err(said)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(said)?;
    let db = runtime.block_on(open(&shared))?;
    shared.guard(db.pid(), "INT").map_err(said)?;
    Ok(db.admin_url())
}

async fn open(shared: &Shared) -> Result<PrivateDb, String> {
    let options = PrivateDbOptions { durable: false, max_connections: 200, ..PrivateDbOptions::default() };
    let opened = PrivateDb::open(shared.folder(), options, |_| {}).await;
    let db = opened.map_err(|error| match error {
        PrivateDbError::NotInstalled { .. } => {
            "the tests need PostgreSQL 15 or newer: run `scripts/test`, which installs it, or install it yourself \
             (`apt-get install postgresql`, `brew install postgresql@17`, `dnf install postgresql-server`)"
                .to_owned()
        }
        other => {
            format!("the tests' PostgreSQL does not start (removing {} may help): {other}", shared.folder().display())
        }
    })?;
    if db.origin() == Origin::Started {
        clear(&db).await.map_err(|error| format!("clearing the tests' PostgreSQL: {error}"))?;
    }
    Ok(db)
}

/// Drops what an earlier run has left.
async fn clear(db: &PrivateDb) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect_with(&db.connect_options("postgres", "postgres")).await?;
    let ours = "SELECT format('ALTER DATABASE %1$I IS_TEMPLATE false; ', datname), format('DROP DATABASE %I WITH (FORCE)', datname) \
                FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1')";
    let statements: Vec<(String, String)> = sqlx::query_as(ours).fetch_all(&mut connection).await?;
    for statement in statements.into_iter().flat_map(|(unmark, drop)| [unmark, drop]) {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await?;
    }
    connection.close().await
}

#[tokio::test]
async fn every_test_gets_the_same_answering_server() -> Result<(), sqlx::Error> {
    let url = admin_url();
    assert_eq!(url, admin_url());
    let mut connection = PgConnection::connect(&url).await?;
    let fsync: String = sqlx::query_scalar("SHOW fsync").fetch_one(&mut connection).await?;
    assert_eq!(fsync, "off", "tests do not wait for the disk");
    connection.close().await
}
