//! What a business says of itself on paper.

use ::entity::tenants;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{Invoicing, Settings};
use crate::db::Scope;
use crate::error::{ApiError, Code};

/// The head of a business's letters and bills.
#[derive(Clone, Debug, PartialEq)]
pub struct Letterhead {
    pub name: String,
    pub email: Option<String>,
    /// IANA name of its zone.
    pub tz: String,
    /// Such as `de_DE`.
    pub locale: String,
    pub invoicing: Invoicing,
}

/// The head of the Scope's tenant; one statement.
///
/// # Errors
/// 404 when the tenant is gone.
pub async fn letterhead(scope: &Scope) -> Result<Letterhead, ApiError> {
    let row = tenants::Entity::find().filter(tenants::Column::Id.eq(scope.tenant()?)).one(scope).await?;
    let row = row.ok_or_else(|| ApiError::of(Code::TenantNotFound))?;
    let invoicing = Settings::read(&row.settings_json)?.invoicing;
    Ok(Letterhead { name: row.name, email: row.email, tz: row.tz, locale: row.locale, invoicing })
}
