//! Step 1: which tenant. Host, path, `X-Tenant-ID` and the token's claim may all name one; whoever
//! names one must name the same. A name that nobody asked for lately costs a query, and that costs the
//! caller's address a request before it is made: guessing names is no way to keep the database busy.

mod directory;
mod host;

use std::net::IpAddr;
use std::sync::Arc;

use ::entity::ids::TenantId;
use poem::Request;

pub use directory::Directory;
pub use host::label;

use super::auth::Credential;
use super::rate_limit;
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
    peer: IpAddr,
) -> Result<Option<Arc<Tenant>>, ApiError> {
    for name in ["host", "x-tenant-id"] {
        single(request, name)?;
    }
    let mut found: Option<Arc<Tenant>> = None;
    if let Some(slug) = label(request, &app.settings.server.base_domain) {
        agree(&mut found, named(app, &slug, peer).await?)?;
    }
    if let Some(slug) = route.slug {
        agree(&mut found, named(app, slug, peer).await?)?;
    }
    if let Some(id) = route.tenant_id {
        let tenant = match id.parse().map(TenantId) {
            Ok(id) => of_id(app, id, peer).await?,
            Err(_) => None,
        };
        // said like a disagreement: whose token names another business learns nothing about this one
        let tenant = tenant.ok_or_else(|| ApiError::of(Code::TenantMismatch))?;
        agree(&mut found, Some(tenant))?;
    }
    if let Some(name) = request.header("x-tenant-id") {
        let tenant = match name.parse().map(TenantId) {
            Ok(id) => of_id(app, id, peer).await?,
            Err(_) => named(app, name, peer).await?,
        };
        agree(&mut found, tenant)?;
    }
    if let Some(id) = credential.and_then(Credential::claimed_tenant)
        && found.as_ref().is_none_or(|tenant| tenant.id != id)
    {
        agree(&mut found, of_id(app, id, peer).await?)?;
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

/// The tenant of a slug.
///
/// # Errors
/// 429 when the address has asked for too many that had to be looked up.
pub(super) async fn named(app: &App, slug: &str, peer: IpAddr) -> Result<Option<Arc<Tenant>>, ApiError> {
    if !app.directory.knows_slug(slug) {
        rate_limit::count_lookup(app, peer).await?;
    }
    app.directory.by_slug(slug).await
}

async fn of_id(app: &App, id: TenantId, peer: IpAddr) -> Result<Option<Arc<Tenant>>, ApiError> {
    if !app.directory.knows_id(id) {
        rate_limit::count_lookup(app, peer).await?;
    }
    app.directory.by_id(id).await
}

/// A header that names the tenant stands once and is readable: which of two is meant is not for us to guess.
fn single(request: &Request, name: &'static str) -> Result<(), ApiError> {
    let mut values = request.headers().get_all(name).iter();
    let readable = values.next().is_none_or(|value| value.to_str().is_ok());
    if readable && values.next().is_none() {
        return Ok(());
    }
    Err(ApiError::field(format!("header/{name}"), "ambiguous", "Send it once, in visible ASCII."))
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
