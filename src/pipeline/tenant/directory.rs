//! The cached directory of tenants: a slug or an id to what every request needs to know. A change
//! made through this process is seen at once, one made elsewhere within the time to live.

use std::sync::Arc;
use std::time::Duration;

use ::entity::ids::TenantId;
use moka::future::Cache;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, QueryResult, Statement};
use serde_json::Value;

use crate::db::{Access, PlatformDb};
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};
use crate::kernel::slug;

/// How long an entry is believed, the absent ones too.
const BELIEVED: Duration = Duration::from_secs(30);

/// Slugs and ids that were asked for, present or not.
#[derive(Clone)]
pub struct Directory {
    platform: PlatformDb,
    by_slug: Cache<String, Option<Arc<Tenant>>>,
    by_id: Cache<TenantId, Option<Arc<Tenant>>>,
}

impl Directory {
    /// An empty directory over the platform's view.
    #[must_use]
    pub fn new(platform: PlatformDb) -> Self {
        Self {
            platform,
            by_slug: Cache::builder().max_capacity(100_000).time_to_live(BELIEVED).build(),
            by_id: Cache::builder().max_capacity(100_000).time_to_live(BELIEVED).build(),
        }
    }

    /// Whether the tenant of a slug can be told without asking the database.
    #[must_use]
    pub fn knows_slug(&self, slug: &str) -> bool {
        slug::check(slug).is_err() || self.by_slug.contains_key(slug)
    }

    /// Whether the tenant of an id can be told without asking the database.
    #[must_use]
    pub fn knows_id(&self, id: TenantId) -> bool {
        self.by_id.contains_key(&id)
    }

    /// The tenant of a slug. Words that cannot be one never reach the database.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn by_slug(&self, slug: &str) -> Result<Option<Arc<Tenant>>, ApiError> {
        if slug::check(slug).is_err() {
            return Ok(None);
        }
        let load = self.load("d.slug = $1", slug.into());
        self.by_slug.try_get_with_by_ref(slug, load).await.map_err(unavailable)
    }

    /// The tenant of an id.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn by_id(&self, id: TenantId) -> Result<Option<Arc<Tenant>>, ApiError> {
        let load = self.load("d.tenant_id = $1", id.0.into());
        self.by_id.try_get_with(id, load).await.map_err(unavailable)
    }

    /// Forgets a tenant that was changed.
    pub async fn forget(&self, slug: &str, id: TenantId) {
        self.by_slug.invalidate(slug).await;
        self.by_id.invalidate(&id).await;
    }

    /// Forgets that a slug was free, now that it is taken.
    pub async fn forget_slug(&self, slug: &str) {
        self.by_slug.invalidate(slug).await;
    }

    async fn load(&self, by: &'static str, value: sea_orm::Value) -> Result<Option<Arc<Tenant>>, sea_orm::DbErr> {
        let sql = format!(
            "SELECT t.id, d.slug, t.name, d.status, t.tz, t.currency, t.settings_json \
             FROM app.tenant_directory d JOIN app.tenants t ON t.id = d.tenant_id \
             WHERE {by} AND t.deleted_at IS NULL"
        );
        let scope = self.platform.scope(Access::Read);
        let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [value])).await?;
        row.map(|row| read(&row).map(Arc::new)).transpose()
    }
}

/// Without the directory nobody can be served, and a moment later everybody may be.
fn unavailable(error: Arc<sea_orm::DbErr>) -> ApiError {
    ApiError::of(Code::ServiceUnavailable).retry_after(1).caused_by(error)
}

#[derive(FromQueryResult)]
struct Row {
    id: TenantId,
    slug: String,
    name: String,
    status: String,
    tz: String,
    currency: String,
    settings_json: Value,
}

fn read(row: &QueryResult) -> Result<Tenant, sea_orm::DbErr> {
    let row = Row::from_query_result(row, "")?;
    let limits = row.settings_json["rate_limits"].as_object();
    let origins = row.settings_json["cors_origins"].as_array();
    let booking = serde_json::from_value(row.settings_json["booking"].clone()).unwrap_or_default();
    Ok(Tenant {
        id: row.id,
        slug: row.slug,
        name: row.name,
        active: row.status == "active",
        tz: row.tz,
        currency: row.currency,
        rate_limits: limits
            .into_iter()
            .flatten()
            .filter_map(|(class, allowance)| Some((class.clone(), allowance.as_str()?.parse().ok()?)))
            .collect(),
        cors_origins: origins.into_iter().flatten().filter_map(|origin| origin.as_str().map(str::to_owned)).collect(),
        booking,
    })
}
