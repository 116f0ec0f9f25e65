//! The verbs on schedules.

use ::entity::enums::ScheduleType;
use ::entity::ids::{ResourceId, StaffProfileId, WorkScheduleId};
use ::entity::work_schedules::{ActiveModel, Column, Entity, Model};
use ::entity::{availability_exceptions, availability_rules, staff_profiles};
use poem_openapi::types::ToJSON;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, ModelTrait, PaginatorTrait, QueryFilter,
};
use uuid::Uuid;

use super::dto::{WorkSchedule, WorkScheduleCreate};
use super::rules::{self, Plan};
use crate::db::keyset::{self, Filter, Walk};
use crate::db::{Scope, row};
use crate::domains::identity::Person;
use crate::domains::impact::{self, Ask, Weighed};
use crate::domains::scheduling::availability::weekly::rules::{Window, clash};
use crate::domains::scheduling::availability::{events, exceptions, person, weekly};
use crate::error::{ApiError, Code};
use crate::guard::{IfMatch, Listing};

/// Schedules of one member of staff.
const MOST: u64 = 200;

#[derive(Debug)]
struct ScheduleFilter {
    staff: StaffProfileId,
    kind: Option<ScheduleType>,
}

impl Filter<Entity> for ScheduleFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add(Column::StaffProfileId.eq(self.staff))
            .add_option(self.kind.map(|kind| Column::ScheduleType.eq(kind)))
    }
}

/// A page of schedules.
pub async fn list(
    scope: &Scope,
    person: &Person,
    staff: Uuid,
    walk: Walk<'_, Entity>,
    kind: Option<ScheduleType>,
) -> Result<Listing<WorkSchedule>, ApiError> {
    let staff = person::find(scope, person, staff).await?.id;
    keyset::list(scope, walk, &ScheduleFilter { staff, kind }, WorkSchedule::from).await
}

/// One schedule.
pub async fn get(scope: &Scope, person: &Person, staff: Uuid, id: Uuid) -> Result<Model, ApiError> {
    let profile = person::find(scope, person, staff).await?;
    theirs(row::find::<Entity>(scope, id).await?, &profile)
}

/// Makes a schedule.
pub async fn create(
    scope: &Scope,
    person: &Person,
    staff: Uuid,
    new: WorkScheduleCreate,
    ask: Ask,
) -> Result<Weighed<Model>, ApiError> {
    let plan = rules::plan(&new).map_err(ApiError::validation)?;
    let profile = person::hold(scope, person, staff).await?;
    let resource = profile.resource_id;
    let theirs = row::live::<Entity>(scope)?.filter(Column::StaffProfileId.eq(profile.id)).count(scope).await?;
    if theirs >= MOST {
        let detail = format!("A member of staff has at most {MOST} schedules; delete past ones.");
        return Err(ApiError::new(Code::RuleViolation, detail));
    }
    fits(scope, resource, &plan, None).await?;
    let mut schedule = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(WorkScheduleId(scope.new_id())),
        staff_profile_id: Set(profile.id),
        created_at: Set(scope.now()),
        ..Default::default()
    };
    write(scope, &mut schedule, new);
    impact::weigh(scope, &weekly::change(ask, resource.0), async |scope| {
        let schedule = schedule.insert(scope).await?;
        write_through(scope, resource, &schedule, plan).await?;
        Ok(schedule)
    })
    .await
}

/// Replaces all of a schedule.
pub async fn replace(
    scope: &Scope,
    person: &Person,
    which: (Uuid, Uuid),
    seen: &IfMatch,
    new: WorkScheduleCreate,
    ask: Ask,
) -> Result<Weighed<Model>, ApiError> {
    let plan = rules::plan(&new).map_err(ApiError::validation)?;
    let (resource, old) = lock(scope, person, which, seen).await?;
    fits(scope, resource, &plan, Some(old.id)).await?;
    let id = old.id;
    let mut schedule = old.into_active_model();
    write(scope, &mut schedule, new);
    impact::weigh(scope, &weekly::change(ask, resource.0), async |scope| {
        take_back(scope, id).await?;
        let schedule = schedule.update(scope).await?;
        write_through(scope, resource, &schedule, plan).await?;
        Ok(schedule)
    })
    .await
}

/// Takes a schedule away, with all that follows from it.
pub async fn delete(
    scope: &Scope,
    person: &Person,
    which: (Uuid, Uuid),
    seen: &IfMatch,
    ask: Ask,
) -> Result<Weighed<()>, ApiError> {
    let (resource, schedule) = lock(scope, person, which, seen).await?;
    impact::weigh(scope, &weekly::change(ask, resource.0), async |scope| {
        take_back(scope, schedule.id).await?;
        schedule.delete(scope).await?;
        scope.emit(events::hours_changed(resource.0));
        Ok(())
    })
    .await
}

