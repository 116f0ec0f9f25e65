//! The verbs on services.

use std::collections::{BTreeSet, HashSet};

use ::entity::ids::ServiceId;
use ::entity::services::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QuerySelect,
};
use uuid::Uuid;

use super::dto::{Service, ServiceCreate, ServiceUpdate};
use super::{events, rules};
use crate::db::keyset::{self, Filter, Walk};
use crate::db::{Scope, row};
use crate::domains::catalogue::payment::{self, ServicePayment};
use crate::domains::catalogue::{limits, metadata};
use crate::domains::impact::{self, Ask, Change, Loss, Touched, Weighed};
use crate::error::{ApiError, Code};
use crate::guard::{IfMatch, Listing};

/// How often a new service looks for a free slug while others take the one it found.
const SLUG_ATTEMPTS: u32 = 10;

/// What a list of services is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct ServiceFilter {
    /// Only what the public may see.
    pub public: bool,
    pub category: Vec<String>,
    pub min_price_cents: Option<i64>,
    pub max_price_cents: Option<i64>,
    pub min_duration_min: Option<i32>,
    pub max_duration_min: Option<i32>,
    pub active: Option<bool>,
    pub q: Option<String>,
}

impl Filter<Entity> for ServiceFilter {
    fn condition(&self) -> Condition {
        let active = if self.public { Some(true) } else { self.active };
        Condition::all()
            .add_option((!self.category.is_empty()).then(|| Column::Category.is_in(&self.category)))
            .add_option(self.min_price_cents.map(|least| Column::PriceCents.gte(least)))
            .add_option(self.max_price_cents.map(|most| Column::PriceCents.lte(most)))
            .add_option(self.min_duration_min.map(|least| Column::DurationMin.gte(least)))
            .add_option(self.max_duration_min.map(|most| Column::DurationMin.lte(most)))
            .add_option(active.map(|active| Column::Active.eq(active)))
            .add_option(self.q.as_deref().map(|q| keyset::search(&[Column::Name, Column::Description], q)))
    }
}

/// A page of services, in the form that the filter's view allows.
pub async fn list(scope: &Scope, walk: Walk<'_, Entity>, filter: &ServiceFilter) -> Result<Listing<Service>, ApiError> {
    keyset::list(scope, walk, filter, if filter.public { Service::public } else { Service::of }).await
}

/// One service; for the public an inactive one does not exist.
pub async fn get(scope: &Scope, id: Uuid, public: bool) -> Result<Model, ApiError> {
    let service = row::find::<Entity>(scope, id).await?;
    if public && !service.active {
        return Err(ApiError::of(Code::ServiceNotFound));
    }
    Ok(service)
}

/// Whether a service is there that a body names.
///
/// # Errors
/// 422 with the pointer.
pub async fn exists(scope: &Scope, id: Uuid, pointer: &str) -> Result<(), ApiError> {
    if row::live::<Entity>(scope)?.filter(Column::Id.eq(id)).count(scope).await? > 0 {
        return Ok(());
    }
    let detail = "This service does not exist.";
    Err(ApiError::new(Code::ReferenceNotFound, detail).with_field(pointer, "not_found", detail))
}

/// Whether all services are there that a body names.
///
/// # Errors
/// 422 with the pointer of the list.
pub async fn all_exist(scope: &Scope, ids: &BTreeSet<Uuid>, pointer: &str) -> Result<(), ApiError> {
    if ids.is_empty() {
        return Ok(());
    }
    let found = row::live::<Entity>(scope)?.filter(Column::Id.is_in(ids.iter().copied())).count(scope).await?;
    if usize::try_from(found).is_ok_and(|found| found == ids.len()) {
        return Ok(());
    }
    let detail = "One of the services does not exist.";
    Err(ApiError::new(Code::ReferenceNotFound, detail).with_field(pointer, "not_found", detail))
}

