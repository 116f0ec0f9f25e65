//! The request's way, one step a file. [`run`] reads top to bottom in the order of the mission:
//! tenant, session variable for row-level security, rate limit, auth, idempotency, handler, and then
//! commit or roll back. `envelope` is around all of it.

pub mod alias;
mod auth;
mod close;
mod cors;
pub mod envelope;
mod handler;
pub mod idempotency;
mod notes;
mod peer;
pub mod rate_limit;
pub mod route;
pub mod tenant;

use std::sync::Arc;

use poem::http::Method;
use poem::{Endpoint, Request, Response};

pub use auth::Credential;
pub use notes::Notes;
pub use peer::AskedFor;

use crate::app::App;
use crate::db::{Access, Scope};
use crate::domains::identity::Actor;
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};

/// What a handler's guards find in the request: who calls, for which tenant, in which transaction.
#[derive(Clone)]
pub struct Call {
    pub scope: Scope,
    /// Present behind the tenant door, and where an inbound request named one.
    pub tenant: Option<Arc<Tenant>>,
    pub actor: Actor,
    pub door: route::Door,
    /// Where the caller comes from, as rate limits count it.
    pub network: String,
}

/// Walks one request through all steps. `open` is the door's way to a Scope: it takes no connection.
///
/// # Errors
/// The refusal of the step that refused; the envelope makes a problem of it.
pub async fn run<E, O>(app: &App, open: O, next: &E, mut request: Request) -> Result<Response, ApiError>
where
    E: Endpoint<Output = Response>,
    O: Fn(&App, Option<&Tenant>, Access) -> Result<Scope, ApiError>,
{
    let notes = request.data::<Notes>().cloned().ok_or_else(|| ApiError::of(Code::InternalError))?;
    let path = request.uri().path().to_owned();
    let route = route::read(request.method(), &path);
    let credential = Credential::of(&request, &route);
    let verified = credential.as_ref().map(|credential| app.tokens.verify(credential.token(), app.clock.now()));

    // 1 tenant
    let tenant = match tenant::resolve(app, &route, credential.as_ref(), &request, notes.peer()).await {
        Ok(tenant) => tenant,
        Err(refusal) => return Err(count_refused(app, &route, &notes, refusal).await),
    };
    if let Some(tenant) = &tenant {
        notes.note_tenant(tenant);
    }

    // 2 session variable: set by the first statement's BEGIN, so a refused request opens nothing
    let scope = open(app, tenant.as_deref(), access(request.method(), &route))?;

    // 3 rate limit
    let spent = rate_limit::spend(app, &route, tenant.as_deref(), verified.as_ref(), notes.peer()).await;
    notes.note_spent(spent.clone());
    if spent.refused.is_some() {
        return Err(rate_limit::refusal(&spent));
    }

    // 4 auth
    let actor =
        auth::identify(app, &scope, tenant.as_deref(), credential.as_ref().zip(verified.as_ref()), &request, &notes)
            .await?;

    // 5 idempotency; 6 handler; 7 commit or roll back
    let home = tenant.as_ref().map_or(app.home, |tenant| tenant.id);
    let ticket =
        idempotency::ticket(home, &actor, notes.peer(), &route, app.settings.server.body_limit, &mut request).await?;
    let call = Call { scope, tenant, actor, door: route.door, network: rate_limit::network(notes.peer()) };
    handler::answer(next, call, ticket, &notes, request).await
}

fn access(method: &Method, route: &route::Route<'_>) -> Access {
    let reads = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    if reads && !route.noted { Access::Read } else { Access::Write }
}

/// A request that finds no tenant has no bucket but its address's: looking for tenants by guessing costs that.
async fn count_refused(app: &App, route: &route::Route<'_>, notes: &Notes, refusal: ApiError) -> ApiError {
    if refusal.is_ours() || refusal.code() == Code::RateLimitExceeded {
        return refusal;
    }
    let spent =
        rate_limit::spend(app, &route::Route { class: route::Class::Anonymous, ..*route }, None, None, notes.peer())
            .await;
    notes.note_spent(spent.clone());
    if spent.refused.is_some() { rate_limit::refusal(&spent) } else { refusal }
}
