//! Step 1: which tenant. Host, path, `X-Tenant-ID` and the token's claim may all name one; whoever
//! names one must name the same.

mod directory;
mod host;

use std::sync::Arc;

use ::entity::ids::TenantId;
use poem::Request;

pub use directory::Directory;
pub use host::label;

use super::auth::Credential;
use super::route::{Door, Route};
use crate::app::App;
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};

/// Resolves the tenant. The tenant door always has one; the others may.
///
/// The token's claim is only a hint here: nothing is read for it before `auth` has verified the
/// token and compared the claim.
pub async fn resolve(
    app: &App,
    route: &Route<'_>,
    credential: Option<&Credential>,
    request: &Request,
) -> Result<Option<Arc<Tenant>>, ApiError> {
    let mut found: Option<Arc<Tenant>> = None;
    if let Some(slug) = label(request, &app.settings.server.base_domain) {
        agree(&mut found, app.directory.by_slug(&slug).await?)?;
    }
    if let Some(slug) = route.slug {
        agree(&mut found, app.directory.by_slug(slug).await?)?;
    }
    if let Some(id) = route.tenant_id {
        let tenant = match id.parse().map(TenantId) {
            Ok(id) => app.directory.by_id(id).await?,
            Err(_) => None,
        };
        agree(&mut found, tenant)?;
    }
    if let Some(named) = request.header("x-tenant-id") {
        let tenant = match named.parse().map(TenantId) {
            Ok(id) => app.directory.by_id(id).await?,
            Err(_) => app.directory.by_slug(named).await?,
        };
        agree(&mut found, tenant)?;
    }
    if let Some(id) = credential.and_then(Credential::claimed_tenant)
        && found.as_ref().is_none_or(|tenant| tenant.id != id)
    {
        agree(&mut found, app.directory.by_id(id).await?)?;
    }
    match found {
        Some(tenant) if !tenant.active => Err(ApiError::of(Code::TenantSuspended)),
        None if route.door == Door::Tenant => Err(ApiError::new(
            Code::TenantNotFound,
            "Name the business by its subdomain, by /v1/{slug}, by X-Tenant-ID or by a token that is bound to it.",
        )),
        found => Ok(found),
    }
}

/// Two names of one request must mean one business. That a second name means nobody is said like a disagreement:
/// the caller would learn which ids exist.
fn agree(found: &mut Option<Arc<Tenant>>, named: Option<Arc<Tenant>>) -> Result<(), ApiError> {
    match (&found, named) {
        (None, None) => Err(ApiError::of(Code::TenantNotFound)),
        (Some(before), Some(named)) if before.id == named.id => Ok(()),
        (Some(_), _) => Err(ApiError::of(Code::TenantMismatch)),
        (None, named) => {
            *found = named;
            Ok(())
        }
    }
}
