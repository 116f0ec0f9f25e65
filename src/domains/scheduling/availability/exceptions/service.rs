//! The verbs on exceptions.

use ::entity::availability_exceptions::{ActiveModel, Column, Entity, Model};
use ::entity::ids::{AvailabilityExceptionId, ResourceId, WorkScheduleId};
use chrono::{NaiveDate, NaiveTime};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::dto::{AvailabilityException, AvailabilityExceptionCreate, AvailabilityExceptionReplace};
use super::rules;
use crate::db::keyset::{self, Filter, Walk};
use crate::db::{Scope, row};
use crate::domains::catalogue;
use crate::domains::impact::{self, Ask, Change, Loss, Touched, Weighed};
use crate::domains::scheduling::availability::events;
use crate::error::{ApiError, Code, FieldError};
use crate::guard::{IfMatch, Listing};

/// What a list of exceptions is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct ExceptionFilter {
    pub resource_id: Option<Uuid>,
    pub range_id: Option<Uuid>,
    /// Both included.
    pub start_date: Option<NaiveDate>,
    pub end_date: Option<NaiveDate>,
}

impl Filter<Entity> for ExceptionFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(self.resource_id.map(|id| Column::ResourceId.eq(id)))
            .add_option(self.range_id.map(|id| Column::RangeId.eq(id)))
            .add_option(self.start_date.map(|first| Column::ExceptionDate.gte(first)))
            .add_option(self.end_date.map(|last| Column::ExceptionDate.lte(last)))
    }
}

/// A page of exceptions.
pub async fn list(
    scope: &Scope,
    walk: Walk<'_, Entity>,
    filter: &ExceptionFilter,
) -> Result<Listing<AvailabilityException>, ApiError> {
    keyset::list(scope, walk, filter, AvailabilityException::from).await
}

/// One exception.
pub async fn get(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    row::find::<Entity>(scope, id).await
}

/// Dates that differ alike, to be written.
#[derive(Debug, Clone)]
pub struct Dates {
    pub resource: Option<Uuid>,
    pub dates: Vec<NaiveDate>,
    pub is_available: bool,
    /// On each of the dates; none is the whole day.
    pub windows: Vec<(NaiveTime, NaiveTime)>,
    pub reason: Option<String>,
    pub schedule: Option<WorkScheduleId>,
    pub range: Option<Uuid>,
}

/// Makes a date differ, or each date of a range. Gives the first.
pub async fn create(scope: &Scope, new: AvailabilityExceptionCreate, ask: Ask) -> Result<Weighed<Model>, ApiError> {
    let times = rules::times(new.start_time.as_deref(), new.end_time.as_deref()).map_err(refuse)?;
    let (first, until) = (new.exception_date.into(), new.until_date.map(NaiveDate::from));
    let dates = rules::dates(first, until.unwrap_or(first), rules::LONGEST, "#/until_date").map_err(refuse)?;
    if let Some(resource) = new.resource_id {
        catalogue::hold_resource(scope, resource, "#/resource_id").await?;
    }
    let range = (dates.len() > 1).then(|| scope.new_id());
    let dates = Dates {
        resource: new.resource_id,
        dates,
        is_available: new.is_available,
        windows: times.into_iter().collect(),
        reason: new.reason.map(Into::into),
        schedule: None,
        range,
    };
    let id = range.unwrap_or_else(|| scope.new_id());
    impact::weigh(scope, &change(ask, new.resource_id, id), async |scope| {
        let first = insert(scope, dates).await?.into_iter().min_by_key(|row| row.exception_date);
        let first = first.ok_or_else(|| ApiError::internal("no date was written"))?;
        tell(scope, &first, until);
        Ok(first)
    })
    .await
}

/// Replaces one date.
pub async fn replace(
    scope: &Scope,
    id: Uuid,
    seen: &IfMatch,
    new: AvailabilityExceptionReplace,
    ask: Ask,
) -> Result<Weighed<Model>, ApiError> {
    let times = rules::times(new.start_time.as_deref(), new.end_time.as_deref()).map_err(refuse)?;
    let old = own(scope, id, seen).await?;
    let change = change(ask, old.resource_id.map(Into::into), id);
    let mut exception = old.into_active_model();
    exception.exception_date = Set(new.exception_date.into());
    exception.is_available = Set(new.is_available);
    exception.starts = Set(times.map(|(starts, _)| starts));
    exception.ends = Set(times.map(|(_, ends)| ends));
    exception.reason = Set(new.reason.map(Into::into));
    exception.updated_at = Set(scope.now());
    impact::weigh(scope, &change, async |scope| {
        let exception = exception.update(scope).await?;
        tell(scope, &exception, None);
        Ok(exception)
    })
    .await
}

/// Makes a date ordinary again, or each that was made together with it.
pub async fn delete(
    scope: &Scope,
    id: Uuid,
    seen: &IfMatch,
    whole_range: bool,
    ask: Ask,
) -> Result<Weighed<()>, ApiError> {
    let exception = own(scope, id, seen).await?;
    let which = match exception.range_id {
        Some(range) if whole_range => Column::RangeId.eq(range),
        _ => Column::Id.eq(id),
    };
    let gone = Entity::delete_many().filter(Column::TenantId.eq(scope.tenant()?)).filter(which);
    let change = change(ask, exception.resource_id.map(Into::into), id);
    impact::weigh(scope, &change, async |scope| {
        gone.exec(scope).await?;
        tell(scope, &exception, None);
        Ok(())
    })
    .await
}

/// Writes dates that differ alike, in one statement.
pub async fn insert(scope: &Scope, new: Dates) -> Result<Vec<Model>, ApiError> {
    let tenant = scope.tenant()?;
    let windows: Vec<_> =
        if new.windows.is_empty() { vec![None] } else { new.windows.iter().copied().map(Some).collect() };
    let rows = new.dates.iter().flat_map(|date| windows.iter().map(move |window| (*date, *window)));
    let rows = rows.map(|(date, window)| ActiveModel {
        tenant_id: Set(tenant),
        id: Set(AvailabilityExceptionId(scope.new_id())),
        resource_id: Set(new.resource.map(ResourceId)),
        exception_date: Set(date),
        is_available: Set(new.is_available),
        starts: Set(window.map(|(starts, _)| starts)),
        ends: Set(window.map(|(_, ends)| ends)),
        reason: Set(new.reason.clone()),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
        work_schedule_id: Set(new.schedule),
        range_id: Set(new.range),
    });
    Ok(Entity::insert_many(rows).exec_with_returning(scope).await?)
}

/// Locks an exception that was written as one.
async fn own(scope: &Scope, id: Uuid, seen: &IfMatch) -> Result<Model, ApiError> {
    let exception = row::lock::<Entity>(scope, id, seen).await?;
    if exception.work_schedule_id.is_some() {
        let detail = "This date was set at /api/v1/staff/{staff_id}/schedules; change it there.";
        return Err(ApiError::new(Code::Conflict, detail));
    }
    Ok(exception)
}

fn change(ask: Ask, resource: Option<Uuid>, id: Uuid) -> Change {
    let touched = resource.map_or(Touched::Everybody, Touched::Resource);
    Change { ask, touched, loss: Loss::Hours, table: "availability_exceptions", id }
}

fn refuse(fault: FieldError) -> ApiError {
    ApiError::validation(vec![fault])
}

fn tell(scope: &Scope, exception: &Model, until: Option<NaiveDate>) {
    let resource = exception.resource_id.map(Into::into);
    scope.emit(events::date_changed(exception.id.0, resource, exception.exception_date, until));
}
