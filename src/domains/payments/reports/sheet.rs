//! Reports as sheets: a line a day, in minor units, as the reports have them.

use super::dto::{PayoutReport, TaxReport};
use crate::error::ApiError;
use crate::guard::Sheet;

const PAYOUTS: [&str; 11] = [
    "date",
    "currency",
    "payments",
    "captured_cents",
    "cash_cents",
    "tips_cents",
    "refunded_cents",
    "cash_refunded_cents",
    "application_fees_cents",
    "application_fees_refunded_cents",
    "payout_cents",
];

const TAXES: [&str; 9] = [
    "date",
    "currency",
    "rate_bps",
    "payments",
    "taxed_cents",
    "tax_cents",
    "refunded_cents",
    "tax_refunded_cents",
    "tax_due_cents",
];

/// The sheet of what came in and went back.
pub fn payouts(report: PayoutReport) -> Result<Sheet, ApiError> {
    let file = format!("payouts-{}-{}.csv", report.start_date, report.end_date);
    let lines = report.days.into_iter().map(|day| {
        let sums = day.sums;
        [
            day.date.to_string(),
            day.currency,
            sums.payments.to_string(),
            sums.captured_cents.to_string(),
            sums.cash_cents.to_string(),
            sums.tips_cents.to_string(),
            sums.refunded_cents.to_string(),
            sums.cash_refunded_cents.to_string(),
            sums.application_fees_cents.to_string(),
            sums.application_fees_refunded_cents.to_string(),
            sums.payout_cents.to_string(),
        ]
    });
    Sheet::write(file, PAYOUTS, lines, false)
}

/// The sheet of what was taxed.
pub fn taxes(report: TaxReport) -> Result<Sheet, ApiError> {
    let file = format!("taxes-{}-{}.csv", report.start_date, report.end_date);
    let lines = report.days.into_iter().map(|day| {
        let sums = day.sums;
        [
            day.date.to_string(),
            day.currency,
            day.rate_bps.to_string(),
            sums.payments.to_string(),
            sums.taxed_cents.to_string(),
            sums.tax_cents.to_string(),
            sums.refunded_cents.to_string(),
            sums.tax_refunded_cents.to_string(),
            sums.tax_due_cents.to_string(),
        ]
    });
    Sheet::write(file, TAXES, lines, false)
}
