//! The full way, for one tenant: the Scope sees that tenant's rows and no other.

use poem::{Endpoint, Request, Response};

use crate::app::App;
use crate::db::{Access, Scope};
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};
use crate::pipeline;

/// Walks a request through the pipeline in its tenant's Scope.
///
/// # Errors
/// The refusal of the step that refused.
pub async fn enter<E: Endpoint<Output = Response>>(
    app: &App,
    next: &E,
    request: Request,
) -> Result<Response, ApiError> {
    pipeline::run(app, open, next, request).await
}

fn open(app: &App, tenant: Option<&Tenant>, access: Access) -> Result<Scope, ApiError> {
    let tenant = tenant.ok_or_else(|| ApiError::of(Code::TenantNotFound))?;
    Ok(app.db.scope(tenant.id, access))
}
