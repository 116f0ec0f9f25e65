//! The round that ends what has expired, of one business. Nothing is sold by it or kept from sale: it tells that holds
//! have expired, and lets offers that were not taken go on to the next in line.

use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use super::offer;
use crate::db::Scope;
use crate::error::ApiError;

/// Who waits for times that are all over waits no more.
const OVER: &str =
    "UPDATE app.waitlist_entries SET status = 'expired' WHERE tenant_id = $1 AND status = 'waiting' AND until_at <= $2";

/// Ends the expired holds of the Scope's business, a bounded number at a time; answers how many.
///
/// # Errors
/// When the database cannot be asked.
pub async fn tend(scope: &Scope) -> Result<usize, ApiError> {
    let now = scope.now();
    let values: [Value; 2] = [scope.tenant()?.0.into(), now.into()];
    scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, OVER, values)).await?;
    offer::tend(scope).await
}
