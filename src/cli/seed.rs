//! `tithi seed`: fills in the demo businesses, once. A business whose slug is there already is left as it
//! is, so that every start may ask for it and nothing that was tried out is lost.
//!
//! What must stay true: only the demo profile calls it, since everybody knows the password; it writes
//! everything in one transaction, a statement a table; its times are relative to now, lie in the hours
//! of their resource and never overlap.

mod calendar;
mod fixture;
mod rows;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use ::entity::ids::UserId;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};

use super::{Failure, checked, progress, tell};
use crate::config::{Profile, Settings};
use crate::db::connect::{self, Databases};
use crate::db::{Access, PlatformDb, PoolSize, Scope, migrate, pool};
use crate::domains::identity::hash_password;
use crate::error::ApiError;
use crate::kernel::clock::Clock;
use fixture::Business;
use rows::Rows;

/// The password of every demo login.
pub const DEMO_PASSWORD: &str = "demo-password";

/// One number for "somebody is filling in the demo", of no other meaning.
const LOCK: i64 = 0x7469_7468_6902;

/// What was filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seeded {
    /// Slugs of the businesses that were not there before.
    pub slugs: Vec<String>,
}

/// Why it was not.
#[derive(Debug)]
pub enum SeedError {
    /// A fixture says something that does not fit together.
    Fixture(String),
    /// The password could not be hashed.
    Password(ApiError),
    /// The database said no.
    Database(DbErr),
}

impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixture(what) => write!(f, "fixtures/demo: {what}"),
            Self::Password(error) => error.fmt(f),
            Self::Database(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SeedError {}

impl From<DbErr> for SeedError {
    fn from(error: DbErr) -> Self {
        Self::Database(error)
    }
}

impl From<calendar::Impossible> for SeedError {
    fn from(error: calendar::Impossible) -> Self {
        Self::Fixture(error.0)
    }
}

/// `tithi seed`.
pub(super) async fn run(settings: Settings) -> Result<(), Failure> {
    let settings = checked(settings)?;
    if !settings.demo() {
        return Err(Failure::new(
            "TITHI_PROFILE: demo businesses have a password that everybody knows, so only the demo profile takes them",
        ));
    }
    let databases = connect::open(&settings.database, progress).await?;
    let outcome = fill(&settings, &databases).await;
    if let Some(private) = &databases.private {
        private.stop().await?;
    }
    match outcome?.slugs.as_slice() {
        [] => tell("the demo businesses are there already"),
        slugs => tell(&format!("filled in {}", slugs.join(" and "))),
    }
    Ok(())
}

async fn fill(settings: &Settings, databases: &Databases) -> Result<Seeded, Failure> {
    if let Some(owner) = &databases.owner {
        migrate::migrate(owner, false).await?;
    }
    let size = PoolSize { most: 2, wait: std::time::Duration::from_secs(settings.database.database_wait) };
    let platform = PlatformDb::new(pool(databases.platform.clone(), "tithi-platform", size), Clock::system());
    let seeded = seed(&platform, hash_password).await;
    platform.close().await;
    Ok(seeded?)
}

/// What a start does about demo data: fills it in for the demo profile, refuses it in production.
pub(super) async fn at_start(settings: &Settings, platform: &PlatformDb) -> Result<(), Failure> {
    match settings.profile() {
        Profile::Demo => {
            let seeded = seed(platform, hash_password).await?;
            if !seeded.slugs.is_empty() {
                progress(&format!("filled in {}", seeded.slugs.join(" and ")));
            }
            Ok(())
        }
        Profile::Development => Ok(()),
        Profile::Production => refuse(platform).await,
    }
}

async fn refuse(platform: &PlatformDb) -> Result<(), Failure> {
    let scope = platform.scope(Access::Read);
    let mut found = Vec::new();
    for business in businesses()? {
        found.extend(accounts(&scope, &business).await?.into_keys());
    }
    match found.first() {
        None => Ok(()),
        Some(email) => Err(Failure::new(format!(
            "TITHI_PROFILE: the database holds demo logins ({email} and others), whose password everybody knows; production does not serve them"
        ))),
    }
}

/// Fills in the demo businesses that are not there. `hash` is asked once, and only when there is
/// something to do.
///
/// # Errors
/// When a fixture contradicts itself, the password cannot be hashed, or the database fails.
pub async fn seed(
    platform: &PlatformDb,
    hash: impl FnOnce(&str) -> Result<String, ApiError>,
) -> Result<Seeded, SeedError> {
    let scope = platform.scope(Access::Write);
    scope.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    let mut wanted = Vec::new();
    for business in businesses()? {
        if !exists(&scope, &business.slug).await? {
            wanted.push(business);
        }
    }
    if wanted.is_empty() {
        scope.roll_back().await;
        return Ok(Seeded::default());
    }
    let password_hash = hash(DEMO_PASSWORD).map_err(SeedError::Password)?;
    for business in &wanted {
        let known = accounts(&scope, business).await?;
        write(&scope, rows::rows(business, scope.now(), &password_hash, &known)?).await?;
        try_from_now(&scope, &business.slug).await?;
    }
    scope.commit().await?;
    Ok(Seeded { slugs: wanted.into_iter().map(|business| business.slug).collect() })
}

fn businesses() -> Result<Vec<Business>, SeedError> {
    let read = |text| serde_json::from_str(text).map_err(|error| SeedError::Fixture(error.to_string()));
    fixture::TEXTS.into_iter().map(read).collect()
}

async fn exists(scope: &Scope, slug: &str) -> Result<bool, DbErr> {
    use ::entity::tenant_directory::{Column, Entity};
    let found: Option<String> =
        Entity::find().select_only().column(Column::Slug).filter(Column::Slug.eq(slug)).into_tuple().one(scope).await?;
    Ok(found.is_some())
}

/// Logins of the fixture that somebody has registered already: they join instead.
async fn accounts(scope: &Scope, business: &Business) -> Result<BTreeMap<String, UserId>, DbErr> {
    use ::entity::users::{Column, Entity};
    let emails = business.users.iter().map(|user| user.email.to_lowercase());
    let found: Vec<(String, UserId)> = Entity::find()
        .select_only()
        .columns([Column::EmailNormalized, Column::Id])
        .filter(Column::EmailNormalized.is_in(emails))
        .into_tuple()
        .all(scope)
        .await?;
    Ok(found.into_iter().collect())
}

/// A statement a table, in the order in which they refer to each other.
async fn write(scope: &Scope, rows: Rows) -> Result<(), DbErr> {
    insert(scope, rows.tenants).await?;
    insert(scope, rows.accounts).await?;
    insert(scope, rows.billing).await?;
    insert(scope, rows.users).await?;
    insert(scope, rows.memberships).await?;
    insert(scope, rows.themes).await?;
    insert(scope, rows.branding).await?;
    insert(scope, rows.services).await?;
    insert(scope, rows.resources).await?;
    insert(scope, rows.service_resources).await?;
    insert(scope, rows.staff_profiles).await?;
    insert(scope, rows.rules).await?;
    insert(scope, rows.exceptions).await?;
    insert(scope, rows.customers).await?;
    insert(scope, rows.class_sessions).await?;
    insert(scope, rows.bookings).await?;
    insert(scope, rows.items).await?;
    insert(scope, rows.allocations).await
}

/// The business has been there for a while, and its trial begins today all the same.
async fn try_from_now(scope: &Scope, slug: &str) -> Result<(), DbErr> {
    use ::entity::tenant_subscriptions::{Column, Entity};
    let own = ::entity::tenants::Entity::find().filter(::entity::tenants::Column::Slug.eq(slug)).one(scope).await?;
    let Some(own) = own else { return Ok(()) };
    let end = scope.now() + chrono::TimeDelta::days(14);
    let trial = Entity::update_many().col_expr(Column::TrialEndAt, sea_orm::sea_query::Expr::value(end));
    trial.filter(Column::TenantId.eq(own.id)).exec(scope).await?;
    Ok(())
}

async fn insert<A>(scope: &Scope, rows: Vec<A>) -> Result<(), DbErr>
where
    A: ActiveModelTrait + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    if !rows.is_empty() {
        <A::Entity as EntityTrait>::insert_many(rows).exec_without_returning(scope).await?;
    }
    Ok(())
}
