//! The steps of a booking's life. Each is taken once, however often and from wherever it is asked for.

use std::sync::Arc;

use ::entity::bookings::{Entity, Model};
use ::entity::enums::CanceledBy;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::may_override;
use crate::app::App;
use crate::db::row;
use crate::domains::booking::dto::{Booking, BookingCancel, BookingReschedule};
use crate::domains::booking::rules::{CHECK_IN, COMPLETE, CONFIRM, NO_SHOW};
use crate::domains::booking::service::{self, NewTime};
use crate::domains::identity::permission::BookingWrite;
use crate::error::ApiError;
use crate::guard::{Body, Can, Created, Reply, RequiredKey, Tag};

/// `/api/v1/bookings/{booking_id}/..`
pub struct BookingMovesApi;

impl BookingMovesApi {
    pub fn new(_: &Arc<App>) -> Self {
        Self
    }
}

fn reply(booking: Model) -> Reply<Booking> {
    let etag = row::tag::<Entity>(&booking);
    Reply::new(Booking::from(booking)).tagged(etag)
}

#[OpenApi(tag = "Tag::Bookings")]
impl BookingMovesApi {
    /// Confirm a booking
    ///
    /// From pending only; 409 otherwise. Emits `BOOKING_CONFIRMED`.
    #[oai(path = "/api/v1/bookings/:booking_id/confirm", method = "post", operation_id = "booking_confirm")]
    async fn confirm(
        &self,
        guard: Can<BookingWrite>,
        /// Names this attempt, so that a repeat confirms nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The booking's id.
        booking_id: Path<Uuid>,
    ) -> Result<Reply<Booking>, ApiError> {
        Ok(reply(service::step(&guard.scope, booking_id.0, &CONFIRM).await?))
    }

    /// Cancel a booking
    ///
    /// From pending or confirmed; 409 otherwise. The time is free at once. Emits `BOOKING_CANCELED`.
    #[oai(path = "/api/v1/bookings/:booking_id/cancel", method = "post", operation_id = "booking_cancel")]
    async fn cancel(
        &self,
        guard: Can<BookingWrite>,
        /// Names this attempt, so that a repeat cancels nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The booking's id.
        booking_id: Path<Uuid>,
        cancel: Body<BookingCancel>,
    ) -> Result<Reply<Booking>, ApiError> {
        let reason = cancel.0.reason.map(Into::into);
        Ok(reply(service::cancel(&guard.scope, booking_id.0, CanceledBy::Staff, reason).await?))
    }

    /// Check a customer in
    ///
    /// The customer is there, early or late. From confirmed only; 409 otherwise. Emits `BOOKING_CHECKED_IN`.
    #[oai(path = "/api/v1/bookings/:booking_id/check-in", method = "post", operation_id = "booking_check_in")]
    async fn check_in(
        &self,
        guard: Can<BookingWrite>,
        /// Names this attempt, so that a repeat checks nobody in twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The booking's id.
        booking_id: Path<Uuid>,
    ) -> Result<Reply<Booking>, ApiError> {
        Ok(reply(service::step(&guard.scope, booking_id.0, &CHECK_IN).await?))
    }

    /// Complete a booking
    ///
    /// It took place. From checked in only; 409 otherwise. Emits `BOOKING_COMPLETED`.
    #[oai(path = "/api/v1/bookings/:booking_id/complete", method = "post", operation_id = "booking_complete")]
    async fn complete(
        &self,
        guard: Can<BookingWrite>,
        /// Names this attempt, so that a repeat completes nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The booking's id.
        booking_id: Path<Uuid>,
    ) -> Result<Reply<Booking>, ApiError> {
        Ok(reply(service::step(&guard.scope, booking_id.0, &COMPLETE).await?))
    }

    /// Mark a booking as a no-show
    ///
    /// The customer did not come. From confirmed, and not before the booking begins; 409 otherwise. Seats of a class
    /// stay taken. Emits `BOOKING_NO_SHOW`.
    #[oai(path = "/api/v1/bookings/:booking_id/no-show", method = "post", operation_id = "booking_no_show")]
    async fn no_show(
        &self,
        guard: Can<BookingWrite>,
        /// Names this attempt, so that a repeat marks nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The booking's id.
        booking_id: Path<Uuid>,
    ) -> Result<Reply<Booking>, ApiError> {
        Ok(reply(service::step(&guard.scope, booking_id.0, &NO_SHOW).await?))
    }

    /// Reschedule a booking
    ///
    /// A new booking takes the place of this one, which is canceled: same customer, party, notes and state, at the
    /// service's price of today, linked by `rescheduled_from`. With whom it is now, unless `resource_id` names another.
    /// From pending or confirmed; 409 otherwise. When the time cannot be had, 409 with the next free times, and nothing
    /// has changed. Emits one `BOOKING_RESCHEDULED` for both.
    #[oai(path = "/api/v1/bookings/:booking_id/reschedule", method = "post", operation_id = "booking_reschedule")]
    async fn reschedule(
        &self,
        guard: Can<BookingWrite>,
        /// Names this attempt, so that a repeat moves nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The booking's id.
        booking_id: Path<Uuid>,
        to: Body<BookingReschedule>,
    ) -> Result<Created<Booking>, ApiError> {
        may_override(Some(&guard.person), to.0.beyond)?;
        let freedom = to.0.beyond.map(Into::into).unwrap_or_default();
        let (start_at, resource_id) = (to.0.start_at.get(), to.0.resource_id);
        let to = NewTime { start_at, resource_id, freedom, by: CanceledBy::Staff };
        let new = service::reschedule(&guard.scope, &guard.tenant, booking_id.0, to).await?;
        let etag = row::tag::<Entity>(&new);
        Ok(Created::at(format!("/api/v1/bookings/{}", new.id), Booking::from(new)).tagged(etag))
    }
}
