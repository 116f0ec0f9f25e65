//! A visitor's bookings: made with a few details, opened again by a token.

use std::sync::Arc;

use ::entity::enums::BookingSource;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use crate::app::App;
use crate::domains::booking::dto::{PublicBooking, PublicBookingCreate};
use crate::domains::booking::manage;
use crate::domains::booking::service::{self, NewBooking, Terms, Who};
use crate::error::ApiError;
use crate::guard::{Body, Created, Reply, RequiredKey, Tag, Visitor};

/// `/v1/{slug}/bookings`
pub struct PublicBookingsApi {
    app: Arc<App>,
}

impl PublicBookingsApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Public")]
impl PublicBookingsApi {
    /// Book a time as a visitor
    ///
    /// With the visitor's details and one of the listed free times. Refused with 409 and the next free times when
    /// the time cannot be had. Emits `BOOKING_CREATED`, and `BOOKING_CONFIRMED` when nothing needs to be confirmed.
    #[oai(path = "/v1/:slug/bookings", method = "post", operation_id = "public_booking_create")]
    async fn create(
        &self,
        guard: Visitor,
        /// Names this attempt, so that a repeat books nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The business.
        slug: Path<String>,
        new: Body<PublicBookingCreate>,
    ) -> Result<Created<PublicBooking>, ApiError> {
        let new = new.0;
        let booking = NewBooking {
            service_id: new.service_id,
            resource_id: new.resource_id,
            start_at: new.start_at.get(),
            end_at: None,
            booking_tz: None,
            who: Who::Contact(new.customer.into()),
            attendee_count: new.attendee_count,
            client_generated_id: None,
            notes: new.notes.map(Into::into),
            source: BookingSource::Public,
            terms: Terms::default(),
        };
        let made = service::create(&guard.scope, &guard.tenant, booking).await?;
        let token = manage::seal(&self.app.manage, &guard.tenant, made.id)?;
        Ok(Created::at(format!("/v1/{}/bookings/{token}", slug.0), PublicBooking::of(made, token)))
    }

    /// Read a booking as the visitor who made it
    ///
    /// By the token that was answered when it was booked. As it is now: a booking is never cached.
    #[oai(path = "/v1/:slug/bookings/:manage_token", method = "get", operation_id = "public_booking_get")]
    async fn get(
        &self,
        guard: Visitor,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The token that was answered when it was booked.
        manage_token: Path<String>,
    ) -> Result<Reply<PublicBooking>, ApiError> {
        let id = manage::open(&self.app.manage, &guard.tenant, &manage_token.0)?;
        let booking = service::get(&guard.scope, id.0).await?;
        Ok(Reply::new(PublicBooking::of(booking, manage_token.0)))
    }
}
