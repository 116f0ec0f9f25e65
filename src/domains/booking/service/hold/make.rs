//! Holds a time: decided by the listing, written with its allocations in one statement.

use ::entity::booking_holds::{Entity, Model};
use ::entity::enums::BookingSource;
use ::entity::ids::{ClassSessionId, WaitlistEntryId};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{DbBackend, EntityTrait, Statement, Value};
use uuid::Uuid;

use super::strangers::{self, Stranger};
use crate::db::Scope;
use crate::domains::booking::events;
use crate::domains::booking::service::insert::{Part, occupied, parts};
use crate::domains::booking::service::{Promise, lapse, seats, take, waitlist};
use crate::domains::scheduling::slots::{Audience, Board, Chosen, Freedom, Wish};
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};

/// More live holds than these no business has at once of its members, and as many of others; two at the border may both
/// be let in. So the desk is never kept from holding by what others hold.
const MOST: i64 = 1_000;

/// A time to be held.
#[derive(Clone, Debug)]
pub struct NewHold {
    pub service_id: Uuid,
    pub resource_id: Option<Uuid>,
    pub start_at: DateTime<Utc>,
    pub attendee_count: u32,
    pub source: BookingSource,
    pub promise: Option<Promise>,
    /// Who holds it, when it is a stranger.
    pub stranger: Option<Stranger>,
}

const HOLD: &str = "
WITH hold AS (
  INSERT INTO app.booking_holds (tenant_id, id, service_id, resource_id, class_session_id, waitlist_entry_id, start_at, end_at,
    attendee_count, total_cents, currency, source, expires_at, created_at, updated_at, visitor_hash)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $16
  WHERE (SELECT count(*) FROM app.booking_holds h
    WHERE h.tenant_id = $1 AND h.status = 'held' AND h.expires_at > $14 AND h.source = $12) < $15
  RETURNING *
)";

/// In the order of the resources, as everybody.
const ALLOCATION: &str = ", allocation AS (
  INSERT INTO app.booking_allocations (tenant_id, id, hold_id, held_until, resource_id, start_at, end_at, state, quantity,
    created_at, updated_at)
  SELECT h.tenant_id, p.allocation, h.id, h.expires_at, p.resource, $17, $18, 'held', p.units, $14, $14
  FROM hold h, jsonb_to_recordset($19) AS p (allocation uuid, resource uuid, units integer) ORDER BY p.resource
)";

/// Holds a time for as long as the business says.
///
/// # Errors
/// 404 for a service or resource that is not there, 409 with the next free times when the time cannot be had, 429 when
/// strangers hold too much.
pub async fn make(scope: &Scope, tenant: &Tenant, new: NewHold) -> Result<Model, ApiError> {
    let audience = if new.source == BookingSource::Staff { Audience::Staff } else { Audience::Public };
    let wish = Wish { service: new.service_id, resource: new.resource_id, party: new.attendee_count, audience };
    let start = new.start_at;
    match place(scope, tenant, &wish, new).await {
        Ok(hold) => Ok(hold),
        Err(refusal) => Err(take::with_others(scope, tenant, &wish, start, refusal).await),
    }
}

async fn place(scope: &Scope, tenant: &Tenant, wish: &Wish, new: NewHold) -> Result<Model, ApiError> {
    let (board, named) = match &new.promise {
        Some(_) => (take::board(scope, tenant, wish, new.start_at).await?, Vec::new()),
        None => take::listed(scope, tenant, wish, new.start_at).await?,
    };
    take::fits(&board, new.attendee_count)?;
    let chosen = match &new.promise {
        Some(promise) => take::promised(&board, new.start_at, promise)?,
        None if !named.is_empty() => board.choose_named(new.start_at, &named)?,
        None => board.choose(new.start_at, Freedom::Listed)?,
    };
    if let Some(stranger) = &new.stranger {
        strangers::admit(scope, tenant, stranger, (new.service_id, new.start_at)).await?;
    }
    let usual = board.service.price_cents.saturating_mul(new.attendee_count.into());
    let promised = Promised {
        until: scope.now() + TimeDelta::minutes(tenant.booking.hold_minutes.into()),
        total_cents: new.promise.as_ref().map_or(usual, |promise| promise.total_cents),
        seats: new.attendee_count,
        source: new.source,
        entry: None,
        visitor_hash: new.stranger.map(|stranger| stranger.hash),
    };
    let (hold, lapsed) = keep(scope, &board, &chosen, promised).await?;
    waitlist::pass_on(scope, &lapsed, waitlist::ON_THE_WAY).await?;
    Ok(hold)
}

