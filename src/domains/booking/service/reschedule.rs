//! Another time for a booking: the old one gives its time up, then a new one takes the wanted time, both in
//! this transaction. So a booking can move by a quarter of an hour over its own time, and a refusal leaves
//! everything as it was.

use ::entity::booking_holds::Model as Hold;
use ::entity::bookings::{Column, Entity, Model};
use ::entity::enums::{BookingStatus, CanceledBy};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::cancel::give_up;
use super::insert::{Taken, usual_total};
use super::payment::Money;
use super::take::Placed;
use super::{cover, customer_limits, take, waitlist};
use crate::db::{Scope, row};
use crate::domains::booking::events;
use crate::domains::booking::rules::RESCHEDULE;
use crate::domains::scheduling::slots::{Audience, Freedom, Wish};
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};

/// Where a booking is to go.
#[derive(Clone, Copy, Debug)]
pub struct NewTime {
    pub start_at: DateTime<Utc>,
    /// `None`: with whom it is now.
    pub resource_id: Option<Uuid>,
    pub freedom: Freedom,
    pub by: CanceledBy,
}

/// Moves a booking for whoever asks: answers the new one, which is linked to the old one. A customer keeps to
/// what the public may book, and a new time waits to be confirmed where any public booking would.
///
/// # Errors
/// 404, 409 when it is past being moved, 409 with the next free times when the time cannot be had.
pub async fn reschedule(scope: &Scope, tenant: &Tenant, id: Uuid, to: NewTime) -> Result<Model, ApiError> {
    let moved = shift(scope, tenant, id, to).await?;
    moved.pass_on(scope).await?;
    Ok(moved.new)
}

/// A booking and the one that took its place.
pub struct Moved {
    pub old: Model,
    pub new: Model,
    lapsed: Vec<Hold>,
}

impl Moved {
    /// Offers what the old one left, and what had expired where the new one is.
    ///
    /// # Errors
    /// When all of it may be tried again.
    pub async fn pass_on(&self, scope: &Scope) -> Result<(), ApiError> {
        waitlist::offer_freed(scope, &self.old).await?;
        waitlist::pass_on(scope, &self.lapsed, waitlist::ON_THE_WAY).await
    }
}

/// Moves a booking as one of several: what they leave is offered to nobody before the last has moved, since the next
/// may want it.
///
/// # Errors
/// As [`reschedule`].
pub async fn shift(scope: &Scope, tenant: &Tenant, id: Uuid, to: NewTime) -> Result<Moved, ApiError> {
    // locked: what it is now decides what the new one will be
    let found = row::live::<Entity>(scope)?.filter(Column::Id.eq(id)).lock_exclusive().one(scope).await?;
    let old = found.ok_or_else(|| ApiError::of(Code::BookingNotFound))?;
    let wish = Wish {
        service: old.service_id.0,
        resource: Some(to.resource_id.unwrap_or(old.resource_id.0)),
        party: u32::try_from(old.attendee_count).unwrap_or(1),
        audience: if to.by == CanceledBy::Customer { Audience::Public } else { Audience::Staff },
    };
    match replace(scope, tenant, &wish, &old, to).await {
        Ok(Placed { booking: new, lapsed }) => {
            scope.emit(events::rescheduled(&old, &new));
            Ok(Moved { old, new, lapsed })
        }
        Err(refusal) => Err(take::with_others(scope, tenant, &wish, to.start_at, refusal).await),
    }
}

async fn replace(scope: &Scope, tenant: &Tenant, wish: &Wish, old: &Model, to: NewTime) -> Result<Placed, ApiError> {
    give_up(scope, old.id.0, &RESCHEDULE, to.by, None).await?;
    let (board, named) = match to.freedom {
        Freedom::Listed => take::listed(scope, tenant, wish, to.start_at).await?,
        _ => (take::board(scope, tenant, wish, to.start_at).await?, Vec::new()),
    };
    let chosen = match named.is_empty() {
        true => board.choose(to.start_at, to.freedom)?,
        false => board.choose_named(to.start_at, &named)?,
    };
    let customer = to.by == CanceledBy::Customer;
    if customer {
        customer_limits::check(scope, &board, old.customer_id, &chosen).await?;
    }
    let waits = customer && (board.service.requires_confirmation || !board.auto_confirm);
    let taken = Taken {
        id: scope.new_id(),
        customer: old.customer_id,
        home: take::home(&board, &chosen),
        parts: chosen.resources.iter().map(Into::into).collect(),
        start: chosen.start,
        end: chosen.end,
        status: if waits { BookingStatus::Pending } else { old.status },
        source: old.source,
        seats: wish.party,
        tz: Some(old.booking_tz.clone()),
        // the name that the caller gave is the old one's: it is never booked twice
        client_generated_id: None,
        notes: old.notes.clone(),
        rescheduled_from: Some(old.id),
        series: old.series_id.zip(old.series_index.and_then(|index| u32::try_from(index).ok())),
        itinerary: old.itinerary_id,
        overbooked: chosen.overbooked,
        unlisted: chosen.unlisted,
        total_cents: usual_total(&board.service, wish.party),
        money: Money::Carried(Box::new(old.clone())),
    };
    let placed = take::write(scope, &board, taken).await?;
    Ok(Placed { booking: cover::follow(scope, old, placed.booking).await?, ..placed })
}
