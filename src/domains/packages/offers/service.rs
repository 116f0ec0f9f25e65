//! The verbs on packages.

use std::collections::{BTreeSet, HashMap};

use ::entity::enums::PackageType;
use ::entity::ids::{PackageId, ServiceId};
use ::entity::package_services;
use ::entity::packages::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::dto::{Package, PackageCreate, PackageUpdate};
use super::events;
use crate::db::keyset::{self, Filter, Walk};
use crate::db::{Scope, row};
use crate::domains::catalogue;
use crate::error::{ApiError, Code};
use crate::guard::{IfMatch, Listing};

/// What a list of packages is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct PackageFilter {
    pub active: Option<bool>,
    pub q: Option<String>,
}

impl Filter<Entity> for PackageFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(self.active.map(|active| Column::Active.eq(active)))
            .add_option(self.q.as_deref().map(|q| keyset::search(&[Column::Name, Column::Description], q)))
    }
}

/// A page of packages, each with its services.
pub async fn list(scope: &Scope, walk: Walk<'_, Entity>, filter: &PackageFilter) -> Result<Listing<Package>, ApiError> {
    let mut listing = keyset::list(scope, walk, filter, |row| Package::of(row, Vec::new())).await?;
    let ids: Vec<Uuid> = listing.data.iter().map(|package| package.id).collect();
    let mut services = services_of(scope, &ids).await?;
    for package in &mut listing.data {
        package.service_ids = services.remove(&package.id).unwrap_or_default();
    }
    Ok(listing)
}

/// One package with its services.
pub async fn get(scope: &Scope, id: Uuid) -> Result<(Model, Vec<Uuid>), ApiError> {
    with_services(scope, row::find::<Entity>(scope, id).await?).await
}

/// A package that is sold now.
///
/// # Errors
/// 404, also for one that is sold no more.
pub async fn sold(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    let package = row::find::<Entity>(scope, id).await?;
    if package.active { Ok(package) } else { Err(ApiError::of(Code::PackageNotFound)) }
}

/// Makes a package.
pub async fn create(scope: &Scope, currency: &str, new: PackageCreate) -> Result<(Model, Vec<Uuid>), ApiError> {
    let services: BTreeSet<Uuid> = new.service_ids.into_iter().collect();
    catalogue::services_exist(scope, &services, "#/service_ids").await?;
    let package = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(PackageId(scope.new_id())),
        r#type: Set(PackageType::Sessions),
        name: Set(new.name.into()),
        description: Set(new.description.map(Into::into)),
        sessions: Set(new.sessions),
        price_cents: Set(new.price_cents),
        currency: Set(new.currency.unwrap_or_else(|| currency.to_owned())),
        valid_days: Set(new.valid_days),
        active: Set(new.active),
        sort_order: Set(new.sort_order),
        deleted_at: Set(None),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    };
    let package = package.insert(scope).await?;
    let rows = services.into_iter().map(|service| package_services::ActiveModel {
        tenant_id: Set(package.tenant_id),
        package_id: Set(package.id),
        service_id: Set(ServiceId(service)),
        created_at: Set(scope.now()),
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        package_services::Entity::insert_many(rows).exec_without_returning(scope).await?;
    }
    scope.emit(events::created(&package));
    with_services(scope, package).await
}

/// Changes what the caller named. What it consists of stays.
pub async fn update(
    scope: &Scope,
    id: Uuid,
    seen: &IfMatch,
    change: PackageUpdate,
) -> Result<(Model, Vec<Uuid>), ApiError> {
    let old = row::lock::<Entity>(scope, id, seen).await?;
    let mut package = old.clone().into_active_model();
    package.name = Set(change.name.map_or(old.name, Into::into));
    package.description = Set(change.description.map(Into::into).over(old.description));
    package.price_cents = Set(change.price_cents.unwrap_or(old.price_cents));
    package.valid_days = Set(change.valid_days.over(old.valid_days));
    package.active = Set(change.active.unwrap_or(old.active));
    package.sort_order = Set(change.sort_order.unwrap_or(old.sort_order));
    package.updated_at = Set(scope.now());
    let package = package.update(scope).await?;
    scope.emit(events::updated(&package));
    with_services(scope, package).await
}

/// Takes a package off the list. Sessions that were sold stay good.
pub async fn delete(scope: &Scope, id: Uuid, seen: &IfMatch) -> Result<(), ApiError> {
    let mut package = row::lock::<Entity>(scope, id, seen).await?.into_active_model();
    package.deleted_at = Set(Some(scope.now()));
    package.updated_at = Set(scope.now());
    scope.emit(events::deleted(&package.update(scope).await?));
    Ok(())
}

/// The services of packages; those without any are good for every one.
pub async fn services_of(scope: &Scope, packages: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>, ApiError> {
    use package_services::{Column, Entity};
    let mut found: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    if packages.is_empty() {
        return Ok(found);
    }
    let rows = Entity::find()
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::PackageId.is_in(packages.iter().copied()))
        .order_by_asc(Column::ServiceId)
        .all(scope)
        .await?;
    for row in rows {
        found.entry(row.package_id.0).or_default().push(row.service_id.0);
    }
    Ok(found)
}

async fn with_services(scope: &Scope, package: Model) -> Result<(Model, Vec<Uuid>), ApiError> {
    let mut services = services_of(scope, &[package.id.0]).await?;
    let services = services.remove(&package.id.0).unwrap_or_default();
    Ok((package, services))
}
