//! The verbs on weekly hours.

use std::collections::HashMap;

use ::entity::availability_rules::{ActiveModel, Column, Entity, Model};
use ::entity::enums::RuleType;
use ::entity::ids::{AvailabilityRuleId, ResourceId, StaffAvailabilityId, WorkScheduleId};
use poem_openapi::types::ToJSON;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use super::dto::{AvailabilityRule, AvailabilityRuleCreate, AvailabilityRuleReplace};
use super::rules::{self, Window};
use crate::db::Scope;
use crate::domains::catalogue;
use crate::domains::impact::{self, Ask, Change, Loss, Touched, Weighed};
use crate::domains::scheduling::availability::{events, wall};
use crate::error::{ApiError, Code};
use crate::guard::{Binding, CursorKey, ETag, IfMatch, Listing, Page};

/// Windows of one resource, wherever they come from.
const MOST: usize = 500;

/// What a window follows from.
#[derive(Debug, Clone, Copy)]
pub enum Origin {
    /// It was written as a rule.
    Rule,
    Staff(StaffAvailabilityId),
    Schedule(WorkScheduleId),
}

/// A page of rules, by the resource's id. Resources that were deleted have none.
pub async fn list(
    scope: &Scope,
    cursors: &CursorKey,
    page: &Page,
    resource: Option<Uuid>,
) -> Result<Listing<AvailabilityRule>, ApiError> {
    let filter = format!("{resource:?}");
    let binding = Binding { tenant: scope.tenant()?.0, sort: "availability_rules:resource_id", filter: &filter };
    let after = page.after::<Uuid>(cursors, &binding)?;
    let live = Column::ResourceId.in_subquery(catalogue::live_resources(scope)?);
    let mut ids = rows(scope)?.filter(live).select_only().column(Column::ResourceId).distinct();
    if let Some(resource) = resource {
        ids = ids.filter(Column::ResourceId.eq(resource));
    }
    let all = ids.clone();
    if let Some(after) = after {
        ids = ids.filter(Column::ResourceId.gt(after));
    }
    let ids: Vec<Uuid> = ids.order_by_asc(Column::ResourceId).limit(page.limit + 1).into_tuple().all(scope).await?;
    let total = if page.include_total { Some(all.count(scope).await?) } else { None };
    let mut weeks: HashMap<Uuid, Vec<Model>> = HashMap::new();
    for row in in_order(rows(scope)?.filter(Column::ResourceId.is_in(ids.clone()))).all(scope).await? {
        weeks.entry(row.resource_id.0).or_default().push(row);
    }
    let found: Vec<AvailabilityRule> =
        ids.iter().filter_map(|id| AvailabilityRule::of(weeks.get(id).map_or(&[], Vec::as_slice))).collect();
    Ok(Listing::of(found, page, cursors, &binding, |rule| rule.id, |rule| rule)?.with_total(total))
}

/// The rule of a resource.
pub async fn get(scope: &Scope, id: Uuid) -> Result<AvailabilityRule, ApiError> {
    let live = Column::ResourceId.in_subquery(catalogue::live_resources(scope)?);
    found(&in_order(rows(scope)?.filter(Column::ResourceId.eq(id)).filter(live)).all(scope).await?)
}

/// Gives a resource its hours; one that has hours already is refused.
pub async fn create(
    scope: &Scope,
    new: AvailabilityRuleCreate,
    ask: Ask,
) -> Result<Weighed<AvailabilityRule>, ApiError> {
    let week = rules::week(&new.schedule, "#/schedule").map_err(ApiError::validation)?;
    catalogue::hold_resource(scope, new.resource_id, "#/resource_id").await?;
    if !stored(scope, new.resource_id).await?.is_empty() {
        let detail = "This resource has its rule already; replace it.";
        return Err(ApiError::new(Code::Conflict, detail).with_field("#/resource_id", "taken", detail));
    }
    let id = new.resource_id;
    impact::weigh(scope, &change(ask, id), async |scope| write(scope, id, week).await).await
}

/// Replaces all hours of a resource. Windows that follow from the hours of a member of staff are repeated as they are.
pub async fn replace(
    scope: &Scope,
    id: Uuid,
    seen: &IfMatch,
    new: AvailabilityRuleReplace,
    ask: Ask,
) -> Result<Weighed<AvailabilityRule>, ApiError> {
    let week = rules::week(&new.schedule, "#/schedule").map_err(ApiError::validation)?;
    let elsewhere = lock(scope, id, seen).await?;
    let kept: Vec<Window> = elsewhere.iter().map(window).collect();
    let own = rules::without(week, &kept).ok_or_else(|| kept_elsewhere(&elsewhere))?;
    impact::weigh(scope, &change(ask, id), async |scope| {
        clear(scope, id).await?;
        write(scope, id, own).await
    })
    .await
}

/// Takes all hours of a resource away: it can no longer be booked.
pub async fn delete(scope: &Scope, id: Uuid, seen: &IfMatch, ask: Ask) -> Result<Weighed<()>, ApiError> {
    let elsewhere = lock(scope, id, seen).await?;
    if !elsewhere.is_empty() {
        return Err(kept_elsewhere(&elsewhere));
    }
    impact::weigh(scope, &change(ask, id), async |scope| {
        clear(scope, id).await?;
        scope.emit(events::hours_changed(id));
        Ok(())
    })
    .await
}

