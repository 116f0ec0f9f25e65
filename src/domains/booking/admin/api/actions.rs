//! What the front desk does to bookings.

use std::sync::Arc;

use ::entity::bookings::Entity;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::wire;
use crate::app::App;
use crate::db::row;
use crate::domains::booking::admin::dto::{
    AdminBookingUpdate, BookingBulkAction, BookingBulkDone, BookingMessageCreate, BookingMessagesQueued,
};
use crate::domains::booking::admin::service::{self, Letter};
use crate::domains::booking::dto::Booking;
use crate::domains::identity::permission::{BookingAdmin, BookingWrite};
use crate::error::ApiError;
use crate::guard::{Accepted, Body, Can, IfMatch, Reply, RequiredKey, Tag};
use crate::kernel::zone::Zone;

/// `/api/v1/admin/bookings`, to change
pub struct DeskActionsApi;

impl DeskActionsApi {
    pub fn new(_: &Arc<App>) -> Self {
        Self
    }
}

#[OpenApi(tag = "Tag::Admin")]
impl DeskActionsApi {
    /// Do one thing to many bookings
    ///
    /// All of it, or nothing: each booking is refused as it would be alone, and the refusal names it by its pointer and
    /// as `booking_id`. Bookings that are rescheduled together may change places; seats of full classes may not. Emits
    /// `BULK_BOOKING_ACTION` once, and what each booking emits alone. Messages are queued, not sent.
    #[oai(path = "/api/v1/admin/bookings/bulk-actions", method = "post", operation_id = "admin_booking_bulk")]
    async fn bulk(
        &self,
        guard: Can<BookingAdmin>,
        /// Names this attempt, so that a repeat does nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        wanted: Body<BookingBulkAction>,
    ) -> Result<Reply<BookingBulkDone>, ApiError> {
        guard.also::<BookingWrite>()?;
        let action = wire::action(&wanted.0)?;
        let done = service::act(&guard.scope, &guard.tenant, &wanted.0.booking_ids, action).await?;
        Ok(Reply::new(wire::done(wanted.0.action, done)))
    }

    /// Write to the customers of bookings
    ///
    /// One message for each booking, in any state. Customers without an address are skipped and named. The messages are
    /// queued: `BOOKING_MESSAGE_REQUESTED` is emitted for each, and nothing has been sent when this answers.
    #[oai(path = "/api/v1/admin/bookings/send-message", method = "post", operation_id = "admin_booking_message")]
    async fn message(
        &self,
        guard: Can<BookingAdmin>,
        /// Names this attempt, so that a repeat writes to nobody twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        message: Body<BookingMessageCreate>,
    ) -> Result<Accepted<BookingMessagesQueued>, ApiError> {
        guard.also::<BookingWrite>()?;
        let zone = Zone::parse(&guard.tenant.tz).map_err(ApiError::internal)?;
        let to = wire::recipient(&message.0, &zone)?;
        let letter = Letter { subject: message.0.subject.map(Into::into), message: message.0.message.into() };
        let queued = service::send(&guard.scope, to, &letter).await?;
        let count = u32::try_from(queued.queued.len()).unwrap_or(u32::MAX);
        Ok(Accepted::new(BookingMessagesQueued { queued: count, skipped: wire::skipped(&queued) }))
    }

    /// Change several things of a booking
    ///
    /// State, time and notes in one step: all of it, or nothing. The state goes where the moves of a booking lead from
    /// where it is; another start makes a new booking in its place, which is answered, linked by `rescheduled_from`.
    /// What it is already is no change. 409 as for each change alone.
    #[oai(path = "/api/v1/admin/bookings/:booking_id", method = "put", operation_id = "admin_booking_update")]
    async fn update(
        &self,
        guard: Can<BookingAdmin>,
        /// The booking's id.
        booking_id: Path<Uuid>,
        /// The tag of the state that the change was made from.
        if_match: IfMatch,
        change: Body<AdminBookingUpdate>,
    ) -> Result<Reply<Booking>, ApiError> {
        guard.also::<BookingWrite>()?;
        let change = wire::change(change.0.update_fields)?;
        let booking = service::update(&guard.scope, &guard.tenant, booking_id.0, &if_match, change).await?;
        let etag = row::tag::<Entity>(&booking);
        Ok(Reply::new(Booking::from(booking)).tagged(etag))
    }
}
