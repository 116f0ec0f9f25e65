//! The two statements of the reports. Each answers one document, so that all its figures are of one moment. Days come in
//! as instants: what a day is in the business's zone is not the database's to know.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::dto::{PayoutSums, TaxSums};
use crate::db::Scope;
use crate::error::ApiError;
use crate::kernel::zone::Zone;

/// One line of a report.
#[derive(Debug, Deserialize)]
pub struct Line<S> {
    pub date: NaiveDate,
    pub currency: String,
    /// Only where a report tells rates apart.
    #[serde(default)]
    pub rate_bps: i32,
    pub sums: S,
}

/// `$1` tenant, `$2` and `$3` the stretch, `$4` its days. What came in counts on the day on which it came; what went back
/// on the day on which it was asked for. `part` of a fee or a tax is what all that has gone back so far makes of it, less
/// what it made of it before this refund: the parts of a whole refund are the whole, whatever is rounded on the way.
const MOVES: &str = "
WITH day AS (
  SELECT d.date, d.since, d.until FROM jsonb_to_recordset($4) AS d(date date, since timestamptz, until timestamptz)
), taken AS (
  SELECT p.captured_at AS at, p.currency_code AS currency, p.provider = 'none' AS cash, coalesce(b.tax_bps, 0) AS rate_bps,
    p.amount_captured_cents AS amount, p.amount_captured_cents - p.tip_cents + p.gift_card_cents AS taxed, p.tip_cents AS tip, p.application_fee_cents AS fee, p.tax_cents AS tax
  FROM app.payments p LEFT JOIN app.bookings b ON b.tenant_id = $1 AND b.id = p.booking_id
  WHERE p.tenant_id = $1 AND p.captured_at >= $2 AND p.captured_at < $3
    AND p.status IN ('captured', 'partially_refunded', 'refunded')
), touched AS (
  SELECT DISTINCT r.payment_id FROM app.refunds r
  WHERE r.tenant_id = $1 AND r.status = 'succeeded' AND r.created_at >= $2 AND r.created_at < $3
), each AS (
  SELECT r.created_at AS at, p.currency_code AS currency, p.provider = 'none' AS cash, coalesce(b.tax_bps, 0) AS rate_bps,
    r.amount_cents AS amount, p.application_fee_cents AS fee, p.tax_cents AS tax, nullif(p.amount_captured_cents, 0) AS whole,
    sum(r.amount_cents) OVER (PARTITION BY r.payment_id ORDER BY r.created_at, r.id) AS upto
  FROM touched t JOIN app.refunds r ON r.tenant_id = $1 AND r.payment_id = t.payment_id AND r.status = 'succeeded'
  JOIN app.payments p ON p.tenant_id = $1 AND p.id = t.payment_id
  LEFT JOIN app.bookings b ON b.tenant_id = $1 AND b.id = p.booking_id
), given AS (
  SELECT at, currency, cash, rate_bps, amount,
    coalesce(round(fee * upto / whole) - round(fee * (upto - amount) / whole), 0)::bigint AS fee,
    coalesce(round(tax * upto / whole) - round(tax * (upto - amount) / whole), 0)::bigint AS tax
  FROM each
), move AS (
  SELECT at, currency, cash, rate_bps, 1 AS payments, amount AS captured, taxed, tip, fee, tax,
    0::bigint AS refunded, 0::bigint AS fee_back, 0::bigint AS tax_back FROM taken
  UNION ALL
  SELECT at, currency, cash, rate_bps, 0, 0, 0, 0, 0, 0, amount, fee, tax FROM given
)";

const PAYOUTS: &str = "
, line AS (
  SELECT d.date, m.currency, sum(m.payments)::bigint AS payments, sum(m.captured)::bigint AS captured_cents,
    coalesce(sum(m.captured) FILTER (WHERE m.cash), 0)::bigint AS cash_cents, sum(m.tip)::bigint AS tips_cents,
    sum(m.refunded)::bigint AS refunded_cents, coalesce(sum(m.refunded) FILTER (WHERE m.cash), 0)::bigint AS cash_refunded_cents,
    sum(m.fee)::bigint AS application_fees_cents, sum(m.fee_back)::bigint AS application_fees_refunded_cents,
    (coalesce(sum(m.captured - m.refunded) FILTER (WHERE NOT m.cash), 0) - sum(m.fee) + sum(m.fee_back))::bigint AS payout_cents
  FROM day d JOIN move m ON m.at >= d.since AND m.at < d.until GROUP BY d.date, m.currency
)
SELECT coalesce(jsonb_agg(jsonb_build_object('date', date, 'currency', currency, 'sums', to_jsonb(line) - '{date,currency}'::text[])
  ORDER BY date, currency), '[]') AS answer FROM line";

const TAXES: &str = "
, line AS (
  SELECT d.date, m.currency, m.rate_bps, sum(m.payments)::bigint AS payments, sum(m.taxed)::bigint AS taxed_cents,
    sum(m.tax)::bigint AS tax_cents, sum(m.refunded)::bigint AS refunded_cents, sum(m.tax_back)::bigint AS tax_refunded_cents,
    (sum(m.tax) - sum(m.tax_back))::bigint AS tax_due_cents
  FROM day d JOIN move m ON m.at >= d.since AND m.at < d.until GROUP BY d.date, m.currency, m.rate_bps
)
SELECT coalesce(jsonb_agg(jsonb_build_object('date', date, 'currency', currency, 'rate_bps', rate_bps,
  'sums', to_jsonb(line) - '{date,currency,rate_bps}'::text[]) ORDER BY date, currency, rate_bps), '[]') AS answer FROM line";

/// What came in and went back, by day and currency.
pub(super) async fn payouts(
    scope: &Scope,
    zone: &Zone,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<Line<PayoutSums>>, ApiError> {
    lines(scope, &[MOVES, PAYOUTS].concat(), zone, first, last).await
}

/// What was taxed, by day, currency and rate.
pub(super) async fn taxes(
    scope: &Scope,
    zone: &Zone,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<Line<TaxSums>>, ApiError> {
    lines(scope, &[MOVES, TAXES].concat(), zone, first, last).await
}

async fn lines<S: DeserializeOwned>(
    scope: &Scope,
    sql: &str,
    zone: &Zone,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<Line<S>>, ApiError> {
    let stretch = zone.dates(first, last);
    let days: Vec<Value> = first
        .iter_days()
        .take_while(|date| *date <= last)
        .map(|date| {
            let day = zone.dates(date, date);
            json!({"date": date, "since": day.start, "until": day.end})
        })
        .collect();
    let values: [sea_orm::Value; 4] =
        [scope.tenant()?.0.into(), stretch.start.into(), stretch.end.into(), Value::Array(days).into()];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    let row = row.ok_or_else(|| ApiError::internal("the report was not answered"))?;
    serde_json::from_value(row.try_get::<Value>("", "answer")?).map_err(ApiError::internal)
}
