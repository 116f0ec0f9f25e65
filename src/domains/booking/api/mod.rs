//! The operations on bookings: what members list, make and read. `moves` leads a booking through its life,
//! `moved` lists what newer zone rules move, `customer` is one customer's history, `public` the visitor's side.

mod coverage;
mod customer;
mod holds;
mod invoices;
mod itinerary;
mod moved;
mod moves;
mod paid;
mod public;
mod public_holds;
mod public_waitlist;
mod series;
mod trap;
mod waitlist;
mod wanted;

use std::sync::Arc;

use ::entity::bookings::Entity;
use ::entity::enums::BookingSource;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

pub use coverage::{CoverageApi, PublicCreditsApi};
pub use customer::CustomerBookingsApi;
pub use holds::HoldsApi;
pub use invoices::PublicInvoicesApi;
pub use itinerary::{ItinerariesApi, PublicItinerariesApi};
pub use moved::MovedBookingsApi;
pub use moves::BookingMovesApi;
pub use public::PublicBookingsApi;
pub use public_holds::PublicHoldsApi;
pub use public_waitlist::PublicWaitlistApi;
pub use series::BookingSeriesApi;
pub use waitlist::WaitlistApi;
use wanted::{Asked, Wanted};

use super::dto::{
    Booking, BookingCreate, BookingCustomer, BookingExpand, BookingOverride, BookingSort, BookingStatus, BookingUpdate,
};
use super::manage;
use super::service::{self, BookingFilter, NewBooking, Pay, Terms, Who};
use crate::app::App;
use crate::db::Scope;
use crate::db::keyset::Walk;
use crate::db::row;
use crate::domains::crm::NewContact;
use crate::domains::identity::Person;
use crate::domains::identity::permission::{BookingOverridden, BookingRead, BookingWrite, CustomerRead};
use crate::error::{ApiError, Code};
use crate::guard::{
    Anyone, Body, Can, Created, Date, IfMatch, Listing, Page, Reply, RequiredKey, Tag, Text, Timestamp,
};
use crate::kernel::zone::Zone;

/// `/api/v1/bookings`
pub struct BookingsApi {
    app: Arc<App>,
}

impl BookingsApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

impl From<BookingCustomer> for NewContact {
    fn from(customer: BookingCustomer) -> Self {
        Self {
            display_name: customer.display_name.into(),
            email: customer.email.into(),
            phone: customer.phone.map(Into::into),
            marketing_opt_in: customer.marketing_opt_in,
        }
    }
}

#[OpenApi(tag = "Tag::Bookings")]
impl BookingsApi {
    /// List bookings
    ///
    /// By the start, soonest first, unless another order is asked for.
    #[oai(path = "/api/v1/bookings", method = "get", operation_id = "booking_list")]
    #[expect(clippy::too_many_arguments, reason = "each filter is an argument, so that it stands in the document")]
    async fn list(
        &self,
        guard: Can<BookingRead>,
        page: Page,
        /// Only these states; give it more than once for several.
        #[oai(validator(max_items = 7))]
        status: Query<Vec<BookingStatus>>,
        /// The first date of the start, in the business's zone.
        start_date: Query<Option<Date>>,
        /// The last date of the start, in the business's zone.
        end_date: Query<Option<Date>>,
        /// Only those of this customer.
        customer_id: Query<Option<Uuid>>,
        /// Only those whose customer's name or e-mail address contains this text; asks for `customer.read` too.
        q: Query<Option<Text<1, 100>>>,
        /// Only those of this service.
        service_id: Query<Option<Uuid>>,
        /// Only those with this resource.
        resource_id: Query<Option<Uuid>>,
        /// Only those that were changed since.
        updated_since: Query<Option<Timestamp>>,
        /// The order.
        sort: Query<Option<BookingSort>>,
    ) -> Result<Reply<Listing<Booking>>, ApiError> {
        if q.0.is_some() {
            guard.also::<CustomerRead>()?;
        }
        let zone = Zone::parse(&guard.tenant.tz).map_err(ApiError::internal)?;
        let filter = BookingFilter {
            status: status.0.into_iter().map(Into::into).collect(),
            from: start_date.0.map(|Date(date)| zone.dates(date, date).start),
            to: end_date.0.map(|Date(date)| zone.dates(date, date).end),
            customer_id: customer_id.0,
            customer: q.0.map(Into::into),
            service_id: service_id.0,
            resource_id: resource_id.0,
            updated_since: updated_since.0.map(Timestamp::get),
        };
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(Reply::new(service::list(&guard.scope, walk, &filter).await?))
    }

