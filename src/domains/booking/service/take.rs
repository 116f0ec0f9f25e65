//! Takes a time: the listing decides first, the constraint last, both in this transaction.

use ::entity::booking_holds::Model as Hold;
use ::entity::bookings::Model;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value as DbValue};
use serde_json::{Value, json};
use uuid::Uuid;

use super::insert::{self, Taken};
use super::{Promise, lapse, seats};
use crate::db::Scope;
use crate::domains::scheduling::slots::{Board, Chosen, Freedom, Wish, next_free};
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code, database};
use crate::kernel::zone::Zone;

/// What two bookings of one time meet: the constraint, or the guard of what is shared.
const TAKEN: [&str; 2] = ["booking_no_overlap", "booking_pool_capacity"];

/// Two who take the last place of a limit at once wait for each other here, and then count again.
const COUNT_ALONE: &str = "
WITH service AS (SELECT id FROM app.services WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE)
SELECT r.id FROM app.resources r WHERE r.tenant_id = $1 AND r.id = ANY ($3) AND EXISTS (SELECT FROM service)
ORDER BY r.id FOR NO KEY UPDATE OF r";

/// The board around a start, wide enough that the one with the least to do on that day is known.
pub(super) async fn board(
    scope: &Scope,
    tenant: &Tenant,
    wish: &Wish,
    start: DateTime<Utc>,
) -> Result<Board, ApiError> {
    let margin = TimeDelta::hours(12);
    let (from, to) = (start - margin, start + margin);
    let board = Board::read(scope, tenant, wish, from, to).await?;
    counted(scope, tenant, wish, board, (from, to)).await
}

/// The board on which a start is listed: that of the one who was asked for, or, where no appointment of theirs begins
/// then, that of everybody who gives the service, on which they are named. Their grids may begin at different minutes.
pub(super) async fn listed(
    scope: &Scope,
    tenant: &Tenant,
    wish: &Wish,
    start: DateTime<Utc>,
) -> Result<(Board, Vec<Uuid>), ApiError> {
    let own = board(scope, tenant, wish, start).await?;
    let off_grid = |refusal: &ApiError| refusal.extra().get("reason").is_some_and(|reason| reason == "off_grid");
    let asked = wish.resource.filter(|_| own.choose(start, Freedom::Listed).is_err_and(|refusal| off_grid(&refusal)));
    let Some(asked) = asked else { return Ok((own, Vec::new())) };
    let all = board(scope, tenant, &Wish { resource: None, ..*wish }, start).await?;
    let named = vec![asked];
    if all.choose_named(start, &named).is_ok() { Ok((all, named)) } else { Ok((own, Vec::new())) }
}

/// A board of which the limits are counted alone: one that has limits is read again once nobody else counts.
pub(super) async fn counted(
    scope: &Scope,
    tenant: &Tenant,
    wish: &Wish,
    board: Board,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Board, ApiError> {
    if !board.is_limited() {
        return Ok(board);
    }
    let values: [DbValue; 3] = [scope.tenant()?.0.into(), wish.service.into(), board.limited_resources().into()];
    scope.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, COUNT_ALONE, values)).await?;
    Board::read(scope, tenant, wish, from, to).await
}

/// Whether so many come into the service at all.
pub(super) fn fits(board: &Board, party: u32) -> Result<(), ApiError> {
    let most = board.service.capacity.max(1);
    if party <= most {
        return Ok(());
    }
    let detail = format!("This service takes at most {most} at a time.");
    Err(ApiError::new(Code::RuleViolation, detail.clone()).with_field("#/attendee_count", "maximum", detail))
}

/// Decides a time as it was promised: with its resources, and in the money of which its price was told.
pub(super) fn promised<'a>(board: &'a Board, start: DateTime<Utc>, promise: &Promise) -> Result<Chosen<'a>, ApiError> {
    if promise.currency != board.service.currency {
        return Err(ApiError::of(Code::SlotTokenExpired));
    }
    board.choose_promised(start, &promise.resources)
}

/// Where a booking takes place: by the clock of whom the customer meets.
pub(super) fn home(board: &Board, chosen: &Chosen<'_>) -> Zone {
    let met = chosen.resources.first().and_then(|assigned| board.zone_of(assigned.resource.id));
    met.cloned().unwrap_or_else(Zone::utc)
}

/// A booking that was written, and the expired holds that had to be ended for it. What is left of their time goes on to
/// the line ([`super::waitlist::pass_on`]) once all is placed that is placed together, since the next may want it.
pub(super) struct Placed {
    pub booking: Model,
    pub lapsed: Vec<Hold>,
}

/// Writes a time that the board has, alone or in a class. What was held there and has expired is taken over.
///
/// # Errors
/// 409 when somebody else was faster.
pub(super) async fn write(scope: &Scope, board: &Board, mut taken: Taken) -> Result<Placed, ApiError> {
    let resources = taken.parts.iter().map(|part| part.resource).collect();
    let lapsed = lapse::before(scope, board, resources, taken.start, taken.end).await?;
    let service = &board.service;
    let written = match service.capacity {
        0 | 1 => insert::alone(scope, service, taken).await,
        _ => {
            let Taken { start, end, seats, .. } = taken;
            let sitting = seats::Sitting { parts: &mut taken.parts, start, end, seats };
            let session = seats::take(scope, service, sitting).await.map_err(refused)?;
            insert::seated(scope, service, taken, session).await
        }
    };
    Ok(Placed { booking: written.map_err(refused)?, lapsed })
}

/// A refusal of a time, with others that can be had. Any other refusal stays as it is.
pub(super) async fn with_others(
    scope: &Scope,
    tenant: &Tenant,
    wish: &Wish,
    start: DateTime<Utc>,
    refusal: ApiError,
) -> ApiError {
    if !matches!(refusal.code(), Code::BookingConflict | Code::SlotUnavailable | Code::HoldExpired) {
        return refusal;
    }
    metrics::counter!("booking_conflicts_total").increment(1);
    // gives the connection back first: as many refused ones as the pool is large would wait for each other
    scope.roll_back().await;
    let others = next_free(scope, tenant, wish, start).await;
    let others: Vec<Value> = others
        .iter()
        .map(|offer| json!({ "start": offer.start, "end": offer.end, "local_start": offer.local_start, "resource_id": offer.resource_id }))
        .collect();
    refusal.with("next_free", others)
}

/// A lost race reads like a time that was taken all along.
pub(super) fn refused(error: ApiError) -> ApiError {
    let overlap = std::error::Error::source(&error)
        .and_then(|source| source.downcast_ref::<DbErr>())
        .and_then(database::failure)
        .and_then(|failure| failure.constraint.clone())
        .is_some_and(|constraint| TAKEN.contains(&constraint.as_str()));
    if overlap { ApiError::new(Code::BookingConflict, "This time is taken.").with("reason", "booked") } else { error }
}
