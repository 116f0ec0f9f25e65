//! Joins the line, and leaves it.

use ::entity::enums::BookingSource;
use ::entity::waitlist_entries::{Entity, Model};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{DbBackend, EntityTrait, Statement, Value};
use uuid::Uuid;

use super::find;
use crate::db::Scope;
use crate::domains::booking::events;
use crate::domains::booking::service::create::{Who, customer};
use crate::domains::booking::service::hold;
use crate::domains::scheduling::slots::{Audience, Board, Wish};
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};

/// The longest time that one entry waits for.
const LONGEST: TimeDelta = TimeDelta::days(92);
/// So often one customer waits for one service.
const MOST: i64 = 5;

/// Somebody who wants to wait.
#[derive(Clone, Debug)]
pub struct NewEntry {
    pub who: Who,
    pub service_id: Uuid,
    pub resource_id: Option<Uuid>,
    pub from_at: DateTime<Utc>,
    pub until_at: DateTime<Utc>,
    pub attendee_count: u32,
    pub notes: Option<String>,
    pub source: BookingSource,
}

/// The customer's row is locked: of two who join at once the second counts the first, and nobody joins for whom has left
/// meanwhile.
const JOIN: &str = "
WITH customer AS (
  SELECT id FROM app.customers
  WHERE tenant_id = $1 AND id = $3 AND deleted_at IS NULL AND pseudonymized_at IS NULL FOR NO KEY UPDATE
)
INSERT INTO app.waitlist_entries (tenant_id, id, customer_id, service_id, resource_id, from_at, until_at, attendee_count, source,
  notes, queued_at, created_at, updated_at)
SELECT $1, $2, c.id, $4, $5, $6, $7, $8, $9, $10, $11, $11, $11 FROM customer c RETURNING *";

/// Counted in a statement of its own, after the customer was locked.
const WAITING: &str = "
SELECT e.* FROM app.waitlist_entries e
WHERE e.tenant_id = $1 AND e.customer_id = $2 AND e.service_id = $3 AND e.status IN ('waiting', 'offered') LIMIT $4";

const LEAVE: &str = "
UPDATE app.waitlist_entries SET status = 'left', offer_expires_at = NULL
WHERE tenant_id = $1 AND id = $2 AND status IN ('waiting', 'offered') RETURNING *";

/// Puts somebody at the end of the line.
///
/// # Errors
/// 400 for a stretch of time that is none, over or too long; 404 for a service, resource or customer that is not there;
/// 422 when the party does not fit, or the customer waits often enough.
pub async fn join(scope: &Scope, tenant: &Tenant, new: NewEntry) -> Result<Model, ApiError> {
    let now = scope.now();
    if new.until_at <= new.from_at || new.until_at <= now {
        return Err(ApiError::field("#/until_at", "order", "The end must come after the beginning, and after now."));
    }
    if new.until_at - new.from_at > LONGEST {
        return Err(ApiError::field("#/until_at", "too_long", "Wait for at most 92 days at a time."));
    }
    let audience = if new.source == BookingSource::Staff { Audience::Staff } else { Audience::Public };
    let wish = Wish { service: new.service_id, resource: new.resource_id, party: new.attendee_count, audience };
    let board = Board::read(scope, tenant, &wish, now, now + TimeDelta::hours(1)).await?;
    super::super::take::fits(&board, new.attendee_count)?;
    let customer = customer(scope, new.who).await?;
    let values: [Value; 11] = [
        scope.tenant()?.0.into(),
        scope.new_id().into(),
        customer.0.into(),
        new.service_id.into(),
        new.resource_id.into(),
        new.from_at.into(),
        new.until_at.into(),
        i32::try_from(new.attendee_count).unwrap_or(i32::MAX).into(),
        new.source.as_str().into(),
        new.notes.into(),
        now.into(),
    ];
    let made = Entity::find().from_raw_sql(Statement::from_sql_and_values(DbBackend::Postgres, JOIN, values));
    let entry = made.one(scope).await?.ok_or_else(|| ApiError::of(Code::CustomerNotFound))?;
    let values: [Value; 4] = [scope.tenant()?.0.into(), customer.0.into(), new.service_id.into(), (MOST + 1).into()];
    let waiting = Entity::find().from_raw_sql(Statement::from_sql_and_values(DbBackend::Postgres, WAITING, values));
    if waiting.all(scope).await?.len() > usize::try_from(MOST).unwrap_or(usize::MAX) {
        let sentence = format!("One customer waits for a service at most {MOST} times.");
        return Err(ApiError::new(Code::RuleViolation, sentence).with("reason", "customer_limit"));
    }
    scope.emit(events::waitlist_joined(&entry));
    Ok(entry)
}

/// Takes somebody out of the line; an offer that they had is free again. Whoever waits no more stays as they are.
///
/// # Errors
/// 404.
pub async fn leave(scope: &Scope, id: Uuid) -> Result<(), ApiError> {
    let values: [Value; 2] = [scope.tenant()?.0.into(), id.into()];
    let left = Entity::find().from_raw_sql(Statement::from_sql_and_values(DbBackend::Postgres, LEAVE, values));
    let Some(entry) = left.one(scope).await? else { return find(scope, id).await.map(|_| ()) };
    scope.emit(events::waitlist_left(&entry));
    match entry.hold_id {
        Some(offer) => hold::release(scope, offer).await,
        None => Ok(()),
    }
}
