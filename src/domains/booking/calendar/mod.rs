//! Appointments as iCalendar (RFC 5545): one as a file, a member of staff's as a calendar to subscribe to.
//!
//! Owns `calendar_feeds` and the permission `calendar.write`. What must stay true: an appointment keeps its UID however
//! often it is moved, and its SEQUENCE grows; what is read without a login holds no e-mail address and no phone number
//! of a customer.

mod api;
mod appointment;
mod feed;
mod file;
mod ical;

use std::sync::Arc;

use crate::app::App;

/// The operations on calendars.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    (api::BookingCalendarApi::new(app), feed::api(app))
}
