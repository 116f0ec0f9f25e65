//! Operators of the platform: across tenants, only with `guard::Operator`.

use crate::app::App;
use crate::db::{Access, PlatformDb, Scope};
use crate::domains::tenancy::Tenant;
use crate::error::ApiError;

/// Always to write: looking is noted too.
///
/// # Errors
/// None; the doors share one form.
pub fn open(app: &App, _: Option<&Tenant>, _: Access) -> Result<Scope, ApiError> {
    let platform: &PlatformDb = &app.platform;
    Ok(platform.scope(Access::Write))
}
