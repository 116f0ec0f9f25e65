//! The verbs on staff profiles.

use ::entity::enums::ResourceType;
use ::entity::ids::{MembershipId, ResourceId, StaffProfileId};
use ::entity::staff_profiles::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::dto::{Staff, StaffCreate, StaffReplace};
use super::events;
use crate::db::keyset::{self, Filter, Walk};
use crate::db::{Scope, row};
use crate::domains::catalogue::resources;
use crate::domains::impact::{self, Ask, Change, Loss, Touched, Weighed};
use crate::error::{ApiError, Code};
use crate::guard::{IfMatch, Listing};

/// What a list of staff is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct StaffFilter {
    pub is_active: Option<bool>,
    pub q: Option<String>,
}

impl Filter<Entity> for StaffFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(self.is_active.map(|active| Column::IsActive.eq(active)))
            .add_option(self.q.as_deref().map(|q| keyset::search(&[Column::DisplayName], q)))
    }
}

/// A page of staff.
pub async fn list(scope: &Scope, walk: Walk<'_, Entity>, filter: &StaffFilter) -> Result<Listing<Staff>, ApiError> {
    keyset::list(scope, walk, filter, Staff::from).await
}

/// One profile.
pub async fn get(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    row::find::<Entity>(scope, id).await
}

/// One profile, locked until the transaction ends.
pub async fn hold(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    row::lock::<Entity>(scope, id, &IfMatch::default()).await
}

/// Adds a member of staff, on the named resource or on one made for them.
pub async fn create(scope: &Scope, new: StaffCreate) -> Result<Model, ApiError> {
    let resource = match new.resource_id {
        None => resources::make_for_staff(scope, &new.display_name, new.is_active).await?.id,
        Some(id) => take(scope, id, &new.display_name, new.is_active).await?,
    };
    let profile = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(StaffProfileId(scope.new_id())),
        membership_id: Set(new.membership_id.map(MembershipId)),
        resource_id: Set(resource),
        display_name: Set(new.display_name.into()),
        bio: Set(new.bio.map(Into::into)),
        avatar_url: Set(new.avatar_url),
        is_active: Set(new.is_active),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
        ..Default::default()
    };
    let profile = profile.insert(scope).await?;
    scope.emit(events::created(&profile));
    Ok(profile)
}

/// Replaces a profile; its resource follows.
pub async fn replace(
    scope: &Scope,
    id: Uuid,
    seen: &IfMatch,
    new: StaffReplace,
    ask: Ask,
) -> Result<Weighed<Model>, ApiError> {
    let old = row::lock::<Entity>(scope, id, seen).await?;
    let loss = if old.is_active && !new.is_active { Loss::Everything } else { Loss::Nothing };
    let change = change(ask, loss, &old);
    impact::weigh(scope, &change, async |scope| write(scope, old, new).await).await
}

async fn write(scope: &Scope, old: Model, new: StaffReplace) -> Result<Model, ApiError> {
    resources::follow_staff(scope, old.resource_id.0, &new.display_name, new.is_active).await?;
    let mut profile = old.into_active_model();
    profile.membership_id = Set(new.membership_id.map(MembershipId));
    profile.display_name = Set(new.display_name.into());
    profile.bio = Set(new.bio.map(Into::into));
    profile.avatar_url = Set(new.avatar_url);
    profile.is_active = Set(new.is_active);
    profile.updated_at = Set(scope.now());
    let profile = profile.update(scope).await?;
    scope.emit(events::updated(&profile));
    Ok(profile)
}

/// Takes a profile and its resource out of use. Bookings stay.
pub async fn delete(scope: &Scope, id: Uuid, seen: &IfMatch, ask: Ask) -> Result<Weighed<()>, ApiError> {
    let profile = row::lock::<Entity>(scope, id, seen).await?;
    let change = change(ask, Loss::Everything, &profile);
    impact::weigh(scope, &change, async |scope| {
        resources::delete_for_staff(scope, profile.resource_id.0).await?;
        let mut profile = profile.into_active_model();
        profile.deleted_at = Set(Some(scope.now()));
        profile.updated_at = Set(scope.now());
        scope.emit(events::deleted(&profile.update(scope).await?));
        Ok(())
    })
    .await
}

fn change(ask: Ask, loss: Loss, profile: &Model) -> Change {
    let touched = Touched::Resource(profile.resource_id.0);
    Change { ask, touched, loss, table: "staff_profiles", id: profile.id.0 }
}

async fn take(scope: &Scope, id: Uuid, name: &str, is_active: bool) -> Result<ResourceId, ApiError> {
    let resource = resources::hold(scope, id, "#/resource_id").await?;
    if resource.kind != ResourceType::Staff {
        let detail = "A profile stands on a resource of type staff.";
        return Err(ApiError::new(Code::RuleViolation, detail).with_field("#/resource_id", "type", detail));
    }
    resources::follow_staff(scope, id, name, is_active).await?;
    Ok(resource.id)
}
