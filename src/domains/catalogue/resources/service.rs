//! The verbs on resources.

use ::entity::ids::ResourceId;
use ::entity::resources::{ActiveModel, Column, Entity, Model};
use ::entity::{enums, staff_profiles};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait,
};
use serde_json::json;
use uuid::Uuid;

use super::dto::{Resource, ResourceCreate, ResourceType, ResourceUpdate};
use super::{events, rules};
use crate::db::keyset::{self, Filter, Walk};
use crate::db::{Scope, row};
use crate::domains::catalogue::{limits, metadata};
use crate::domains::impact::{self, Ask, Change, Loss, Touched, Weighed};
use crate::error::{ApiError, Code, FieldError};
use crate::guard::{IfMatch, Listing};

/// What a list of resources is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct ResourceFilter {
    pub kind: Vec<ResourceType>,
    pub is_active: Option<bool>,
    pub q: Option<String>,
}

impl Filter<Entity> for ResourceFilter {
    fn condition(&self) -> Condition {
        let kinds = self.kind.iter().map(|kind| enums::ResourceType::from(*kind));
        Condition::all()
            .add_option((!self.kind.is_empty()).then(|| Column::Kind.is_in(kinds)))
            .add_option(self.is_active.map(|active| Column::IsActive.eq(active)))
            .add_option(self.q.as_deref().map(|q| keyset::search(&[Column::Name], q)))
    }
}

/// A page of resources.
pub async fn list(
    scope: &Scope,
    walk: Walk<'_, Entity>,
    filter: &ResourceFilter,
) -> Result<Listing<Resource>, ApiError> {
    keyset::list(scope, walk, filter, Resource::from).await
}

/// One resource.
pub async fn get(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    row::find::<Entity>(scope, id).await
}

/// Makes a resource.
pub async fn create(scope: &Scope, new: ResourceCreate) -> Result<Model, ApiError> {
    let mut resource = fresh(scope, new.kind.into())?;
    write(&mut resource, new)?;
    let resource = resource.insert(scope).await?;
    scope.emit(events::created(&resource));
    Ok(resource)
}

/// Replaces everything but the type.
pub async fn replace(
    scope: &Scope,
    id: Uuid,
    seen: &IfMatch,
    new: ResourceCreate,
    ask: Ask,
) -> Result<Weighed<Model>, ApiError> {
    let old = row::lock::<Entity>(scope, id, seen).await?;
    if old.kind != new.kind.into() {
        let detail = "A resource keeps its type; make a new one.";
        return Err(ApiError::new(Code::RuleViolation, detail).with_field("#/type", "fixed", detail));
    }
    let mut resource = old.clone().into_active_model();
    write(&mut resource, new)?;
    let change = change_of(ask, &old, &resource);
    impact::weigh(scope, &change, async |scope| save(scope, resource).await).await
}

/// Changes what the caller named.
pub async fn update(
    scope: &Scope,
    id: Uuid,
    seen: &IfMatch,
    change: ResourceUpdate,
    ask: Ask,
) -> Result<Weighed<Model>, ApiError> {
    let old = row::lock::<Entity>(scope, id, seen).await?;
    let tz = change.tz.into_option().map(|tz| tz.map(|tz| rules::zone(&tz)).transpose()).transpose();
    let tz = tz.map_err(|fault| ApiError::validation(vec![fault]))?;

    let mut resource = old.clone().into_active_model();
    if let Some(name) = change.name {
        resource.name = Set(name.into());
    }
    resource.tz = Set(tz.unwrap_or_else(|| old.tz.clone()));
    resource.capacity = Set(change.capacity.unwrap_or(old.capacity));
    resource.is_active = Set(change.is_active.unwrap_or(old.is_active));
    if let Some(limits) = change.limits {
        resource.limits_json = Set(limits::write(&limits, false)?);
    }
    if let Some(members) = change.metadata_json {
        resource.metadata_json = Set(metadata::write(members));
    }
    let change = change_of(ask, &old, &resource);
    impact::weigh(scope, &change, async |scope| save(scope, resource).await).await
}

/// What bookings lose by a change: the resource, or with another zone perhaps its hours.
fn change_of(ask: Ask, old: &Model, new: &ActiveModel) -> Change {
    let loss = match (&new.is_active, &new.tz) {
        (Set(false), _) if old.is_active => Loss::Everything,
        (_, Set(tz)) if *tz != old.tz => Loss::Hours,
        _ => Loss::Nothing,
    };
    Change { ask, touched: Touched::Resource(old.id.0), loss, table: "resources", id: old.id.0 }
}

