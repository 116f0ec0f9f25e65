//! Which origins may call from a browser: the tenant's own subdomain, the base domain, what the
//! tenant listed, and what the operator listed for all. Cookies cross only to the first two.

use poem::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use poem::{Request, Response};

use super::{Notes, route, tenant};
use crate::app::App;
use crate::domains::tenancy::Tenant;

const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
const REQUEST_HEADERS: &str =
    "authorization, content-type, idempotency-key, if-match, if-none-match, x-request-id, x-tenant-id, x-feature-flags";
const EXPOSED: &str = "content-disposition, etag, idempotent-replayed, link, location, original-request, ratelimit, ratelimit-policy, retry-after, \
                       x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, x-request-id, x-truncated";

/// The answer to a preflight of a canonical path; `None` when the request is none.
pub(super) async fn preflight(app: &App, request: &Request, notes: &Notes) -> Option<Response> {
    if *request.method() != Method::OPTIONS {
        return None;
    }
    let origin = request.header(header::ORIGIN)?;
    request.header(header::ACCESS_CONTROL_REQUEST_METHOD)?;
    let named = tenant::label(request, &app.settings.server.base_domain);
    let named = named.or_else(|| route::read(request.method(), request.uri().path()).slug.map(str::to_owned));
    let found = match named {
        Some(slug) => tenant::named(app, &slug, notes.peer()).await.ok().flatten(),
        None => None,
    };
    let mut response = Response::builder().status(StatusCode::NO_CONTENT).finish();
    let headers = response.headers_mut();
    if allow(headers, app, found.as_deref(), origin) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(REQUEST_HEADERS));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
    Some(response)
}

/// Marks an answer for its origin, if that origin may read it.
pub(super) fn write(headers: &mut HeaderMap, app: &App, tenant: Option<&Tenant>, origin: &str) {
    if allow(headers, app, tenant, origin) {
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    }
}

fn allow(headers: &mut HeaderMap, app: &App, tenant: Option<&Tenant>, origin: &str) -> bool {
    let server = &app.settings.server;
    let home = origin == server.base_url() || tenant.is_some_and(|tenant| origin == server.tenant_url(&tenant.slug));
    let listed =
        server.cors_origins.iter().chain(tenant.into_iter().flat_map(|t| &t.cors_origins)).any(|o| o == origin);
    let Ok(value) = HeaderValue::from_str(origin) else { return false };
    if home || listed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, value);
    }
    if home {
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
    home || listed
}
