//! The reports: a statement each, and the sums of its lines.

use chrono::NaiveDate;

use super::dto::{PayoutDay, PayoutReport, PayoutSums, PayoutTotal, TaxDay, TaxReport, TaxSums, TaxTotal};
use super::{query, rules};
use crate::db::Scope;
use crate::error::ApiError;
use crate::guard::Date;
use crate::kernel::zone::Zone;

/// What came in and went back on the days from `first` to `last` in the business's zone.
pub async fn payouts(scope: &Scope, zone: &Zone, first: NaiveDate, last: NaiveDate) -> Result<PayoutReport, ApiError> {
    let lines = query::payouts(scope, zone, first, last).await?;
    let days: Vec<PayoutDay> = lines
        .into_iter()
        .map(|line| PayoutDay { date: Date(line.date), currency: line.currency, sums: line.sums })
        .collect();
    let totals = rules::totals(&days, |day| (day.currency.as_str(), &day.sums), PayoutSums::add);
    let totals = totals.into_iter().map(|(currency, sums)| PayoutTotal { currency: currency.to_owned(), sums });
    Ok(PayoutReport {
        start_date: Date(first),
        end_date: Date(last),
        timezone: zone.name().to_owned(),
        totals: totals.collect(),
        days,
    })
}

/// What was taxed on the days from `first` to `last` in the business's zone.
pub async fn taxes(scope: &Scope, zone: &Zone, first: NaiveDate, last: NaiveDate) -> Result<TaxReport, ApiError> {
    let lines = query::taxes(scope, zone, first, last).await?;
    let days: Vec<TaxDay> = lines
        .into_iter()
        .map(|line| TaxDay { date: Date(line.date), currency: line.currency, rate_bps: line.rate_bps, sums: line.sums })
        .collect();
    let totals = rules::totals(&days, |day| ((day.currency.as_str(), day.rate_bps), &day.sums), TaxSums::add);
    let totals = totals.into_iter().map(|((currency, rate_bps), sums)| TaxTotal {
        currency: currency.to_owned(),
        rate_bps,
        sums,
    });
    Ok(TaxReport {
        start_date: Date(first),
        end_date: Date(last),
        timezone: zone.name().to_owned(),
        totals: totals.collect(),
        days,
    })
}
