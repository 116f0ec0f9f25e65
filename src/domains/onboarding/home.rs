//! The platform's own tenant: home of people without an organization, and of what belongs to nobody else.

use std::fmt;

use ::entity::ids::TenantId;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use uuid::Uuid;

use crate::db::{Access, PlatformDb};

/// Why there is no home.
#[derive(Debug)]
pub enum HomeTaken {
    /// The slug is a business's.
    Business(String),
    /// The database said no.
    Database(DbErr),
}

impl fmt::Display for HomeTaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Business(slug) => write!(f, "`{slug}` is a business's subdomain: choose another TITHI_PLATFORM_SLUG"),
            Self::Database(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for HomeTaken {}

impl From<DbErr> for HomeTaken {
    fn from(error: DbErr) -> Self {
        Self::Database(error)
    }
}

/// The platform's own tenant, made at the first start. Safe to run at every start and by several
/// processes at once.
///
/// # Errors
/// When the slug is a business's already, or the database fails.
pub async fn ensure_home(platform: &PlatformDb, slug: &str) -> Result<TenantId, HomeTaken> {
    let scope = platform.scope(Access::Write);
    let sql = "INSERT INTO app.tenants (id, slug, name, settings_json, created_at, updated_at) \
               VALUES ($1, $2, 'Tithi', '{\"home\": true}', $3, $3) ON CONFLICT (slug) DO NOTHING";
    let values: [sea_orm::Value; 3] = [scope.new_id().into(), slug.into(), scope.now().into()];
    scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    let sql = "SELECT id, settings_json @> '{\"home\": true}' AS home FROM app.tenants WHERE slug = $1";
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [slug.into()])).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("the platform's tenant".into()))?;
    let (id, home): (Uuid, bool) = (row.try_get("", "id")?, row.try_get("", "home")?);
    scope.commit().await?;
    if home { Ok(TenantId(id)) } else { Err(HomeTaken::Business(slug.to_owned())) }
}
