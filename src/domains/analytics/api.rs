//! The operation that the dashboard is made of.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::Query;

use super::dto::Dashboard;
use super::{rules, service};
use crate::app::App;
use crate::domains::identity::permission::{CustomerRead, ReportRead};
use crate::error::ApiError;
use crate::guard::{Can, Date, Fresh, IfNoneMatch, Keeper, Tag};
use crate::kernel::zone::Zone;

/// `/api/v1/admin/dashboard`
pub struct DashboardApi;

impl DashboardApi {
    pub fn new(_: &Arc<App>) -> Self {
        Self
    }
}

#[OpenApi(tag = "Tag::Admin")]
impl DashboardApi {
    /// Show the dashboard
    ///
    /// The figures of the bookings that begin in these days, and what comes next. Counted when it is asked for; a
    /// browser may keep it for five minutes. How long it is open is not set against how long it is booked.
    #[oai(path = "/api/v1/admin/dashboard", method = "get", operation_id = "admin_dashboard_get")]
    async fn get(
        &self,
        guard: Can<ReportRead>,
        /// The first date, in the business's zone; today when absent.
        start_date: Query<Option<Date>>,
        /// The last date, in the business's zone; a week from the first when absent. At most 92 days.
        end_date: Query<Option<Date>>,
        /// The tag of the answer that the caller has.
        if_none_match: IfNoneMatch,
    ) -> Result<Fresh<Dashboard>, ApiError> {
        guard.also::<CustomerRead>()?;
        let zone = Zone::parse(&guard.tenant.tz).map_err(ApiError::internal)?;
        let today = zone.date(guard.scope.now());
        let days = rules::days(start_date.0.map(Into::into), end_date.0.map(Into::into), today);
        let (first, last) = days.map_err(|fault| ApiError::validation(vec![fault]))?;
        let dashboard = service::dashboard(&guard.scope, &zone, first, last).await?;
        Ok(Fresh::of(dashboard, &if_none_match, Keeper::CallerForFiveMinutes))
    }
}
