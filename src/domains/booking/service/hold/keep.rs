//! Holds that exist: read, kept longer, given up.

use std::collections::HashMap;
use std::fmt;

use ::entity::booking_holds::{Column, Entity, Model};
use ::entity::enums::{BookingSource, HoldStatus};
use ::entity::ids::BookingHoldId;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, Statement, Value};
use uuid::Uuid;

use crate::db::keyset::{self, Filter, Walk};
use crate::db::{Scope, row};
use crate::domains::booking::service::{lapse, waitlist};
use crate::domains::booking::{dto, events};
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};
use crate::guard::Listing;

/// How often a visitor may keep a time longer; members more often.
const PUBLIC_EXTENSIONS: i32 = 3;
const MEMBER_EXTENSIONS: i32 = 100;

/// Whom a hold keeps: by the allocations that are its own, or its booking's.
const RESOURCES: &str = "
SELECT h.id, a.resource_id FROM app.booking_holds h
JOIN app.booking_allocations a ON a.tenant_id = $1 AND (a.hold_id = h.id OR a.booking_id = h.booking_id
  OR (a.class_session_id = h.class_session_id AND a.state = 'confirmed'))
WHERE h.tenant_id = $1 AND h.id = ANY ($2) ORDER BY a.resource_id <> h.resource_id, a.resource_id";

const EXTEND: &str = "
WITH hold AS (
  UPDATE app.booking_holds SET expires_at = $4, extensions = extensions + 1
  WHERE tenant_id = $1 AND id = $2 AND status = 'held' AND expires_at > $3 AND extensions < $5 AND waitlist_entry_id IS NULL
  RETURNING *
), allocation AS (
  UPDATE app.booking_allocations a SET held_until = hold.expires_at FROM hold WHERE a.tenant_id = $1 AND a.hold_id = hold.id
)
SELECT * FROM hold";

/// What a list of holds is narrowed by.
#[derive(Clone, Default)]
pub struct HoldFilter {
    /// Only those that are good at this instant.
    pub live_at: Option<DateTime<Utc>>,
    pub service_id: Option<Uuid>,
}

/// What a cursor is bound to: that they are live, not at which instant, or no page would have a second one.
impl fmt::Debug for HoldFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HoldFilter")
            .field("live", &self.live_at.is_some())
            .field("service_id", &self.service_id)
            .finish()
    }
}

impl Filter<Entity> for HoldFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(self.live_at.map(|_| Column::Status.eq(HoldStatus::Held)))
            .add_option(self.live_at.map(|at| Column::ExpiresAt.gt(at)))
            .add_option(self.service_id.map(|id| Column::ServiceId.eq(id)))
    }
}

/// A hold with what it keeps; the first is whom the customer meets.
#[derive(Clone, Debug)]
pub struct Kept {
    pub row: Model,
    pub resources: Vec<Uuid>,
}

impl Kept {
    /// With the resources beside it.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn of(scope: &Scope, row: Model) -> Result<Self, ApiError> {
        let mut found = resources(scope, &[row.id]).await?;
        let resources = found.remove(&row.id.0).unwrap_or_else(|| vec![row.resource_id.0]);
        Ok(Self { row, resources })
    }
}

/// One hold.
///
/// # Errors
/// 404.
pub async fn find(scope: &Scope, id: BookingHoldId) -> Result<Model, ApiError> {
    row::find::<Entity>(scope, id.0).await
}

/// A page of holds.
///
/// # Errors
/// 400 for a cursor of another list.
pub async fn list(
    scope: &Scope,
    walk: Walk<'_, Entity>,
    filter: &HoldFilter,
    wire: impl Fn(Kept) -> dto::Hold,
) -> Result<Listing<dto::Hold>, ApiError> {
    let page = keyset::list(scope, walk, filter, |row| {
        let resources = vec![row.resource_id.0];
        wire(Kept { row, resources })
    })
    .await?;
    let ids: Vec<BookingHoldId> = page.data.iter().map(|hold| BookingHoldId(hold.id)).collect();
    let mut found = resources(scope, &ids).await?;
    let data = page.data.into_iter().map(|hold| match found.remove(&hold.id) {
        Some(resource_ids) => dto::Hold { resource_ids, ..hold },
        None => hold,
    });
    Ok(Listing { data: data.collect(), ..page })
}

async fn resources(scope: &Scope, holds: &[BookingHoldId]) -> Result<HashMap<Uuid, Vec<Uuid>>, ApiError> {
    let mut found: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    let ids: Vec<Uuid> = holds.iter().map(|id| id.0).collect();
    let values: [Value; 2] = [scope.tenant()?.0.into(), ids.into()];
    for row in scope.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, RESOURCES, values)).await? {
        let of = found.entry(row.try_get("", "id")?).or_default();
        let resource = row.try_get("", "resource_id")?;
        // a canceled class may have stood there before
        if !of.contains(&resource) {
            of.push(resource);
        }
    }
    Ok(found)
}

/// Keeps a time for the default length from now on.
///
/// # Errors
/// 404; 409 when it has ended; 422 when it was kept longer as often as may be, or is an offer to somebody who waits.
pub async fn extend(scope: &Scope, tenant: &Tenant, id: BookingHoldId, by: BookingSource) -> Result<Model, ApiError> {
    let now = scope.now();
    let most = if by == BookingSource::Public { PUBLIC_EXTENSIONS } else { MEMBER_EXTENSIONS };
    let until = now + TimeDelta::minutes(tenant.booking.hold_minutes.into());
    let values: [Value; 5] = [scope.tenant()?.0.into(), id.0.into(), now.into(), until.into(), most.into()];
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, EXTEND, values);
    if let Some(hold) = Entity::find().from_raw_sql(statement).one(scope).await? {
        return Ok(hold);
    }
    let hold = find(scope, id).await?;
    Err(if hold.status != HoldStatus::Held || hold.expires_at <= now {
        ApiError::of(Code::HoldExpired).with("reason", hold.status.as_str())
    } else if hold.waitlist_entry_id.is_some() {
        ApiError::new(Code::RuleViolation, "An offer to somebody who waits is not extended.").with("reason", "offer")
    } else {
        ApiError::new(Code::RuleViolation, "This time was kept longer as often as it may be.")
            .with("reason", "extensions")
    })
}

/// Gives a time up. One that has ended already stays as it is.
///
/// # Errors
/// 404.
pub async fn release(scope: &Scope, id: BookingHoldId) -> Result<(), ApiError> {
    match lapse::give_up(scope, id.0).await? {
        Some(hold) => {
            let told = if hold.status == HoldStatus::Expired {
                events::hold_expired(&hold)
            } else {
                events::hold_released(&hold)
            };
            scope.emit(told);
            waitlist::pass_on(scope, &[hold], waitlist::AT_EASE).await
        }
        None => find(scope, id).await.map(|_| ()),
    }
}
