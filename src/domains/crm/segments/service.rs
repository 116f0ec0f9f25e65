//! The verbs on segments.

use ::entity::customer_segments::{ActiveModel, Column, Entity, Model};
use ::entity::ids::CustomerSegmentId;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, Condition, IntoActiveModel, ModelTrait};
use uuid::Uuid;

use super::dto::{Segment, SegmentCreate, SegmentCriteria, SegmentUpdate};
use super::{events, rules};
use crate::db::keyset::{self, Filter, Walk};
use crate::db::{Scope, row};
use crate::domains::catalogue;
use crate::error::ApiError;
use crate::guard::{IfMatch, Listing};

/// What a list of segments is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct SegmentFilter {
    pub q: Option<String>,
}

impl Filter<Entity> for SegmentFilter {
    fn condition(&self) -> Condition {
        let searched = [Column::Name, Column::Description];
        Condition::all().add_option(self.q.as_deref().map(|q| keyset::search(&searched, q)))
    }
}

/// A page of segments.
pub async fn list(scope: &Scope, walk: Walk<'_, Entity>, filter: &SegmentFilter) -> Result<Listing<Segment>, ApiError> {
    keyset::list(scope, walk, filter, Segment::from).await
}

/// One segment.
pub async fn get(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    row::find::<Entity>(scope, id).await
}

/// Makes a segment. Whether the name is free is the constraint's answer.
pub async fn create(scope: &Scope, new: SegmentCreate) -> Result<Model, ApiError> {
    check(scope, &new.criteria).await?;
    let mut segment = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(CustomerSegmentId(scope.new_id())),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
        ..Default::default()
    };
    write(&mut segment, new);
    let segment = segment.insert(scope).await?;
    scope.emit(events::created(&segment));
    Ok(segment)
}

/// Replaces what a caller can write. Who was picked by hand stays.
pub async fn replace(scope: &Scope, id: Uuid, seen: &IfMatch, new: SegmentCreate) -> Result<Model, ApiError> {
    let mut segment = row::lock::<Entity>(scope, id, seen).await?.into_active_model();
    check(scope, &new.criteria).await?;
    write(&mut segment, new);
    save(scope, segment).await
}

/// Changes what the caller named.
pub async fn update(scope: &Scope, id: Uuid, seen: &IfMatch, change: SegmentUpdate) -> Result<Model, ApiError> {
    let old = row::lock::<Entity>(scope, id, seen).await?;
    let mut segment = old.clone().into_active_model();
    if let Some(criteria) = change.criteria {
        check(scope, &criteria).await?;
        segment.criteria = Set(criteria.write());
    }
    segment.name = Set(change.name.map_or(old.name, Into::into));
    segment.description = Set(change.description.map(Into::into).over(old.description));
    save(scope, segment).await
}

/// Removes a segment; its customers stay customers.
pub async fn delete(scope: &Scope, id: Uuid, seen: &IfMatch) -> Result<(), ApiError> {
    let segment = row::lock::<Entity>(scope, id, seen).await?;
    scope.emit(events::deleted(&segment));
    segment.delete(scope).await?;
    Ok(())
}

/// Refuses criteria that nobody can fulfil, or that name a service which is not there.
pub(super) async fn check(scope: &Scope, criteria: &SegmentCriteria) -> Result<(), ApiError> {
    rules::can_be_met(criteria)?;
    match criteria.service_id {
        Some(service) => catalogue::service_exists(scope, service, "#/criteria/service_id").await,
        None => Ok(()),
    }
}

async fn save(scope: &Scope, mut segment: ActiveModel) -> Result<Model, ApiError> {
    segment.updated_at = Set(scope.now());
    let segment = segment.update(scope).await?;
    scope.emit(events::updated(&segment));
    Ok(segment)
}

fn write(segment: &mut ActiveModel, new: SegmentCreate) {
    segment.name = Set(new.name.into());
    segment.description = Set(new.description.map(Into::into));
    segment.criteria = Set(new.criteria.write());
}
