//! Operators of the platform: across tenants, only with `guard::Operator`.

use poem::{Endpoint, Request, Response};

use crate::app::App;
use crate::db::{Access, PlatformDb, Scope};
use crate::domains::tenancy::Tenant;
use crate::error::ApiError;
use crate::pipeline;

/// Walks a request through the pipeline in a platform Scope.
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

/// Always to write: looking is noted too.
fn open(app: &App, _: Option<&Tenant>, _: Access) -> Result<Scope, ApiError> {
    let platform: &PlatformDb = &app.platform;
    Ok(platform.scope(Access::Write))
}
