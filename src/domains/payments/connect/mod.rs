//! The account on which a business is paid.

use ::entity::tenants;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::db::Scope;
use crate::error::ApiError;

/// An account that the business connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connected {
    /// `acct_..`
    pub account_id: String,
    pub charges_enabled: bool,
    /// The platform's share, in hundredths of a percent.
    pub application_fee_bps: u32,
}

/// The account of the Scope's business, if it has one.
///
/// # Errors
/// When the database cannot answer.
pub async fn account(scope: &Scope) -> Result<Option<Connected>, ApiError> {
    let row = tenants::Entity::find().filter(tenants::Column::Id.eq(scope.tenant()?)).one(scope).await?;
    Ok(row.and_then(|row| {
        Some(Connected {
            account_id: row.billing_json["stripe_account_id"].as_str()?.to_owned(),
            charges_enabled: row.charges_enabled,
            application_fee_bps: row.billing_json["application_fee_bps"]
                .as_u64()
                .and_then(|bps| u32::try_from(bps).ok())
                .unwrap_or(0),
        })
    }))
}