/// Names the present hours.
pub fn tag(rule: &AvailabilityRule) -> ETag {
    ETag::of(rule.to_json().unwrap_or_default().to_string().as_bytes())
}

/// A change of the hours of a resource.
pub fn change(ask: Ask, resource: Uuid) -> Change {
    Change { ask, touched: Touched::Resource(resource), loss: Loss::Hours, table: "resources", id: resource }
}

/// The resource is locked, so that nobody writes its hours meanwhile. Gives those that are not kept as its rule.
async fn lock(scope: &Scope, id: Uuid, seen: &IfMatch) -> Result<Vec<Model>, ApiError> {
    catalogue::hold_resource(scope, id, "path/rule_id").await.map_err(|error| match error.code() {
        Code::ReferenceNotFound => ApiError::of(Code::NotFound),
        _ => error,
    })?;
    let rows = stored(scope, id).await?;
    seen.check(&tag(&found(&rows)?))?;
    Ok(rows.into_iter().filter(|row| row.staff_availability_id.is_some() || row.work_schedule_id.is_some()).collect())
}

/// A window lies over another one of the resource, whoever set it.
pub fn overlap(other: &Window, pointer: &str) -> ApiError {
    let (start, end) = (wall::start(other.starts), wall::end(other.ends));
    let detail = format!("It overlaps the hours from {start} to {end} that are set already.");
    ApiError::new(Code::Conflict, detail.clone()).with_field(pointer, "overlap", detail)
}

/// Whether a resource may have so many windows.
pub fn room_for(windows: usize) -> Result<(), ApiError> {
    if windows <= MOST {
        return Ok(());
    }
    Err(ApiError::new(Code::RuleViolation, format!("The hours of one resource are at most {MOST} windows.")))
}

fn kept_elsewhere(rows: &[Model]) -> ApiError {
    let place = if rows.iter().any(|row| row.staff_availability_id.is_some()) { "availability" } else { "schedules" };
    let detail = format!("Some of these hours were set at /api/v1/staff/{{staff_id}}/{place}; change them there.");
    ApiError::new(Code::Conflict, detail)
}

async fn clear(scope: &Scope, id: Uuid) -> Result<(), ApiError> {
    let own = Entity::delete_many()
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::ResourceId.eq(id))
        .filter(Column::StaffAvailabilityId.is_null())
        .filter(Column::WorkScheduleId.is_null());
    own.exec(scope).await?;
    Ok(())
}

async fn write(scope: &Scope, resource: Uuid, week: Vec<Window>) -> Result<AvailabilityRule, ApiError> {
    insert(scope, resource, week, Origin::Rule).await?;
    scope.emit(events::hours_changed(resource));
    found(&stored(scope, resource).await?)
}

/// Writes windows beside those that are there.
pub async fn insert(scope: &Scope, resource: Uuid, week: Vec<Window>, origin: Origin) -> Result<(), ApiError> {
    if week.is_empty() {
        return Ok(());
    }
    let tenant = scope.tenant()?;
    let (staff, schedule) = match origin {
        Origin::Rule => (None, None),
        Origin::Staff(id) => (Some(id), None),
        Origin::Schedule(id) => (None, Some(id)),
    };
    let windows = week.into_iter().map(|window| ActiveModel {
        tenant_id: Set(tenant),
        id: Set(AvailabilityRuleId(scope.new_id())),
        resource_id: Set(ResourceId(resource)),
        rule_type: Set(RuleType::Weekly),
        weekday: Set(window.weekday),
        starts: Set(window.starts),
        ends: Set(window.ends),
        valid_from: Set(window.valid_from),
        valid_until: Set(window.valid_until),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
        staff_availability_id: Set(staff),
        work_schedule_id: Set(schedule),
    });
    Entity::insert_many(windows).exec_without_returning(scope).await?;
    Ok(())
}

/// A row as a window.
pub fn window(row: &Model) -> Window {
    let (valid_from, valid_until) = (row.valid_from, row.valid_until);
    Window { weekday: row.weekday, starts: row.starts, ends: row.ends, valid_from, valid_until }
}

fn found(rows: &[Model]) -> Result<AvailabilityRule, ApiError> {
    AvailabilityRule::of(rows).ok_or_else(|| ApiError::of(Code::NotFound))
}

/// All windows of a resource, in order, wherever they come from.
pub async fn stored(scope: &Scope, resource: Uuid) -> Result<Vec<Model>, ApiError> {
    Ok(in_order(rows(scope)?.filter(Column::ResourceId.eq(resource))).all(scope).await?)
}

fn rows(scope: &Scope) -> Result<Select<Entity>, ApiError> {
    Ok(Entity::find().filter(Column::TenantId.eq(scope.tenant()?)))
}

/// By weekday and time; no first date comes before any.
fn in_order(rows: Select<Entity>) -> Select<Entity> {
    use sea_orm::sea_query::NullOrdering::First;
    rows.order_by_asc(Column::Weekday).order_by_asc(Column::Starts).order_by_with_nulls(
        Column::ValidFrom,
        sea_orm::Order::Asc,
        First,
    )
}
