//! Before a tenant is known: sign-up, login, and what belongs to a person rather than a business. The
//! Scope is the platform's, so only operations that ask for `Inbound` or `LoggedIn` get it, and those
//! read nothing of a tenant that they have not verified.

use crate::app::App;
use crate::db::{Access, PlatformDb, Scope};
use crate::domains::tenancy::Tenant;
use crate::error::ApiError;

/// The platform's Scope, for whoever is not bound to a tenant yet.
///
/// # Errors
/// None; the doors share one form.
pub fn open(app: &App, _: Option<&Tenant>, access: Access) -> Result<Scope, ApiError> {
    let platform: &PlatformDb = &app.platform;
    Ok(platform.scope(access))
}