async fn lock(
    scope: &Scope,
    person: &Person,
    (staff, id): (Uuid, Uuid),
    seen: &IfMatch,
) -> Result<(ResourceId, Model), ApiError> {
    let profile = person::hold(scope, person, staff).await?;
    let schedule = theirs(row::lock::<Entity>(scope, id, &IfMatch::default()).await?, &profile)?;
    seen.check(&row::tag::<Entity>(&schedule))?;
    Ok((profile.resource_id, schedule))
}

fn theirs(schedule: Model, profile: &staff_profiles::Model) -> Result<Model, ApiError> {
    if schedule.staff_profile_id == profile.id { Ok(schedule) } else { Err(ApiError::of(Code::NotFound)) }
}

fn write(scope: &Scope, schedule: &mut ActiveModel, new: WorkScheduleCreate) {
    schedule.schedule_type = Set(new.schedule_type.into());
    schedule.valid_from = Set(new.valid_from.map(Into::into));
    schedule.valid_until = Set(new.valid_until.map(Into::into));
    schedule.work_hours = Set(new.work_hours.to_json().unwrap_or_default());
    schedule.reason = Set(new.reason.map(Into::into));
    schedule.updated_at = Set(scope.now());
}

/// Whether a plan contradicts what is there beside `own`: windows never overlap, and a date is opened otherwise once.
async fn fits(scope: &Scope, resource: ResourceId, plan: &Plan, own: Option<WorkScheduleId>) -> Result<(), ApiError> {
    match plan {
        Plan::Weekly(windows) => {
            let rows = weekly::stored(scope, resource.0).await?;
            let others: Vec<Window> =
                (rows.iter()).filter(|row| own.is_none() || row.work_schedule_id != own).map(weekly::window).collect();
            if let Some(other) = clash(windows, &others) {
                return Err(weekly::overlap(other, "#/work_hours"));
            }
            weekly::room_for(others.len() + windows.len())
        }
        Plan::Open { dates, .. } => {
            use availability_exceptions::Column as Date;
            let (first, last) = (dates.iter().min().copied(), dates.iter().max().copied());
            let opened = row::live::<availability_exceptions::Entity>(scope)?
                .filter(Date::ResourceId.eq(resource))
                .filter(Date::IsAvailable.eq(true))
                .filter(Condition::all().add_option(first.map(|d| Date::ExceptionDate.gte(d))))
                .filter(Condition::all().add_option(last.map(|d| Date::ExceptionDate.lte(d))))
                .filter(match own {
                    Some(own) => Condition::any().add(Date::WorkScheduleId.is_null()).add(Date::WorkScheduleId.ne(own)),
                    None => Condition::all(),
                });
            if opened.count(scope).await? > 0 {
                let detail = "One of these dates has other hours already.";
                return Err(ApiError::new(Code::Conflict, detail).with_field("#/valid_from", "taken", detail));
            }
            Ok(())
        }
        Plan::Closed { .. } => Ok(()),
    }
}

/// Writes what follows from a schedule, and tells it.
async fn write_through(scope: &Scope, resource: ResourceId, schedule: &Model, plan: Plan) -> Result<(), ApiError> {
    let (dates, is_available, windows) = match plan {
        Plan::Weekly(windows) => {
            weekly::insert(scope, resource.0, windows, weekly::Origin::Schedule(schedule.id)).await?;
            scope.emit(events::hours_changed(resource.0));
            return Ok(());
        }
        Plan::Open { dates, windows } => (dates, true, windows),
        Plan::Closed { dates, part } => (dates, false, part.into_iter().collect()),
    };
    let dates = exceptions::Dates {
        resource: Some(resource.0),
        dates,
        is_available,
        windows,
        // why somebody is away is not for everybody who reads the dates
        reason: None,
        schedule: Some(schedule.id),
        range: None,
    };
    exceptions::insert(scope, dates).await?;
    scope.emit(events::hours_changed(resource.0));
    Ok(())
}

/// Takes away what follows from a schedule.
async fn take_back(scope: &Scope, id: WorkScheduleId) -> Result<(), ApiError> {
    let tenant = scope.tenant()?;
    availability_rules::Entity::delete_many()
        .filter(availability_rules::Column::TenantId.eq(tenant))
        .filter(availability_rules::Column::WorkScheduleId.eq(id))
        .exec(scope)
        .await?;
    availability_exceptions::Entity::delete_many()
        .filter(availability_exceptions::Column::TenantId.eq(tenant))
        .filter(availability_exceptions::Column::WorkScheduleId.eq(id))
        .exec(scope)
        .await?;
    Ok(())
}
