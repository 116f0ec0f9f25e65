//! Which bookings the newest rules of the zones would move: for whoever tells the customers.

use std::sync::Arc;

use poem_openapi::OpenApi;

use crate::app::App;
use crate::domains::booking::dto::MovedBooking;
use crate::domains::booking::service;
use crate::domains::identity::permission::BookingReport;
use crate::error::ApiError;
use crate::guard::{Can, Listing, Page, Reply, Tag};

/// `/api/v1/timezones/moved`
pub struct MovedBookingsApi {
    app: Arc<App>,
}

impl MovedBookingsApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Bookings")]
impl MovedBookingsApi {
    /// List the bookings that newer time zone rules move
    ///
    /// Pending and confirmed ones that are still to come and were arranged by another release of the rules: those
    /// whose wall time is another instant today, soonest first. Nothing is changed. Each page looks at a bounded number
    /// of bookings: one may hold fewer than `limit`, or none, and still have more after it.
    #[oai(path = "/api/v1/timezones/moved", method = "get", operation_id = "booking_moved_list")]
    async fn moved(&self, guard: Can<BookingReport>, page: Page) -> Result<Reply<Listing<MovedBooking>>, ApiError> {
        Ok(Reply::new(service::moved(&guard.scope, &self.app.cursors, &page).await?))
    }
}
