//! The verbs on feeds: make anew, revoke, read.

use ::entity::calendar_feeds::{ActiveModel, Column, Entity};
use ::entity::ids::{CalendarFeedId, StaffProfileId};
use ::entity::{memberships, staff_profiles};
use chrono::TimeDelta;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, Statement,
};
use uuid::Uuid;

use super::entries;
use super::secret::Secret;
use crate::db::{Scope, row};
use crate::domains::booking::calendar::appointment;
use crate::domains::booking::calendar::ical::Calendar;
use crate::domains::identity::Person;
use crate::domains::identity::permission::StaffWrite;
use crate::error::{ApiError, Code};

/// How far a feed looks back and ahead.
const BACK: TimeDelta = TimeDelta::days(30);
const AHEAD: TimeDelta = TimeDelta::days(365);
/// Bookings that it shows at the most.
const MOST: i64 = 1_000;

/// Makes the address of a calendar; the one before is none any more.
///
/// # Errors
/// 404 for a profile that is not there, or another person's.
pub async fn make(scope: &Scope, person: &Person, staff: Uuid) -> Result<Secret, ApiError> {
    own_or_all(scope, person, staff).await?;
    let secret = Secret::new();
    let feed = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(CalendarFeedId(scope.new_id())),
        staff_profile_id: Set(StaffProfileId(staff)),
        secret_hash: Set(secret.digest()),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    };
    // two at once: the later one's address holds
    let replace = OnConflict::columns([Column::TenantId, Column::StaffProfileId])
        .update_columns([Column::SecretHash, Column::UpdatedAt])
        .to_owned();
    Entity::insert(feed).on_conflict(replace).exec_without_returning(scope).await?;
    Ok(secret)
}

/// Revokes the address of a calendar, if it has one.
///
/// # Errors
/// As [`make`].
pub async fn revoke(scope: &Scope, person: &Person, staff: Uuid) -> Result<(), ApiError> {
    own_or_all(scope, person, staff).await?;
    let feeds = Entity::delete_many().filter(Column::TenantId.eq(scope.tenant()?));
    feeds.filter(Column::StaffProfileId.eq(staff)).exec(scope).await?;
    Ok(())
}

/// The own calendar, or anybody's for those who look after the staff.
async fn own_or_all(scope: &Scope, person: &Person, staff: Uuid) -> Result<(), ApiError> {
    let profile = row::find::<staff_profiles::Entity>(scope, staff).await?;
    if person.may::<StaffWrite>() {
        return Ok(());
    }
    let own = match profile.membership_id {
        None => 0,
        Some(membership) => {
            memberships::Entity::find()
                .filter(memberships::Column::TenantId.eq(scope.tenant()?))
                .filter(memberships::Column::Id.eq(membership))
                .filter(memberships::Column::UserId.eq(person.user))
                .count(scope)
                .await?
        }
    };
    if own == 0 { Err(ApiError::of(Code::StaffNotFound)) } else { Ok(()) }
}

#[derive(FromQueryResult)]
struct Whose {
    name: String,
    resource: Uuid,
}

/// The calendar at a secret address.
///
/// # Errors
/// 404 for an address that is none, or none any more.
pub async fn read(scope: &Scope, secret: &str) -> Result<Calendar, ApiError> {
    let secret = Secret::parse(secret).ok_or_else(|| ApiError::of(Code::NotFound))?;
    let sql = "SELECT p.display_name AS name, p.resource_id AS resource FROM app.calendar_feeds f \
               JOIN app.staff_profiles p ON p.tenant_id = f.tenant_id AND p.id = f.staff_profile_id \
               WHERE f.tenant_id = $1 AND f.secret_hash = $2 AND p.deleted_at IS NULL";
    let values: [sea_orm::Value; 2] = [scope.tenant()?.0.into(), secret.digest().into()];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    let row = row.ok_or_else(|| ApiError::of(Code::NotFound))?;
    let whose = Whose::from_query_result(&row, "")?;
    let now = scope.now();
    let found = appointment::of_resource(scope, whose.resource, now - BACK, now + AHEAD, MOST).await?;
    // without a method each entry's stamp is when it changed last: the same bytes as long as nothing changes
    Ok(Calendar { name: Some(whose.name), method: None, events: entries::of(&found) })
}