    /// Make a booking
    ///
    /// Members book any free time for a customer or with a customer's details; the public books with its own
    /// details, within notice and horizon. Refused with 409 and the next free times when the time cannot be had.
    /// With a `slot_token` resources and price are those that were listed; with a hold the time is the one that was held,
    /// and once that has expired 409 `TITHI_HOLD_EXPIRED` unless it is still free at the same price. The public is answered
    /// a `manage_token`, which opens the booking again under `/v1/b/{slug}/bookings`.
    /// With `pay_with` it uses what the customer has bought ahead: the public shows a `customer_token`; 409
    /// `TITHI_CREDITS_INSUFFICIENT` when there is not so much.
    /// A `client_generated_id` that was booked before answers that booking. Emits `BOOKING_CREATED`, and
    /// `BOOKING_CONFIRMED` when nothing needs to be confirmed.
    #[oai(path = "/api/v1/bookings", method = "post", operation_id = "booking_create")]
    async fn create(
        &self,
        guard: Anyone,
        /// Names this attempt, so that a repeat books nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        new: Body<BookingCreate>,
    ) -> Result<Created<Booking>, ApiError> {
        let member = guard.may::<BookingWrite>();
        if guard.member.is_some() && !member {
            return Err(ApiError::new(Code::AuthForbidden, "This needs the permission booking.write."));
        }
        let mut new = new.0;
        if new.beyond.is_some() && !member {
            return Err(ApiError::field("#/override", "forbidden", "Only members book what is not listed."));
        }
        may_override(guard.member.as_ref(), new.beyond)?;
        let program = trap::sprung(&guard, new.website.as_ref());
        let asked = asked(&mut new, member)?;
        let pay = paid::with(&self.app, &guard, member, new.pay_with, new.customer_token.as_deref()).await?;
        let wanted = asked.wanted(&self.app, &guard.scope, &guard.tenant).await?;
        let new = new_booking(new, wanted, member, pay)?;
        let create = async |scope: &Scope| service::create(scope, &guard.tenant, new).await;
        let made = trap::unless(program, &guard.scope, create).await?;
        let etag = row::tag::<Entity>(&made);
        let manage_token = match guard.member {
            Some(_) => None,
            None => Some(manage::seal(&self.app.manage, &guard.tenant, made.id)?),
        };
        let shown = Booking { manage_token, ..Booking::from(made) };
        Ok(Created::at(format!("/api/v1/bookings/{}", shown.id), shown).tagged(etag))
    }

    /// Read a booking
    ///
    /// As it is now: a booking is never cached.
    #[oai(path = "/api/v1/bookings/:booking_id", method = "get", operation_id = "booking_get")]
    async fn get(
        &self,
        guard: Can<BookingRead>,
        /// The booking's id.
        booking_id: Path<Uuid>,
        /// What is told beside the booking itself.
        #[oai(validator(max_items = 1))]
        expand: Query<Vec<BookingExpand>>,
    ) -> Result<Reply<Booking>, ApiError> {
        let booking = service::get(&guard.scope, booking_id.0).await?;
        let items = match expand.0.contains(&BookingExpand::Items) {
            true => Some(service::items(&guard.scope, booking_id.0).await?.into_iter().map(Into::into).collect()),
            false => None,
        };
        let etag = row::tag::<Entity>(&booking);
        Ok(Reply::new(Booking { items, ..Booking::from(booking) }).tagged(etag))
    }

