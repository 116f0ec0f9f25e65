//! Makes a booking: for a customer who is known, or found by e-mail, or new.

use ::entity::bookings::{Column, Entity, Model};
use ::entity::customers;
use ::entity::enums::{BookingSource, BookingStatus};
use ::entity::ids::{BookingHoldId, BookingSeriesId, CustomerId};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::cover::{self, Pay};
use super::insert::{Taken, usual_total};
use super::payment::{Money, await_payment};
use super::take::Placed;
use super::{customer_limits, hold, referral, take, waitlist};
use crate::db::Scope;
use crate::domains::booking::events;
use crate::domains::booking::rules::CONFIRM;
use crate::domains::crm::{self, NewContact};
use crate::domains::scheduling::slots::{Audience, Freedom, Wish};
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};
use crate::guard::Timestamp;

/// Who the booking is for.
#[derive(Clone, Debug)]
pub enum Who {
    /// A customer that exists.
    Known(Uuid),
    /// Found by e-mail, or made.
    Contact(NewContact),
    /// A customer that was looked up in this transaction.
    Seen(CustomerId),
}

/// A booking to be made.
#[derive(Clone, Debug)]
pub struct NewBooking {
    pub service_id: Uuid,
    pub resource_id: Option<Uuid>,
    pub start_at: DateTime<Utc>,
    pub end_at: Option<DateTime<Utc>>,
    pub booking_tz: Option<String>,
    pub who: Who,
    pub attendee_count: u32,
    pub client_generated_id: Option<String>,
    pub notes: Option<String>,
    pub source: BookingSource,
    pub terms: Terms,
}

/// On what terms a booking is made; those of everybody by default.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    pub freedom: Freedom,
    /// What was promised before.
    pub promise: Option<Promise>,
    /// The time that was held before: it is this booking's.
    pub hold: Option<BookingHoldId>,
    /// The rule of repetition that it comes of, and its place there.
    pub series: Option<(BookingSeriesId, u32)>,
    /// The visit that it belongs to.
    pub itinerary: Option<Uuid>,
    /// Resources that were chosen from a list, whoever else is free.
    pub named: Vec<Uuid>,
    /// What it is paid with instead of money.
    pub pay: Option<Pay>,
    /// The code of whoever brought the customer along.
    pub referral: Option<String>,
}

impl Terms {
    /// A listed time and nothing else.
    fn is_plain(&self) -> bool {
        let promised = self.promise.is_some() || self.hold.is_some() || !self.named.is_empty();
        self.freedom == Freedom::Listed && !promised
    }
}

/// A time that was offered with its resources and its price.
#[derive(Clone, Debug)]
pub struct Promise {
    /// In the order of the service's needs.
    pub resources: Vec<Uuid>,
    /// Of all seats.
    pub total_cents: i64,
    /// ISO 4217 code.
    pub currency: String,
}

/// Makes a booking; a client's own id that was booked before answers that booking.
///
/// # Errors
/// 404 for a service, resource or customer that is not there, 409 with the next free times when the time
/// cannot be had.
pub async fn create(scope: &Scope, tenant: &Tenant, new: NewBooking) -> Result<Model, ApiError> {
    if let Some(booking) = booked_before(scope, new.client_generated_id.as_deref()).await? {
        return Ok(booking);
    }
    let wish = new.wish();
    match make(scope, tenant, &wish, new.clone()).await {
        Ok(placed) => {
            waitlist::pass_on(scope, &placed.lapsed, waitlist::ON_THE_WAY).await?;
            Ok(placed.booking)
        }
        Err(refusal) => {
            let refusal = if new.terms.hold.is_some() { hold::too_late(refusal) } else { refusal };
            Err(take::with_others(scope, tenant, &wish, new.start_at, refusal).await)
        }
    }
}

impl NewBooking {
    pub(super) fn wish(&self) -> Wish {
        let audience = if self.source == BookingSource::Staff { Audience::Staff } else { Audience::Public };
        Wish { service: self.service_id, resource: self.resource_id, party: self.attendee_count, audience }
    }
}

/// Makes a booking and tells it. A refusal leaves the transaction to the caller, and what lapsed is theirs to pass on.
pub(super) async fn make(scope: &Scope, tenant: &Tenant, wish: &Wish, new: NewBooking) -> Result<Placed, ApiError> {
    let (pay, referral) = (new.terms.pay, new.terms.referral.clone());
    let mut placed = place(scope, tenant, wish, new).await?;
    if let Some(pay) = pay {
        placed.booking = cover::pay(scope, placed.booking, pay).await?;
    }
    if let Some(code) = referral {
        referral::claim(scope, &placed.booking, &code).await?;
    }
    let booking = &placed.booking;
    scope.emit(events::created(booking));
    if booking.status == BookingStatus::Confirmed {
        scope.emit(events::moved(&CONFIRM, booking));
    }
    let source = booking.source.as_str();
    scope.after_commit(async move { metrics::counter!("bookings_created_total", "source" => source).increment(1) });
    Ok(placed)
}