/// Makes a service. Its slug is the name's, with a number where others have it.
pub async fn create(scope: &Scope, currency: &str, new: ServiceCreate) -> Result<Model, ApiError> {
    let stem = rules::slug_stem(&new.name);
    let mut service = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(ServiceId(scope.new_id())),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
        ..Default::default()
    };
    write(&mut service, currency, new)?;
    for _ in 0..SLUG_ATTEMPTS {
        service.slug = Set(rules::free_slug(&stem, &taken(scope, &stem).await?));
        let free = OnConflict::columns([Column::TenantId, Column::Slug])
            .target_and_where(Column::DeletedAt.is_null())
            .do_nothing()
            .to_owned();
        match Entity::insert(service.clone()).on_conflict(free).exec_with_returning(scope).await {
            Ok(service) => {
                scope.emit(events::created(&service));
                return Ok(service);
            }
            // nothing came back: somebody else has just taken the slug
            Err(DbErr::RecordNotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(ApiError::of(Code::SlugTaken))
}

/// Replaces everything but the slug.
pub async fn replace(
    scope: &Scope,
    id: Uuid,
    seen: &IfMatch,
    currency: &str,
    new: ServiceCreate,
    ask: Ask,
) -> Result<Weighed<Model>, ApiError> {
    let old = row::lock::<Entity>(scope, id, seen).await?;
    let change = change_of(ask, &old, new.active);
    let mut service = old.into_active_model();
    write(&mut service, currency, new)?;
    impact::weigh(scope, &change, async |scope| save(scope, service).await).await
}

/// Changes what the caller named.
pub async fn update(
    scope: &Scope,
    id: Uuid,
    seen: &IfMatch,
    change: ServiceUpdate,
    ask: Ask,
) -> Result<Weighed<Model>, ApiError> {
    let old = row::lock::<Entity>(scope, id, seen).await?;
    change_held(scope, old, change, ask).await
}

/// The same for a service that is locked already.
pub(super) async fn change_held(
    scope: &Scope,
    old: Model,
    change: ServiceUpdate,
    ask: Ask,
) -> Result<Weighed<Model>, ApiError> {
    let weighed = change_of(ask, &old, change.active.unwrap_or(old.active));
    let before = change.buffer_before_min.unwrap_or(old.buffer_before_min);
    let after = change.buffer_after_min.unwrap_or(old.buffer_after_min);
    let duration = change.duration_min.unwrap_or(old.duration_min);
    rules::occupied(duration, before, after).map_err(|fault| ApiError::validation(vec![fault]))?;

    let mut service = old.clone().into_active_model();
    service.name = Set(change.name.map_or(old.name, Into::into));
    service.description = Set(change.description.map(Into::into).over(old.description));
    service.category = Set(change.category.map(Into::into).over(old.category));
    service.duration_min = Set(duration);
    service.buffer_before_min = Set(before);
    service.buffer_after_min = Set(after);
    service.interval_min = Set(change.interval_min.over(old.interval_min));
    service.notice_min = Set(change.notice_min.unwrap_or(old.notice_min));
    service.horizon_days = Set(change.horizon_days.over(old.horizon_days));
    service.grid = Set(change.grid.map_or(old.grid, Into::into));
    service.capacity = Set(change.capacity.unwrap_or(old.capacity));
    service.price_cents = Set(change.price_cents.unwrap_or(old.price_cents));
    service.currency = Set(change.currency.unwrap_or(old.currency));
    service.requires_confirmation = Set(change.requires_confirmation.unwrap_or(old.requires_confirmation));
    service.active = Set(change.active.unwrap_or(old.active));
    service.sort_order = Set(change.sort_order.unwrap_or(old.sort_order));
    if let Some(payment) = change.payment {
        pay(&mut service, payment)?;
    }
    if let Some(limits) = change.limits {
        service.limits_json = Set(limits::write(&limits, true)?);
    }
    service.metadata_json = Set(change.metadata_json.map_or(old.metadata_json, metadata::write));
    impact::weigh(scope, &weighed, async |scope| save(scope, service).await).await
}

/// Takes a service out of the catalogue. Its bookings stay.
pub async fn delete(scope: &Scope, id: Uuid, seen: &IfMatch, ask: Ask) -> Result<Weighed<()>, ApiError> {
    let old = row::lock::<Entity>(scope, id, seen).await?;
    let change = Change { loss: Loss::Everything, ..change_of(ask, &old, false) };
    let mut service = old.into_active_model();
    service.deleted_at = Set(Some(scope.now()));
    service.updated_at = Set(scope.now());
    impact::weigh(scope, &change, async |scope| {
        scope.emit(events::deleted(&service.update(scope).await?));
        Ok(())
    })
    .await
}

/// What bookings lose by a change: nothing while the service can be booked, or could not be before.
fn change_of(ask: Ask, old: &Model, active: bool) -> Change {
    let loss = if old.active && !active { Loss::Everything } else { Loss::Nothing };
    Change { ask, touched: Touched::Service(old.id.0), loss, table: "services", id: old.id.0 }
}

async fn save(scope: &Scope, mut service: ActiveModel) -> Result<Model, ApiError> {
    service.updated_at = Set(scope.now());
    let service = service.update(scope).await?;
    scope.emit(events::updated(&service));
    Ok(service)
}

/// Slugs of live services that begin with the stem.
async fn taken(scope: &Scope, stem: &str) -> Result<HashSet<String>, ApiError> {
    let slugs = row::live::<Entity>(scope)?
        .filter(Condition::any().add(Column::Slug.eq(stem)).add(Column::Slug.starts_with(format!("{stem}-"))))
        .select_only()
        .column(Column::Slug)
        .into_tuple::<String>()
        .all(scope)
        .await?;
    Ok(slugs.into_iter().collect())
}

fn write(service: &mut ActiveModel, currency: &str, new: ServiceCreate) -> Result<(), ApiError> {
    rules::occupied(new.duration_min, new.buffer_before_min, new.buffer_after_min)
        .map_err(|fault| ApiError::validation(vec![fault]))?;
    service.name = Set(new.name.into());
    service.description = Set(new.description.map(Into::into));
    service.category = Set(new.category.map(Into::into));
    service.duration_min = Set(new.duration_min);
    service.buffer_before_min = Set(new.buffer_before_min);
    service.buffer_after_min = Set(new.buffer_after_min);
    service.interval_min = Set(new.interval_min);
    service.notice_min = Set(new.notice_min);
    service.horizon_days = Set(new.horizon_days);
    service.grid = Set(new.grid.into());
    service.capacity = Set(new.capacity);
    service.price_cents = Set(new.price_cents);
    service.currency = Set(new.currency.unwrap_or_else(|| currency.to_owned()));
    service.requires_confirmation = Set(new.requires_confirmation);
    service.active = Set(new.active);
    service.sort_order = Set(new.sort_order);
    pay(service, new.payment)?;
    service.limits_json = Set(limits::write(&new.limits, true)?);
    service.metadata_json = Set(metadata::write(new.metadata_json));
    Ok(())
}

fn pay(service: &mut ActiveModel, wanted: ServicePayment) -> Result<(), ApiError> {
    payment::check(&wanted)?;
    service.payment_mode = Set(wanted.mode.into());
    service.deposit_bps = Set(wanted.deposit_bps);
    service.deposit_cents = Set(wanted.deposit_cents);
    service.tax_bps = Set(wanted.tax_bps);
    service.no_show_fee_bps = Set(wanted.no_show_fee_bps);
    service.no_show_fee_cents = Set(wanted.no_show_fee_cents);
    Ok(())
}
