//! One decision about many bookings: by the verbs of one, in one transaction. The first that is refused is named, and
//! nothing is done.

use std::collections::{BTreeMap, HashMap};

use ::entity::bookings::{Entity, Model};
use ::entity::enums::CanceledBy;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::json;
use uuid::Uuid;

use super::desk_time;
use super::message::{self, Letter, Queued};
use crate::db::{Scope, row};
use crate::domains::audit::{self, Note};
use crate::domains::booking::admin::events;
use crate::domains::booking::rules::CONFIRM;
use crate::domains::booking::service;
use crate::domains::tenancy::Tenant;
use crate::error::ApiError;

/// What is to be done to each.
#[derive(Clone, Debug)]
pub enum Action {
    Confirm,
    Cancel { reason: Option<String> },
    Reschedule(Shift),
    Message(Letter),
}

/// Where each is to go.
#[derive(Clone, Debug)]
pub enum Shift {
    By(TimeDelta),
    To(BTreeMap<Uuid, DateTime<Utc>>),
}

/// What was done.
#[derive(Clone, Debug)]
pub struct Done {
    /// The bookings as they stand now, in the order in which they were named.
    pub bookings: Vec<Uuid>,
    /// Of messages only.
    pub queued: Option<Queued>,
}

/// Frees the time of bookings ahead of their being moved, so that they may change places. The exclusion constraint
/// looks at what the transaction leaves; each booking's own move finds its time given up already. Seats of a class are
/// counted, not held: they are given up by the move itself.
const RELEASE: &str = "
UPDATE app.booking_allocations SET state = 'canceled' WHERE tenant_id = $1 AND booking_id = ANY ($2)";

/// Does it to all of them.
///
/// # Errors
/// 404 with all that are not there; 409 as the first refusal says, with the booking that it is about.
pub async fn act(scope: &Scope, tenant: &Tenant, ids: &[Uuid], action: Action) -> Result<Done, ApiError> {
    let held = row::lock_all::<Entity>(scope, ids, "booking_ids").await?;
    let (word, operation) = match &action {
        Action::Confirm => ("confirm", "BULK_CONFIRM"),
        Action::Cancel { .. } => ("cancel", "BULK_CANCEL"),
        Action::Reschedule(_) => ("reschedule", "BULK_RESCHEDULE"),
        Action::Message(_) => ("message", "BULK_MESSAGE"),
    };
    let mut bookings = ids.to_vec();
    let mut queued = None;
    match action {
        Action::Confirm => {
            for (at, id) in ids.iter().enumerate() {
                service::step(scope, *id, &CONFIRM).await.map_err(|refusal| about(refusal, at, *id))?;
            }
        }
        Action::Cancel { reason } => {
            for (at, id) in ids.iter().enumerate() {
                let canceled = service::cancel(scope, *id, CanceledBy::Staff, reason.clone()).await;
                canceled.map_err(|refusal| about(refusal, at, *id))?;
            }
        }
        Action::Reschedule(shift) => bookings = reschedule(scope, tenant, ids, &held, &shift).await?,
        Action::Message(letter) => queued = Some(message::queue_to(scope, ids, &letter).await?),
    }
    let event = events::bulk(scope, word, &bookings);
    let data = json!({ "bulk_id": event.aggregate_id, "booking_count": ids.len() });
    audit::note_each(scope, Note { table: "bookings", operation, data }, ids.iter().copied()).await?;
    scope.emit(event);
    Ok(Done { bookings, queued })
}

async fn reschedule(
    scope: &Scope,
    tenant: &Tenant,
    ids: &[Uuid],
    held: &HashMap<Uuid, Model>,
    shift: &Shift,
) -> Result<Vec<Uuid>, ApiError> {
    let target = |booking: &Model| match shift {
        Shift::By(minutes) => booking.start_at.checked_add_signed(*minutes).unwrap_or(booking.start_at),
        Shift::To(starts) => starts.get(&booking.id.0).copied().unwrap_or(booking.start_at),
    };
    let mut moves: Vec<(usize, Uuid, DateTime<Utc>, DateTime<Utc>)> = ids
        .iter()
        .enumerate()
        .filter_map(|(at, id)| held.get(id).map(|booking| (at, *id, booking.start_at, target(booking))))
        .collect();
    // whoever goes far goes first: seats of a class are free once those before have left
    moves.sort_by_key(|(at, _, from, to)| (if to >= from { -to.timestamp() } else { to.timestamp() }, *at));
    let values: [sea_orm::Value; 2] = [scope.tenant()?.0.into(), ids.to_vec().into()];
    scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, RELEASE, values)).await?;
    let (mut moved, mut left) = (ids.to_vec(), Vec::with_capacity(ids.len()));
    for (at, id, _, start_at) in moves {
        let one = service::shift(scope, tenant, id, desk_time(start_at)).await;
        let one = one.map_err(|refusal| about(refusal, at, id))?;
        if let Some(place) = moved.get_mut(at) {
            *place = one.new.id.0;
        }
        left.push(one);
    }
    for one in &left {
        one.pass_on(scope).await?;
    }
    Ok(moved)
}

/// A refusal of one of many says which.
fn about(refusal: ApiError, at: usize, id: Uuid) -> ApiError {
    if refusal.is_ours() {
        return refusal;
    }
    let detail = refusal.detail().to_owned();
    refusal.with_field(format!("#/booking_ids/{at}"), "refused", detail).with("booking_id", id.to_string())
}