async fn place(scope: &Scope, tenant: &Tenant, wish: &Wish, new: NewBooking) -> Result<Placed, ApiError> {
    let (board, named) = match new.terms.is_plain() {
        true => take::listed(scope, tenant, wish, new.start_at).await?,
        false => (take::board(scope, tenant, wish, new.start_at).await?, new.terms.named.clone()),
    };
    take::fits(&board, new.attendee_count)?;
    let held = match new.terms.hold {
        Some(id) => hold::claim(scope, id, &board).await?,
        None => None,
    };
    let chosen = match (&held, &new.terms.promise) {
        (Some(held), _) => board.held(held.row.start_at, held.row.end_at, &held.resources())?,
        (None, Some(promise)) => take::promised(&board, new.start_at, promise)?,
        (None, None) if !named.is_empty() => board.choose_named(new.start_at, &named)?,
        (None, None) => board.choose(new.start_at, new.terms.freedom)?,
    };
    if new.end_at.is_some_and(|end| end != chosen.end) {
        let end = Timestamp::new(chosen.end);
        return Err(ApiError::field(
            "#/end_at",
            "mismatch",
            format!("This service ends at {}.", serde_json::json!(end).as_str().unwrap_or_default()),
        ));
    }
    let by_hand = board.service.requires_confirmation || (wish.audience == Audience::Public && !board.auto_confirm);
    let promised = held.as_ref().map(|held| held.row.total_cents);
    let promised = promised.or(new.terms.promise.as_ref().map(|promise| promise.total_cents));
    let total_cents = promised.unwrap_or_else(|| usual_total(&board.service, new.attendee_count));
    let (terms, due_at) = await_payment(&board, new.source, total_cents, scope.now());
    // what is paid with a package or with credits is paid
    let due_at = due_at.filter(|_| new.terms.pay.is_none());
    let waits = by_hand || due_at.is_some();
    let customer = customer(scope, new.who).await?;
    if new.terms.freedom == Freedom::Listed {
        customer_limits::check(scope, &board, customer, &chosen).await?;
    }
    let taken = Taken {
        id: scope.new_id(),
        customer,
        home: take::home(&board, &chosen),
        parts: chosen.resources.iter().map(Into::into).collect(),
        start: chosen.start,
        end: chosen.end,
        status: if waits { BookingStatus::Pending } else { BookingStatus::Confirmed },
        source: new.source,
        seats: new.attendee_count,
        tz: new.booking_tz,
        client_generated_id: new.client_generated_id,
        notes: new.notes,
        rescheduled_from: None,
        series: new.terms.series,
        itinerary: new.terms.itinerary,
        overbooked: chosen.overbooked,
        unlisted: chosen.unlisted,
        total_cents,
        money: Money::Asked { terms, due_at, by_hand },
    };
    let expired = new.terms.hold.filter(|_| held.is_none());
    let placed = match held {
        Some(held) => Placed { booking: hold::redeem(scope, &board, held, taken).await?, lapsed: Vec::new() },
        None => take::write(scope, &board, taken).await?,
    };
    if let Some(hold) = expired {
        waitlist::served(scope, hold, placed.booking.id).await?;
    }
    Ok(placed)
}

async fn booked_before(scope: &Scope, client_generated_id: Option<&str>) -> Result<Option<Model>, ApiError> {
    let Some(id) = client_generated_id else { return Ok(None) };
    let find = Entity::find().filter(Column::TenantId.eq(scope.tenant()?)).filter(Column::ClientGeneratedId.eq(id));
    Ok(find.one(scope).await?)
}

pub(super) async fn customer(scope: &Scope, who: Who) -> Result<CustomerId, ApiError> {
    match who {
        Who::Seen(id) => Ok(id),
        Who::Contact(contact) => crm::find_or_create(scope, contact).await,
        Who::Known(id) => {
            let found = customers::Entity::find()
                .filter(customers::Column::TenantId.eq(scope.tenant()?))
                .filter(customers::Column::Id.eq(id))
                .filter(customers::Column::DeletedAt.is_null())
                .count(scope)
                .await?;
            if found == 0 { Err(ApiError::of(Code::CustomerNotFound)) } else { Ok(CustomerId(id)) }
        }
    }
}