/// On which terms a time is held.
pub(in crate::domains::booking::service) struct Promised {
    pub until: DateTime<Utc>,
    /// Of all seats.
    pub total_cents: i64,
    pub seats: u32,
    pub source: BookingSource,
    /// Who waited for it.
    pub entry: Option<WaitlistEntryId>,
    /// The stranger who holds it.
    pub visitor_hash: Option<String>,
}

/// Writes the hold of a time that the board has. What was held there and has expired is taken over, and answered beside.
pub(in crate::domains::booking::service) async fn keep(
    scope: &Scope,
    board: &Board,
    chosen: &Chosen<'_>,
    promised: Promised,
) -> Result<(Model, Vec<Model>), ApiError> {
    let resources = chosen.resources.iter().map(|assigned| assigned.resource.id).collect();
    let lapsed = lapse::before(scope, board, resources, chosen.start, chosen.end).await?;
    let service = &board.service;
    let mut taken: Vec<Part> = chosen.resources.iter().map(Into::into).collect();
    let session = if service.capacity > 1 {
        let (start, end, seats) = (chosen.start, chosen.end, promised.seats);
        let sitting = seats::Sitting { parts: &mut taken, start, end, seats };
        Some(seats::take(scope, service, sitting).await.map_err(take::refused)?)
    } else {
        None
    };
    let mut values = values(scope, board, chosen, &promised, &taken, session)?;
    let sql = if session.is_none() {
        let (from, to) = occupied(service, chosen.start, chosen.end);
        values.extend([from.into(), to.into(), parts(scope, &taken).into()]);
        format!("{HOLD}{ALLOCATION} SELECT * FROM hold")
    } else {
        format!("{HOLD} SELECT * FROM hold")
    };
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
    let written =
        Entity::find().from_raw_sql(statement).one(scope).await.map_err(|error| take::refused(error.into()))?;
    let hold = written.ok_or_else(|| {
        ApiError::new(Code::SlotUnavailable, "Too many times are held at this moment.").with("reason", "holds")
    })?;
    scope.emit(events::hold_created(&hold));
    let source = hold.source.as_str();
    scope
        .after_commit(async move { metrics::counter!("booking_holds_created_total", "source" => source).increment(1) });
    Ok((hold, lapsed))
}

fn values(
    scope: &Scope,
    board: &Board,
    chosen: &Chosen<'_>,
    promised: &Promised,
    parts: &[Part],
    session: Option<ClassSessionId>,
) -> Result<Vec<Value>, ApiError> {
    let met = parts.first().ok_or_else(|| ApiError::internal("a hold takes at least one resource"))?;
    Ok(vec![
        scope.tenant()?.0.into(),
        scope.new_id().into(),
        board.service.id.into(),
        met.resource.into(),
        session.map(|session| session.0).into(),
        promised.entry.map(|entry| entry.0).into(),
        chosen.start.into(),
        chosen.end.into(),
        i32::try_from(promised.seats).unwrap_or(i32::MAX).into(),
        promised.total_cents.into(),
        board.service.currency.as_str().into(),
        promised.source.as_str().into(),
        promised.until.into(),
        scope.now().into(),
        MOST.into(),
        promised.visitor_hash.clone().into(),
    ])
}
