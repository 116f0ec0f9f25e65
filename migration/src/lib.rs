//! The schema of Tithi. Owns every table, constraint, function and trigger; the rows' guards come from `policies/`.
//!
//! What must stay true: steps go forward only and never change once published; policies are run whole after the steps,
//! at every run, in the same transaction, so that no table is ever visible without its guard.

mod m0001_helpers;
mod m0002_tenancy;
mod m0003_identity;
mod m0004_catalogue;
mod m0005_scheduling;
mod m0006_booking;
mod m0007_reliability;
mod m0008_needs;
mod m0009_holds;
mod m0011_schedules;
mod m0012_crm;
mod m0014_feeds;
mod m0015_payments;
mod m0016_connect;
mod m0017_promotions;
mod m0018_packages;
mod m0019_invoices;
mod m0020_billing;
mod m0021_booking;
mod m0022_subjects;
mod policies;
mod step;

pub use policies::{BOOTSTRAP_CLUSTER, BOOTSTRAP_DATABASE, POLICIES, PolicyFile};
pub use step::Step;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, TransactionError, TransactionTrait,
};

/// Every step, in order.
pub const STEPS: &[Step] = &[
    m0001_helpers::STEP,
    m0002_tenancy::STEP,
    m0003_identity::STEP,
    m0004_catalogue::STEP,
    m0005_scheduling::STEP,
    m0006_booking::STEP,
    m0007_reliability::STEP,
    m0008_needs::STEP,
    m0009_holds::STEP,
    m0011_schedules::STEP,
    m0012_crm::STEP,
    m0014_feeds::STEP,
    m0015_payments::STEP,
    m0016_connect::STEP,
    m0017_promotions::STEP,
    m0018_packages::STEP,
    m0019_invoices::STEP,
    m0020_billing::STEP,
    m0021_booking::STEP,
    m0022_subjects::STEP,
];

/// One number for "somebody is migrating this database", of no other meaning.
const LOCK: i64 = 0x7469_7468_6901;

pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        STEPS.iter().map(|step| Box::new(*step) as Box<dyn MigrationTrait>).collect()
    }

    /// Found through the search path, which [`up_in`] and [`pending`] set to `app`.
    fn migration_table_name() -> DynIden {
        "migrations".into_iden()
    }
}

/// Brings the database to the newest schema and policies, as `tithi_owner`, on a bootstrapped database. All or nothing;
/// a second caller waits for the first. Safe to repeat.
#[expect(clippy::disallowed_methods, reason = "migrations serve no tenant: they open their own transaction")]
pub async fn up(conn: &DatabaseConnection) -> Result<(), DbErr> {
    conn.transaction(|txn| Box::pin(up_in(txn))).await.map_err(flatten)
}

/// The same inside a transaction of the caller's, who may check the result before it becomes visible.
pub async fn up_in(txn: &DatabaseTransaction) -> Result<(), DbErr> {
    // The owner's lock timeout is for tables; whoever comes second waits for the first migration, however long.
    txn.execute_unprepared(&format!(
        "SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock({LOCK}); SET LOCAL lock_timeout TO DEFAULT"
    ))
    .await?;
    enter(txn).await?;
    Migrator::up(txn, None).await?;
    for file in POLICIES {
        txn.execute_unprepared(file.sql)
            .await
            .map_err(|error| DbErr::Migration(format!("policies/{}: {error}", file.name)))?;
    }
    Ok(())
}

/// The steps that this database still lacks, by name. Changes nothing; any of the three roles may ask.
#[expect(clippy::disallowed_methods, reason = "migrations serve no tenant: they open their own transaction")]
pub async fn pending(conn: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    conn.transaction(|txn| {
        Box::pin(async move {
            enter(txn).await?;
            let steps = Migrator::get_pending_migrations_read_only(txn).await?;
            Ok(steps.iter().map(|step| step.name().to_owned()).collect())
        })
    })
    .await
    .map_err(flatten)
}

async fn enter(txn: &DatabaseTransaction) -> Result<(), DbErr> {
    txn.execute_unprepared("SET LOCAL search_path = app, pg_temp").await?;
    Ok(())
}

fn flatten(error: TransactionError<DbErr>) -> DbErr {
    match error {
        TransactionError::Connection(error) | TransactionError::Transaction(error) => error,
    }
}
