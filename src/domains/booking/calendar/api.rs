//! One appointment as a calendar file: for members by its id, for the visitor who made it by its token.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::appointment::{self, Appointment};
use super::file::CalendarFile;
use super::ical::Calendar;
use crate::app::App;
use crate::db::Scope;
use crate::domains::booking::{manage, service};
use crate::domains::identity::permission::{BookingRead, CustomerRead};
use crate::error::ApiError;
use crate::guard::{Can, Tag, Visitor};

/// `/api/v1/bookings/{booking_id}/calendar.ics` and `/v1/b/{slug}/bookings/{manage_token}/calendar.ics`
pub struct BookingCalendarApi {
    app: Arc<App>,
}

impl BookingCalendarApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

/// The appointment that a booking is or has become.
async fn appointment(scope: &Scope, booking: Uuid) -> Result<Appointment, ApiError> {
    let newest = service::newest(scope, booking).await?;
    appointment::one(scope, newest.id.0).await
}

#[OpenApi]
impl BookingCalendarApi {
    /// Get a booking as a calendar file
    ///
    /// iCalendar, to be opened by any calendar. After the booking was moved, the new one: its UID stays, its SEQUENCE
    /// grows. The customer's name stands in it for members who may read customers.
    #[oai(
        path = "/api/v1/bookings/:booking_id/calendar.ics",
        method = "get",
        operation_id = "booking_calendar_get",
        tag = "Tag::Bookings"
    )]
    async fn member(
        &self,
        guard: Can<BookingRead>,
        /// The booking's id.
        booking_id: Path<Uuid>,
    ) -> Result<CalendarFile, ApiError> {
        let found = appointment(&guard.scope, booking_id.0).await?;
        let title = if guard.person.may::<CustomerRead>() {
            format!("{}: {}", found.service, found.customer)
        } else {
            found.service.clone()
        };
        let mut event = found.event(title, guard.scope.now());
        event.description = found.notes;
        Ok(CalendarFile::of(Calendar { method: Some("PUBLISH"), events: vec![event], name: None }))
    }

    /// Get your booking as a calendar file
    ///
    /// iCalendar, to be opened by any calendar. After the booking was moved, the new one: its UID stays, its SEQUENCE
    /// grows.
    #[oai(
        path = "/v1/b/:slug/bookings/:manage_token/calendar.ics",
        method = "get",
        operation_id = "public_booking_calendar_get",
        tag = "Tag::Public"
    )]
    async fn visitor(
        &self,
        guard: Visitor,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The token that was answered when it was booked.
        manage_token: Path<String>,
    ) -> Result<CalendarFile, ApiError> {
        let id = manage::open(&self.app.manage, &guard.tenant, &manage_token.0)?;
        let found = appointment(&guard.scope, id.0).await?;
        let title = format!("{} ({})", found.service, found.business);
        let event = found.event(title, guard.scope.now());
        Ok(CalendarFile::of(Calendar { method: Some("PUBLISH"), events: vec![event], name: None }))
    }
}
