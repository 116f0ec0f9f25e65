//! The next number of a series, and the document that gets it.

use ::entity::enums::InvoiceStatus;
use ::entity::invoices::{ActiveModel, Model};
use chrono::{DateTime, Datelike, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbBackend, Statement, Value};

use crate::db::Scope;
use crate::domains::invoices::{events, rules};
use crate::error::ApiError;
use crate::kernel::zone::Zone;

const NEXT: &str = "\
INSERT INTO app.invoice_series AS s (tenant_id, series, year, last_number, created_at, updated_at)
VALUES ($1, $2, $3, 1, $4, $4)
ON CONFLICT (tenant_id, series, year) DO UPDATE SET last_number = s.last_number + 1, updated_at = $4
RETURNING last_number";

/// Gives a draft its number and its day, and tells it. Comes last in its transaction: from here on whoever else issues
/// waits for this one to end.
pub async fn number(
    scope: &Scope,
    draft: Model,
    to: InvoiceStatus,
    zone: &str,
    paid_at: Option<DateTime<Utc>>,
) -> Result<Model, ApiError> {
    let now = scope.now();
    let day = Zone::parse(zone).unwrap_or_else(|_| Zone::utc()).date(now);
    let values: [Value; 4] = [scope.tenant()?.0.into(), draft.kind.as_str().into(), day.year().into(), now.into()];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, NEXT, values)).await?;
    let row = row.ok_or_else(|| ApiError::internal("a series gave no number"))?;
    let number: i64 = row.try_get("", "last_number")?;
    let reference = rules::reference(draft.kind, day.year(), number);
    let mut issued: ActiveModel = draft.into();
    issued.status = Set(to);
    issued.year = Set(Some(day.year()));
    issued.number = Set(Some(number));
    issued.reference = Set(Some(reference));
    issued.issued_on = Set(Some(day));
    issued.issued_at = Set(Some(now));
    issued.paid_at = Set(paid_at);
    issued.updated_at = Set(now);
    let issued = issued.update(scope).await?;
    scope.emit(events::issued(&issued));
    Ok(issued)
}
