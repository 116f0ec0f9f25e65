//! What the front desk looks at. Both operations leave a note in the audit log.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use uuid::Uuid;

use super::sheet::sheet;
use super::wire::desk_filter;
use crate::app::App;
use crate::db::keyset::Walk;
use crate::domains::booking::admin::dto::{AdminBookings, BookingFilters};
use crate::domains::booking::admin::service;
use crate::domains::booking::dto::{BookingSort, BookingStatus};
use crate::domains::identity::permission::{BookingAdmin, CustomerRead};
use crate::error::ApiError;
use crate::guard::{Can, Date, Page, Reply, Sheet, Tag, Text};
use crate::kernel::zone::Zone;

/// `/api/v1/admin/bookings`, to read
pub struct DeskApi {
    app: Arc<App>,
}

impl DeskApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Admin")]
impl DeskApi {
    /// List bookings with their customers
    ///
    /// By the start, soonest first, unless another order is asked for; customer, service and resource stand beside
    /// each. As it is now: a booking is never cached. Who looked at which bookings is noted in the audit log.
    #[oai(path = "/api/v1/admin/bookings", method = "get", operation_id = "admin_booking_list")]
    #[expect(clippy::too_many_arguments, reason = "each filter is an argument, so that it stands in the document")]
    async fn list(
        &self,
        guard: Can<BookingAdmin>,
        page: Page,
        /// Only these states; give it more than once for several.
        #[oai(validator(max_items = 7))]
        status: Query<Vec<BookingStatus>>,
        /// The first date of the start, in the business's zone.
        start_date: Query<Option<Date>>,
        /// The last date of the start, in the business's zone.
        end_date: Query<Option<Date>>,
        /// Only those whose customer's name or e-mail address contains this text.
        customer: Query<Option<Text<1, 100>>>,
        /// Only those of this customer.
        customer_id: Query<Option<Uuid>>,
        /// Only those of this service.
        service_id: Query<Option<Uuid>>,
        /// Only those with this resource.
        resource_id: Query<Option<Uuid>>,
        /// Only those in which this text stands: customer, phone number, service, resource, notes.
        q: Query<Option<Text<1, 100>>>,
        /// The order.
        sort: Query<Option<BookingSort>>,
    ) -> Result<Reply<AdminBookings>, ApiError> {
        guard.also::<CustomerRead>()?;
        let filters = BookingFilters {
            status: status.0,
            start_date: start_date.0,
            end_date: end_date.0,
            customer: customer.0.map(Into::into),
            customer_id: customer_id.0,
            service_id: service_id.0,
            resource_id: resource_id.0,
            q: q.0.map(Into::into),
        };
        let zone = Zone::parse(&guard.tenant.tz).map_err(ApiError::internal)?;
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        let list = service::list(&guard.scope, walk, &desk_filter(&filters, &zone)).await?;
        Ok(Reply::new(AdminBookings::of(list, filters)))
    }

    /// Export bookings as a sheet
    ///
    /// The same bookings as the list with the same filters, as comma-separated values: at most 10,000 lines, and
    /// `X-Truncated` says whether there were more. Times stand in UTC and in the business's zone. A cell that a
    /// spreadsheet would take for a formula begins with an apostrophe. Noted in the audit log.
    #[oai(path = "/api/v1/admin/bookings/export", method = "get", operation_id = "admin_booking_export")]
    #[expect(clippy::too_many_arguments, reason = "each filter is an argument, so that it stands in the document")]
    async fn export(
        &self,
        guard: Can<BookingAdmin>,
        /// Only these states; give it more than once for several.
        #[oai(validator(max_items = 7))]
        status: Query<Vec<BookingStatus>>,
        /// The first date of the start, in the business's zone.
        start_date: Query<Option<Date>>,
        /// The last date of the start, in the business's zone.
        end_date: Query<Option<Date>>,
        /// Only those whose customer's name or e-mail address contains this text.
        customer: Query<Option<Text<1, 100>>>,
        /// Only those of this customer.
        customer_id: Query<Option<Uuid>>,
        /// Only those of this service.
        service_id: Query<Option<Uuid>>,
        /// Only those with this resource.
        resource_id: Query<Option<Uuid>>,
        /// Only those in which this text stands: customer, phone number, service, resource, notes.
        q: Query<Option<Text<1, 100>>>,
        /// The order.
        sort: Query<Option<BookingSort>>,
    ) -> Result<Sheet, ApiError> {
        guard.also::<CustomerRead>()?;
        let filters = BookingFilters {
            status: status.0,
            start_date: start_date.0,
            end_date: end_date.0,
            customer: customer.0.map(Into::into),
            customer_id: customer_id.0,
            service_id: service_id.0,
            resource_id: resource_id.0,
            q: q.0.map(Into::into),
        };
        let zone = Zone::parse(&guard.tenant.tz).map_err(ApiError::internal)?;
        let sort = sort.0.unwrap_or_default();
        let (rows, cut) = service::export(&guard.scope, sort, &desk_filter(&filters, &zone)).await?;
        sheet(format!("bookings-{}.csv", zone.date(guard.scope.now())), rows, &zone, cut)
    }
}
