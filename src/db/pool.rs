//! The pools: the only place that connects. `TenantDb` speaks as `tithi_app`, `PlatformDb` as
//! `tithi_platform`; neither gives out its pool.

use std::time::Duration;

use ::entity::ids::TenantId;
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

use super::scope::{Access, Scope};
use super::version::Versions;
use crate::kernel::clock::Clock;

/// How a pool is filled.
#[derive(Clone, Copy, Debug)]
pub struct PoolSize {
    /// Most connections.
    pub most: u32,
    /// How long a request waits for one.
    pub wait: Duration,
}

/// A pool that is filled on demand. Connections idle for 30 s are pinged before use, others are not:
/// a ping is a round trip.
#[must_use]
pub fn pool(options: PgConnectOptions, name: &'static str, size: PoolSize) -> PgPool {
    let options = options.application_name(name).disable_statement_logging();
    PgPoolOptions::new()
        .max_connections(size.most)
        .acquire_timeout(size.wait)
        .idle_timeout(Duration::from_secs(600))
        .max_lifetime(Duration::from_secs(1800))
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for < Duration::from_secs(30) {
                    return Ok(true);
                }
                Ok(sqlx::Connection::ping(connection).await.is_ok())
            })
        })
        .connect_lazy_with(options)
}

/// The database as requests of a tenant see it.
#[derive(Clone)]
pub struct TenantDb {
    pool: PgPool,
    clock: Clock,
    versions: Versions,
}

impl TenantDb {
    /// Over a pool that connects as `tithi_app`.
    #[must_use]
    pub fn new(pool: PgPool, clock: Clock) -> Self {
        Self { pool, clock, versions: Versions::default() }
    }

    /// The same, its commits told to these versions.
    #[must_use]
    pub fn versioned(self, versions: Versions) -> Self {
        Self { versions, ..self }
    }

    /// A lazy transaction that sees one tenant's rows.
    #[must_use]
    pub fn scope(&self, tenant: TenantId, access: Access) -> Scope {
        Scope::new(self.pool.clone(), Some(tenant), access, self.clock.clone(), self.versions.clone())
    }

    /// Connections open and idle, for the metrics.
    #[must_use]
    pub fn load(&self) -> (u32, usize) {
        (self.pool.size(), self.pool.num_idle())
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// What the driver said.
    pub async fn ping(&self) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT 1").execute(&self.pool).await.map(|_| ())
    }

    /// Waits until every connection is given back, then closes them.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// The database across tenants. May be named only where `tests/it/architecture.rs` lists it.
#[derive(Clone)]
pub struct PlatformDb {
    pool: PgPool,
    clock: Clock,
    versions: Versions,
}

impl PlatformDb {
    /// Over a pool that connects as `tithi_platform`.
    #[must_use]
    pub fn new(pool: PgPool, clock: Clock) -> Self {
        Self { pool, clock, versions: Versions::default() }
    }

    /// The same, its commits told to these versions: those of the tenants that its events are about.
    #[must_use]
    pub fn versioned(self, versions: Versions) -> Self {
        Self { versions, ..self }
    }

    /// A lazy transaction that sees every tenant's rows.
    #[must_use]
    pub fn scope(&self, access: Access) -> Scope {
        Scope::new(self.pool.clone(), None, access, self.clock.clone(), self.versions.clone())
    }

    /// Waits until every connection is given back, then closes them.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
