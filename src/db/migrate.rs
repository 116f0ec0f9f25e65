//! Schema and policies brought up to date, and the audit of what stands there. A start applies
//! policies only when the binary brings others than the database was given: what somebody changed by
//! hand is then found and named by the audit, not painted over.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, SqlxPostgresConnector, Statement};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::audit::{self, Finding};
use super::connect::patiently;

/// What a migration run did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// Steps that were applied.
    pub steps: Vec<String>,
    /// Whether the policies were applied.
    pub policies: bool,
}

/// Brings the schema up to date as the owner. With `always`, policies are applied even when they are
/// the ones that the database was given last.
///
/// # Errors
/// What the database refused; nothing of the run is kept then.
pub async fn migrate(owner: &PgConnectOptions, always: bool) -> Result<Migrated, DbErr> {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .connect_with(owner.clone())
        .await
        .map_err(|error| DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into())))?;
    let connection = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
    let outcome = run(&connection, always).await;
    let _ = connection.close().await;
    outcome
}

async fn run(connection: &sea_orm::DatabaseConnection, always: bool) -> Result<Migrated, DbErr> {
    let steps = migration::pending(connection).await?;
    let digest = digest();
    let given = connection
        .query_one_raw(Statement::from_string(
            DbBackend::Postgres,
            "SELECT obj_description('app'::regnamespace, 'pg_namespace') AS digest",
        ))
        .await?;
    let given: Option<String> = given.map(|row| row.try_get("", "digest")).transpose()?.flatten();
    let policies = always || !steps.is_empty() || given.as_deref() != Some(&digest);
    if policies {
        migration::up(connection).await?;
        connection.execute_unprepared(&format!("COMMENT ON SCHEMA app IS '{digest}'")).await?;
    }
    Ok(Migrated { steps, policies })
}

/// Which policies this binary brings.
fn digest() -> String {
    let mut hash = Sha256::new();
    for file in migration::POLICIES {
        hash.update(file.sql.as_bytes());
    }
    let bytes: [u8; 32] = hash.finalize().into();
    bytes.iter().fold(String::from("policies "), |text, byte| text + &format!("{byte:02x}"))
}

/// Whether the schema stands there at all.
///
/// # Errors
/// When the database does not answer.
pub async fn exists(options: &PgConnectOptions) -> Result<bool, sqlx::Error> {
    let mut connection = patiently(options).await?;
    sqlx::query_scalar("SELECT to_regclass('app.tenants') IS NOT NULL").fetch_one(&mut connection).await
}

/// The one constraint that keeps a time from being sold twice: without it every check before an insert is a race.
async fn overlap(connection: &mut PgConnection) -> Result<Option<Finding>, sqlx::Error> {
    let stands = "SELECT EXISTS (SELECT FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid \
                    JOIN pg_namespace n ON n.oid = t.relnamespace \
                  WHERE n.nspname = 'app' AND t.relname = 'booking_allocations' AND c.conname = 'booking_no_overlap' \
                    AND c.contype = 'x' AND pg_get_constraintdef(c.oid) LIKE '%tenant_id WITH =, resource_id WITH =, occupied WITH &&%')";
    let stands: bool = sqlx::query_scalar(stands).fetch_one(connection).await?;
    Ok((!stands).then(|| Finding {
        rule: "B01",
        severity: audit::Severity::Fail,
        object: "app.booking_allocations".into(),
        message: "app.booking_allocations has no exclusion constraint booking_no_overlap on tenant_id, resource_id and occupied, \
                  so that one time can be sold twice: add it again as the migration m0006_booking makes it"
            .into(),
    }))
}

/// The catalogue audit, the guard against double booking, and the check of the role that will serve requests.
///
/// # Errors
/// When the catalogue cannot be read.
pub async fn findings(catalogue: &PgConnectOptions, app: &PgConnectOptions) -> Result<Vec<Finding>, sqlx::Error> {
    let mut connection = patiently(catalogue).await?;
    let mut findings = audit::audit(&mut connection, &audit::Options::default()).await?;
    findings.extend(overlap(&mut connection).await?);
    let mut serving = patiently(app).await?;
    findings.extend(audit::self_check(&mut serving).await?);
    Ok(findings)
}
