//! The verbs on the weekly hours of staff.

use ::entity::availability_rules;
use ::entity::ids::{StaffAvailabilityId, StaffProfileId};
use ::entity::staff_availability::{ActiveModel, Column, Entity, Model};
use chrono::NaiveTime;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter, QueryOrder, Select,
};
use uuid::Uuid;

use super::dto::{StaffAvailability, StaffAvailabilityCreate};
use crate::db::{Scope, row};
use crate::domains::catalogue;
use crate::domains::identity::Person;
use crate::domains::impact::{self, Ask, Weighed};
use crate::domains::scheduling::availability::weekly::rules::{Window, clash};
use crate::domains::scheduling::availability::{events, person, wall, weekly};
use crate::error::{ApiError, Code};
use crate::guard::{Binding, CursorKey, IfMatch, Listing, Page};

/// A page of windows, by weekday and time.
pub async fn list(
    scope: &Scope,
    cursors: &CursorKey,
    page: &Page,
    staff: Uuid,
) -> Result<Listing<StaffAvailability>, ApiError> {
    let filter = staff.to_string();
    let binding = Binding { tenant: scope.tenant()?.0, sort: "staff_availability:weekday", filter: &filter };
    let after = page.after::<(i16, NaiveTime)>(cursors, &binding)?;
    let profile = catalogue::find_staff(scope, staff).await?;
    // all of them at once: they are as bounded as the windows of their resource
    let all = of(scope, profile.id)?.order_by_asc(Column::Weekday).order_by_asc(Column::Starts).all(scope).await?;
    let total = page.include_total.then_some(all.len() as u64);
    let place = |row: &Model| (row.weekday, row.starts);
    let rest = all.into_iter().filter(|row| after.is_none_or(|after| place(row) > after)).collect();
    Ok(Listing::of(rest, page, cursors, &binding, place, StaffAvailability::from)?.with_total(total))
}

/// Adds a window, or replaces the one that begins with it.
pub async fn set(
    scope: &Scope,
    person: &Person,
    staff: Uuid,
    new: StaffAvailabilityCreate,
    ask: Ask,
) -> Result<Weighed<Model>, ApiError> {
    let (starts, ends) =
        wall::window(&new.start_time, &new.end_time, "#").map_err(|fault| ApiError::validation(vec![fault]))?;
    let profile = person::hold(scope, person, staff).await?;
    let resource = profile.resource_id.0;
    let same = of(scope, profile.id)?.filter(Column::Weekday.eq(new.weekday)).filter(Column::Starts.eq(starts));
    let old = same.one(scope).await?;
    let window = Window { weekday: new.weekday, starts, ends, valid_from: None, valid_until: None };
    let rules = weekly::stored(scope, resource).await?;
    let own = old.as_ref().map(|row| row.id);
    let others: Vec<Window> =
        rules.iter().filter(|row| own.is_none() || row.staff_availability_id != own).map(weekly::window).collect();
    if let Some(other) = clash(std::slice::from_ref(&window), &others) {
        return Err(weekly::overlap(other, "#/start_time"));
    }
    weekly::room_for(others.len() + 1)?;
    impact::weigh(scope, &weekly::change(ask, resource), async |scope| {
        let row = match old {
            Some(old) => change(scope, old, &window).await?,
            None => add(scope, profile.id, resource, window).await?,
        };
        scope.emit(events::hours_changed(resource));
        Ok(row)
    })
    .await
}

/// Takes a window away.
pub async fn delete(
    scope: &Scope,
    person: &Person,
    (staff, id): (Uuid, Uuid),
    seen: &IfMatch,
    ask: Ask,
) -> Result<Weighed<()>, ApiError> {
    let profile = person::hold(scope, person, staff).await?;
    let row = row::lock::<Entity>(scope, id, &IfMatch::default()).await?;
    if row.staff_profile_id != profile.id {
        return Err(ApiError::of(Code::NotFound));
    }
    seen.check(&row::tag::<Entity>(&row))?;
    let resource = profile.resource_id.0;
    impact::weigh(scope, &weekly::change(ask, resource), async |scope| {
        let rule = availability_rules::Column::StaffAvailabilityId.eq(row.id);
        let tenant = availability_rules::Column::TenantId.eq(scope.tenant()?);
        availability_rules::Entity::delete_many().filter(tenant).filter(rule).exec(scope).await?;
        row.delete(scope).await?;
        scope.emit(events::hours_changed(resource));
        Ok(())
    })
    .await
}

async fn add(scope: &Scope, staff: StaffProfileId, resource: Uuid, window: Window) -> Result<Model, ApiError> {
    let row = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(StaffAvailabilityId(scope.new_id())),
        staff_profile_id: Set(staff),
        weekday: Set(window.weekday),
        starts: Set(window.starts),
        ends: Set(window.ends),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    };
    let row = row.insert(scope).await?;
    weekly::insert(scope, resource, vec![window], weekly::Origin::Staff(row.id)).await?;
    Ok(row)
}

async fn change(scope: &Scope, old: Model, window: &Window) -> Result<Model, ApiError> {
    use availability_rules::Column as Rule;
    availability_rules::Entity::update_many()
        .col_expr(Rule::Ends, Expr::value(window.ends))
        .col_expr(Rule::UpdatedAt, Expr::value(scope.now()))
        .filter(Rule::TenantId.eq(scope.tenant()?))
        .filter(Rule::StaffAvailabilityId.eq(old.id))
        .exec(scope)
        .await?;
    let mut row = old.into_active_model();
    row.ends = Set(window.ends);
    row.updated_at = Set(scope.now());
    Ok(row.update(scope).await?)
}

fn of(scope: &Scope, staff: StaffProfileId) -> Result<Select<Entity>, ApiError> {
    Ok(row::live::<Entity>(scope)?.filter(Column::StaffProfileId.eq(staff)))
}
