//! A member of staff's calendar at a secret address, for programs that cannot log in. Whoever knows the address reads
//! the calendar, until it is made anew or revoked.

mod api;
mod dto;
mod entries;
mod secret;
mod service;

use std::sync::Arc;

use crate::app::App;

/// The operations on feeds.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    (api::CalendarFeedApi::new(app), api::PublicCalendarFeedApi)
}
