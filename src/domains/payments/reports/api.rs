//! The operations that reports are made of.

use std::sync::Arc;

use chrono::NaiveDate;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;

use super::dto::{PayoutReport, TaxReport};
use super::{rules, service, sheet};
use crate::app::App;
use crate::domains::identity::permission::ReportRead;
use crate::error::ApiError;
use crate::guard::{Can, Date, Reply, Sheet, Tag};
use crate::kernel::zone::Zone;

/// `/api/v1/payments/reports`
pub struct ReportsApi;

impl ReportsApi {
    pub fn new(_: &Arc<App>) -> Self {
        Self
    }
}

/// The business's zone, and the days that are asked for.
fn asked(
    guard: &Can<ReportRead>,
    first: Option<Date>,
    last: Option<Date>,
) -> Result<(Zone, NaiveDate, NaiveDate), ApiError> {
    let zone = Zone::parse(&guard.tenant.tz).map_err(ApiError::internal)?;
    let today = zone.date(guard.scope.now());
    let days = rules::days(first.map(Into::into), last.map(Into::into), today);
    let (first, last) = days.map_err(|fault| ApiError::validation(vec![fault]))?;
    Ok((zone, first, last))
}

#[OpenApi(tag = "Tag::Payments")]
impl ReportsApi {
    /// Report what is paid out
    ///
    /// What came in, what went back, tips and the platform's share, by day and currency, and what is left for the
    /// provider to pay out before its own charges. What came in counts on the day on which it came, what went back on
    /// the day on which it was asked for; both in the business's zone. Equal to the payments to the minor unit.
    #[oai(path = "/api/v1/payments/reports/payouts", method = "get", operation_id = "payout_report_get")]
    async fn payouts(
        &self,
        guard: Can<ReportRead>,
        /// The first date, in the business's zone; 29 days before the last when absent.
        start_date: Query<Option<Date>>,
        /// The last date, in the business's zone; today when absent. At most 366 days.
        end_date: Query<Option<Date>>,
    ) -> Result<Reply<PayoutReport>, ApiError> {
        let (zone, first, last) = asked(&guard, start_date.0, end_date.0)?;
        Ok(service::payouts(&guard.scope, &zone, first, last).await?.into())
    }

    /// Export what is paid out as a sheet
    ///
    /// The days of the report with the same dates, as comma-separated values.
    #[oai(path = "/api/v1/payments/reports/payouts/export", method = "get", operation_id = "payout_report_export")]
    async fn payouts_sheet(
        &self,
        guard: Can<ReportRead>,
        /// The first date, in the business's zone; 29 days before the last when absent.
        start_date: Query<Option<Date>>,
        /// The last date, in the business's zone; today when absent. At most 366 days.
        end_date: Query<Option<Date>>,
    ) -> Result<Sheet, ApiError> {
        let (zone, first, last) = asked(&guard, start_date.0, end_date.0)?;
        sheet::payouts(service::payouts(&guard.scope, &zone, first, last).await?)
    }

    /// Report what is taxed
    ///
    /// What came in, what went back and the tax in it, by day, currency and rate. What came in counts on the day on
    /// which it came, what went back on the day on which it was asked for; both in the business's zone.
    #[oai(path = "/api/v1/payments/reports/taxes", method = "get", operation_id = "tax_report_get")]
    async fn taxes(
        &self,
        guard: Can<ReportRead>,
        /// The first date, in the business's zone; 29 days before the last when absent.
        start_date: Query<Option<Date>>,
        /// The last date, in the business's zone; today when absent. At most 366 days.
        end_date: Query<Option<Date>>,
    ) -> Result<Reply<TaxReport>, ApiError> {
        let (zone, first, last) = asked(&guard, start_date.0, end_date.0)?;
        Ok(service::taxes(&guard.scope, &zone, first, last).await?.into())
    }

    /// Export what is taxed as a sheet
    ///
    /// The days of the report with the same dates, as comma-separated values.
    #[oai(path = "/api/v1/payments/reports/taxes/export", method = "get", operation_id = "tax_report_export")]
    async fn taxes_sheet(
        &self,
        guard: Can<ReportRead>,
        /// The first date, in the business's zone; 29 days before the last when absent.
        start_date: Query<Option<Date>>,
        /// The last date, in the business's zone; today when absent. At most 366 days.
        end_date: Query<Option<Date>>,
    ) -> Result<Sheet, ApiError> {
        let (zone, first, last) = asked(&guard, start_date.0, end_date.0)?;
        sheet::taxes(service::taxes(&guard.scope, &zone, first, last).await?)
    }
}
