//! The full way, for one tenant: the Scope sees that tenant's rows and no other.

use crate::app::App;
use crate::db::{Access, Scope};
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};

/// The Scope of the request's tenant.
///
/// # Errors
/// 404 when the request names none.
pub fn open(app: &App, tenant: Option<&Tenant>, access: Access) -> Result<Scope, ApiError> {
    let tenant = tenant.ok_or_else(|| ApiError::of(Code::TenantNotFound))?;
    Ok(app.db.scope(tenant.id, access))
}