    /// Change a booking's notes
    ///
    /// In any state; nothing else changes. Emits `BOOKING_UPDATED` when they are others than before.
    #[oai(path = "/api/v1/bookings/:booking_id", method = "patch", operation_id = "booking_update")]
    async fn update(
        &self,
        guard: Can<BookingWrite>,
        /// The booking's id.
        booking_id: Path<Uuid>,
        /// The tag of the state that the change was made from.
        if_match: IfMatch,
        change: Body<BookingUpdate>,
    ) -> Result<Reply<Booking>, ApiError> {
        let notes = change.0.notes.map(Into::into);
        let booking = service::write_notes(&guard.scope, booking_id.0, &if_match, notes).await?;
        let etag = row::tag::<Entity>(&booking);
        Ok(Reply::new(Booking::from(booking)).tagged(etag))
    }
}

/// Over somebody else's time only books who may.
pub(super) fn may_override(who: Option<&Person>, beyond: Option<BookingOverride>) -> Result<(), ApiError> {
    if beyond == Some(BookingOverride::Overbook) && !who.is_some_and(Person::may::<BookingOverridden>) {
        return Err(ApiError::new(Code::AuthForbidden, "This needs the permission booking.override."));
    }
    Ok(())
}

/// For whom: a customer that exists, or the details of one.
fn who(customer_id: Option<Uuid>, customer: Option<BookingCustomer>, member: bool) -> Result<Who, ApiError> {
    match (customer_id, customer) {
        (Some(id), None) if member => Ok(Who::Known(id)),
        (Some(_), None) => Err(ApiError::field(
            "#/customer_id",
            "forbidden",
            "Only members may name a customer; give customer instead.",
        )),
        (None, Some(customer)) => Ok(Who::Contact(customer.into())),
        (None, None) => Err(ApiError::field("#/customer", "required", "Give customer_id or customer.")),
        (Some(_), Some(_)) => Err(ApiError::field("#/customer", "conflict", "Give customer_id or customer, not both.")),
    }
}

/// Which time is asked for. A plain id is no proof: only members book by it.
fn asked(new: &mut BookingCreate, member: bool) -> Result<Asked, ApiError> {
    if new.hold_id.is_some() && !member {
        return Err(ApiError::field(
            "#/hold_id",
            "forbidden",
            "Only members may name a hold; give hold_token instead.",
        ));
    }
    Ok(Asked {
        slot_token: new.slot_token.take().map(Into::into),
        hold_token: new.hold_token.take().map(Into::into),
        hold_id: new.hold_id,
        service_id: new.service_id,
        resource_id: new.resource_id,
        start_at: new.start_at,
        attendee_count: new.attendee_count,
    })
}

fn new_booking(new: BookingCreate, wanted: Wanted, member: bool, pay: Option<Pay>) -> Result<NewBooking, ApiError> {
    let who = who(new.customer_id, new.customer, member)?;
    if new.client_generated_id.is_some() && !member {
        // it answers the booking that has it: a stranger could ask for everybody's
        return Err(ApiError::field(
            "#/client_generated_id",
            "forbidden",
            "Only members may give a booking an id of their own.",
        ));
    }
    let booking_tz: Option<String> = new.booking_tz.map(Into::into);
    if booking_tz.as_deref().is_some_and(|name| Zone::parse(name).is_err()) {
        return Err(ApiError::field("#/booking_tz", "zone", "This is no IANA time zone."));
    }
    Ok(NewBooking {
        service_id: wanted.service_id,
        resource_id: wanted.resource_id,
        start_at: wanted.start_at,
        end_at: new.end_at.map(Timestamp::get),
        booking_tz,
        who,
        attendee_count: wanted.attendee_count,
        client_generated_id: new.client_generated_id.map(Into::into),
        notes: new.notes.map(Into::into),
        source: if member { BookingSource::Staff } else { BookingSource::Public },
        terms: Terms {
            freedom: new.beyond.map(Into::into).unwrap_or_default(),
            promise: wanted.promise,
            hold: wanted.hold,
            pay,
            referral: new.referral_code.map(Into::into),
            ..Terms::default()
        },
    })
}