/// Takes a resource out of use. Its bookings stay.
pub async fn delete(scope: &Scope, id: Uuid, seen: &IfMatch, ask: Ask) -> Result<Weighed<()>, ApiError> {
    let resource = row::lock::<Entity>(scope, id, seen).await?;
    let profiles = row::live::<staff_profiles::Entity>(scope)?.filter(staff_profiles::Column::ResourceId.eq(id));
    if profiles.count(scope).await? > 0 {
        return Err(ApiError::new(Code::Conflict, "A staff profile stands on this resource; delete the profile."));
    }
    let change = Change { ask, touched: Touched::Resource(id), loss: Loss::Everything, table: "resources", id };
    impact::weigh(scope, &change, async |scope| remove(scope, resource).await).await
}

/// Ids of the tenant's live resources, for the queries of other domains.
pub fn live(scope: &Scope) -> Result<SelectStatement, ApiError> {
    Ok(row::live::<Entity>(scope)?.select_only().column(Column::Id).into_query())
}

/// Locks a live resource that a body named in `pointer`, until the transaction ends.
pub async fn hold(scope: &Scope, id: Uuid, pointer: &str) -> Result<Model, ApiError> {
    match row::lock::<Entity>(scope, id, &IfMatch::default()).await {
        Err(error) if error.code() == Code::ResourceNotFound => {
            Err(ApiError::of(Code::ReferenceNotFound).with_field(pointer, "unknown", "There is no such resource."))
        }
        answer => answer,
    }
}

/// The resource of a new member of staff.
pub async fn make_for_staff(scope: &Scope, name: &str, is_active: bool) -> Result<Model, ApiError> {
    let mut resource = fresh(scope, enums::ResourceType::Staff)?;
    resource.name = Set(name.to_owned());
    resource.is_active = Set(is_active);
    let resource = resource.insert(scope).await?;
    scope.emit(events::created(&resource));
    Ok(resource)
}

/// A staff profile is the face of its resource: name and activity follow it.
pub async fn follow_staff(scope: &Scope, id: Uuid, name: &str, is_active: bool) -> Result<(), ApiError> {
    let old = hold(scope, id, "#/resource_id").await?;
    if old.name == name && old.is_active == is_active {
        return Ok(());
    }
    let mut resource = old.into_active_model();
    resource.name = Set(name.to_owned());
    resource.is_active = Set(is_active);
    save(scope, resource).await.map(drop)
}

/// Whoever leaves can no longer be booked.
pub async fn delete_for_staff(scope: &Scope, id: Uuid) -> Result<(), ApiError> {
    let resource = hold(scope, id, "#/resource_id").await?;
    remove(scope, resource).await
}

async fn remove(scope: &Scope, resource: Model) -> Result<(), ApiError> {
    let mut resource = resource.into_active_model();
    resource.deleted_at = Set(Some(scope.now()));
    resource.updated_at = Set(scope.now());
    scope.emit(events::deleted(&resource.update(scope).await?));
    Ok(())
}

async fn save(scope: &Scope, mut resource: ActiveModel) -> Result<Model, ApiError> {
    resource.updated_at = Set(scope.now());
    let resource = resource.update(scope).await?;
    scope.emit(events::updated(&resource));
    Ok(resource)
}

fn fresh(scope: &Scope, kind: enums::ResourceType) -> Result<ActiveModel, ApiError> {
    Ok(ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(ResourceId(scope.new_id())),
        kind: Set(kind),
        capacity: Set(1),
        limits_json: Set(json!([])),
        metadata_json: Set(json!({})),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
        ..Default::default()
    })
}

fn write(resource: &mut ActiveModel, new: ResourceCreate) -> Result<(), ApiError> {
    let refuse = |fault: FieldError| ApiError::validation(vec![fault]);
    resource.tz = Set(new.tz.map(|tz| rules::zone(&tz)).transpose().map_err(refuse)?);
    resource.name = Set(new.name.into());
    resource.capacity = Set(new.capacity);
    resource.is_active = Set(new.is_active);
    resource.limits_json = Set(limits::write(&new.limits, false)?);
    resource.metadata_json = Set(metadata::write(new.metadata_json));
    Ok(())
}
