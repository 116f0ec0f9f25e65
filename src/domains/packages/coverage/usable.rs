//! What a customer could pay with.

use ::entity::enums::CreditUnit;
use ::entity::ids::{CustomerId, PackageId};
use chrono::{DateTime, Utc};

use crate::db::Scope;
use crate::domains::packages::ledger;
use crate::error::ApiError;

/// Sessions or credits that expire together.
#[derive(Clone, Copy, Debug)]
pub struct Usable {
    /// The package that these are sessions of; `None` for credits.
    pub package: Option<PackageId>,
    pub balance: i64,
    pub expires_at: Option<DateTime<Utc>>,
}

/// All that a customer could pay with now, those first that expire first.
///
/// # Errors
/// When the database cannot answer.
pub async fn usable(scope: &Scope, customer: CustomerId) -> Result<Vec<Usable>, ApiError> {
    let held = ledger::held(scope, customer).await?;
    let told = held.into_iter().map(|(lot, balance)| Usable {
        package: lot.package_id.filter(|_| lot.unit == CreditUnit::Session),
        balance,
        expires_at: lot.expires_at,
    });
    Ok(told.collect())
}
