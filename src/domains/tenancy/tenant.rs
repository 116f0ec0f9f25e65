//! The tenant as every request knows it: what the directory keeps in memory. No secrets, no personal data.

use std::collections::BTreeMap;

use ::entity::enums::TenantStatus;
use ::entity::ids::TenantId;
use ::entity::tenants;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{BookingDefaults, Settings};
use crate::config::Allowance;
use crate::db::Scope;
use crate::error::{ApiError, Code};

/// A tenant, as resolved from the request.
#[derive(Clone, Debug, PartialEq)]
pub struct Tenant {
    pub id: TenantId,
    /// Label of its subdomain and first segment of its public path.
    pub slug: String,
    pub name: String,
    /// Whether it is served at all.
    pub active: bool,
    /// IANA name of its zone.
    pub tz: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Its own limits, by class name.
    pub rate_limits: BTreeMap<String, Allowance>,
    /// Origins beside its own subdomain that may call its API from a browser.
    pub cors_origins: Vec<String>,
    /// How bookings work where a service says nothing of its own. What decides about a time is read with it anew.
    pub booking: BookingDefaults,
}

/// The Scope's own tenant, for what happens without its request; one statement.
///
/// # Errors
/// 404 when the tenant is gone.
pub async fn current(scope: &Scope) -> Result<Tenant, ApiError> {
    let id = scope.tenant()?;
    let find = tenants::Entity::find().filter(tenants::Column::Id.eq(id)).filter(tenants::Column::DeletedAt.is_null());
    let row = find.one(scope).await?.ok_or_else(|| ApiError::of(Code::TenantNotFound))?;
    let settings = Settings::read(&row.settings_json)?;
    let limits = settings.rate_limits.into_iter();
    Ok(Tenant {
        id,
        slug: row.slug,
        name: row.name,
        active: row.status == TenantStatus::Active,
        tz: row.tz,
        currency: row.currency,
        rate_limits: limits.filter_map(|(class, limit)| Some((class, limit.parse().ok()?))).collect(),
        cors_origins: settings.cors_origins,
        booking: settings.booking,
    })
}
