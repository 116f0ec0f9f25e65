//! A visitor's bookings: made with a few details; read, canceled and moved by a token.

use std::sync::Arc;

use ::entity::bookings::Model;
use ::entity::enums::BookingSource;
use ::entity::ids::BookingId;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::paid;
use super::trap;
use super::wanted::Asked;
use crate::app::App;
use crate::db::Scope;
use crate::domains::booking::dto::{PublicBooking, PublicBookingCancel, PublicBookingCreate, PublicReschedule};
use crate::domains::booking::manage;
use crate::domains::booking::service::{self, NewBooking, Terms, Who};
use crate::error::ApiError;
use crate::guard::{Body, Created, Reply, RequiredKey, Tag, Visitor};

/// `/v1/b/{slug}/bookings`
pub struct PublicBookingsApi {
    app: Arc<App>,
}

impl PublicBookingsApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }

    /// The booking with its own token, whichever led to it.
    fn shown(&self, guard: &Visitor, booking: Model) -> Result<PublicBooking, ApiError> {
        let token = manage::seal(&self.app.manage, &guard.tenant, booking.id)?;
        let own = service::own(&guard.tenant, &booking, guard.scope.now());
        Ok(PublicBooking::of(booking, token, own))
    }

    fn made(&self, guard: &Visitor, booking: Model) -> Result<Created<PublicBooking>, ApiError> {
        let shown = self.shown(guard, booking)?;
        let location = format!("/v1/b/{}/bookings/{}", guard.tenant.slug, shown.manage_token);
        Ok(Created::at(location, shown))
    }
}

#[OpenApi(tag = "Tag::Public")]
impl PublicBookingsApi {
    /// Book a time as a visitor
    ///
    /// With the visitor's details and one of the listed free times. Refused with 409 and the next free times when
    /// the time cannot be had. With a `slot_token` resources and price are those that were listed; with a `hold_token` the
    /// time is the one that was held, and once that has expired 409 `TITHI_HOLD_EXPIRED` unless it is still free at the
    /// same price. With `pay_with` it uses what the customer has bought ahead, whom `customer_token` proves; 409
    /// `TITHI_CREDITS_INSUFFICIENT` when there is not so much. Emits `BOOKING_CREATED`, and `BOOKING_CONFIRMED` when nothing needs to be confirmed.
    #[oai(path = "/v1/b/:slug/bookings", method = "post", operation_id = "public_booking_create")]
    async fn create(
        &self,
        guard: Visitor,
        /// Names this attempt, so that a repeat books nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        new: Body<PublicBookingCreate>,
    ) -> Result<Created<PublicBooking>, ApiError> {
        let new = new.0;
        let program = trap::sprung(&guard, new.website.as_ref());
        let asked = Asked {
            slot_token: new.slot_token.map(Into::into),
            hold_token: new.hold_token.map(Into::into),
            hold_id: None,
            service_id: new.service_id,
            resource_id: new.resource_id,
            start_at: new.start_at,
            attendee_count: new.attendee_count,
        };
        let pay = paid::with(&self.app, &guard, false, new.pay_with, new.customer_token.as_deref()).await?;
        let wanted = asked.wanted(&self.app, &guard.scope, &guard.tenant).await?;
        let booking = NewBooking {
            service_id: wanted.service_id,
            resource_id: wanted.resource_id,
            start_at: wanted.start_at,
            end_at: None,
            booking_tz: None,
            who: Who::Contact(new.customer.into()),
            attendee_count: wanted.attendee_count,
            client_generated_id: None,
            notes: new.notes.map(Into::into),
            source: BookingSource::Public,
            terms: Terms {
                promise: wanted.promise,
                hold: wanted.hold,
                pay,
                referral: new.referral_code.map(Into::into),
                ..Terms::default()
            },
        };
        let create = async |scope: &Scope| service::create(scope, &guard.tenant, booking).await;
        let made = trap::unless(program, &guard.scope, create).await?;
        self.made(&guard, made)
    }

    /// Read a booking as the visitor who made it
    ///
    /// By the token that was answered when it was booked; after it was moved, the new booking. As it is now: a booking
    /// is never cached.
    #[oai(path = "/v1/b/:slug/bookings/:manage_token", method = "get", operation_id = "public_booking_get")]
    async fn get(
        &self,
        guard: Visitor,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The token that was answered when it was booked.
        manage_token: Path<String>,
    ) -> Result<Reply<PublicBooking>, ApiError> {
        let id = manage::open::<BookingId>(&self.app.manage, &guard.tenant, &manage_token.0)?;
        let booking = service::newest(&guard.scope, id.0).await?;
        Ok(Reply::new(self.shown(&guard, booking)?))
    }

    /// Cancel a booking as the visitor who made it
    ///
    /// Until `cancellation.until`; later 422 with `reason` and `until`. 409 when it has begun, or is canceled already.
    /// After it was moved, the new booking is canceled. Emits `BOOKING_CANCELED`.
    #[oai(path = "/v1/b/:slug/bookings/:manage_token/cancel", method = "post", operation_id = "public_booking_cancel")]
    async fn cancel(
        &self,
        guard: Visitor,
        /// Names this attempt, so that a repeat cancels nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The token that was answered when it was booked.
        manage_token: Path<String>,
        cancel: Body<PublicBookingCancel>,
    ) -> Result<Reply<PublicBooking>, ApiError> {
        let id = manage::open::<BookingId>(&self.app.manage, &guard.tenant, &manage_token.0)?;
        let reason = cancel.0.reason.map(Into::into);
        let booking = service::cancel_own(&guard.scope, &guard.tenant, id.0, reason).await?;
        Ok(Reply::new(self.shown(&guard, booking)?))
    }

    /// Move a booking as the visitor who made it
    ///
    /// To another listed time of the same resource: notice and horizon count as for a new booking, and where public
    /// bookings wait to be confirmed, so does the new time. Until `rescheduling.until`; later 422 with `reason` and
    /// `until`. 409 when it has begun or is canceled, and with the next free times when the time cannot be had.
    /// Answers the booking that takes its place; the old token leads to it. Emits one `BOOKING_RESCHEDULED` for both.
    #[oai(
        path = "/v1/b/:slug/bookings/:manage_token/reschedule",
        method = "post",
        operation_id = "public_booking_reschedule"
    )]
    async fn reschedule(
        &self,
        guard: Visitor,
        /// Names this attempt, so that a repeat moves nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The token that was answered when it was booked.
        manage_token: Path<String>,
        to: Body<PublicReschedule>,
    ) -> Result<Created<PublicBooking>, ApiError> {
        let id = manage::open::<BookingId>(&self.app.manage, &guard.tenant, &manage_token.0)?;
        let start = to.0.start_at.get();
        let new = service::reschedule_own(&guard.scope, &guard.tenant, id.0, start).await?;
        self.made(&guard, new)
    }
}
