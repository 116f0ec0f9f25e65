//! The bookings of one customer, past and to come.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use crate::app::App;
use crate::db::keyset::Walk;
use crate::domains::booking::dto::{Booking, BookingSort, BookingStatus};
use crate::domains::booking::service::{self, BookingFilter};
use crate::domains::crm;
use crate::domains::identity::permission::CustomerRead;
use crate::error::ApiError;
use crate::guard::{Can, Date, Listing, Page, Reply, Tag};
use crate::kernel::zone::Zone;

/// `/api/v1/customers/{customer_id}/bookings`
pub struct CustomerBookingsApi {
    app: Arc<App>,
}

impl CustomerBookingsApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Customers")]
impl CustomerBookingsApi {
    /// List a customer's bookings
    ///
    /// Past and to come, the latest start first, unless another order is asked for.
    #[oai(path = "/api/v1/customers/:customer_id/bookings", method = "get", operation_id = "customer_booking_list")]
    #[expect(clippy::too_many_arguments, reason = "each filter is an argument, so that it stands in the document")]
    async fn list(
        &self,
        guard: Can<CustomerRead>,
        /// The customer's id.
        customer_id: Path<Uuid>,
        page: Page,
        /// Only these states; give it more than once for several.
        #[oai(validator(max_items = 7))]
        status: Query<Vec<BookingStatus>>,
        /// The first date of the start, in the business's zone.
        start_date: Query<Option<Date>>,
        /// The last date of the start, in the business's zone.
        end_date: Query<Option<Date>>,
        /// The order.
        sort: Query<Option<BookingSort>>,
    ) -> Result<Reply<Listing<Booking>>, ApiError> {
        let customer = crm::known(&guard.scope, customer_id.0).await?;
        let zone = Zone::parse(&guard.tenant.tz).map_err(ApiError::internal)?;
        let filter = BookingFilter {
            status: status.0.into_iter().map(Into::into).collect(),
            from: start_date.0.map(|Date(date)| zone.dates(date, date).start),
            to: end_date.0.map(|Date(date)| zone.dates(date, date).end),
            customer_id: Some(customer.0),
            ..BookingFilter::default()
        };
        let sort = sort.0.or_else(|| BookingSort::parse("-start_at")).unwrap_or_default();
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort };
        Ok(Reply::new(service::list(&guard.scope, walk, &filter).await?))
    }
}
