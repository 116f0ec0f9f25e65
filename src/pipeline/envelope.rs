//! Around everything: request id, span, panic, timeout, body size, security headers, CORS, metrics;
//! and every error becomes problem+json here, whichever step it came from.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use poem::error::ReadBodyError;
use poem::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use poem::{Body, Endpoint, Request, Response};
use poem_openapi::OperationId;
use tracing::Instrument;

use super::{Notes, alias, cors, peer, rate_limit};
use crate::app::App;
use crate::error::problem::{self, Occurrence};
use crate::error::{ApiError, Code};
use crate::kernel::ids;

/// How long a caller may take to send a body.
const BODY: Duration = Duration::from_secs(10);

/// The methods that metrics tell apart.
const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// Answers a request, whatever happens.
pub async fn wrap<E>(app: &App, next: &E, mut request: Request) -> Response
where
    E: Endpoint<Output = Response>,
{
    let started = Instant::now();
    let notes = Notes::new(request_id(app, &request), peer::of(&request, &app.settings.server.trusted_proxies));
    let method = request.method().clone();
    let path = shown(request.uri().path());
    let origin = request.header(header::ORIGIN).map(str::to_owned);
    let span = tracing::info_span!("request", id = notes.request_id(), %method, path);

    let in_flight = InFlight::new();

    alias::rewrite(&mut request);
    let successor = request.extensions().get::<alias::Successor>().cloned();
    if let Some(mut response) = cors::preflight(app, &request, &notes).await {
        decorate(&mut response, app, &notes, None);
        return response;
    }
    if method == Method::HEAD {
        // answered like GET; the connection sends the head of it, with the length that GET would have
        request.set_method(Method::GET);
    }
    request.extensions_mut().insert(notes.clone());

    let result = async {
        let whole = Duration::from_secs(app.settings.server.request_timeout);
        let ends = tokio::time::Instant::now() + whole;
        tokio::time::timeout(BODY.min(whole), bound(&mut request, app.settings.server.body_limit))
            .await
            .map_err(|_| ApiError::of(Code::RequestTimeout))??;
        match tokio::time::timeout_at(ends, AssertUnwindSafe(next.call(request)).catch_unwind()).await {
            Ok(Ok(result)) => result.map_err(|error| notes.operation_of(error)),
            Ok(Err(panic)) => Err(panicked(&panic)),
            Err(_) => Err(ApiError::of(Code::ServiceUnavailable).retry_after(1).caused_by("the request took too long")),
        }
    }
    .instrument(span.clone())
    .await;
    drop(in_flight);

    let mut response = result.unwrap_or_else(|error| {
        span.in_scope(|| {
            if error.is_ours() {
                tracing::error!(error = %error, "failed");
            } else {
                tracing::debug!(error = %error, "refused");
            }
        });
        problem::render(&error, Occurrence { instance: Some(&path), request_id: Some(notes.request_id()) })
    });
    if let Some(alias::Successor(successor)) = successor {
        set(&mut response, "deprecation", alias::SINCE);
        set(&mut response, "link", &format!("<{successor}>; rel=\"successor-version\""));
    }
    decorate(&mut response, app, &notes, origin.as_deref());
    record(&span, &method, &response, &notes, started.elapsed());
    response
}

/// A path as logs and problems may hold it: what follows `bookings` or `feeds` on a public page opens a booking or a
/// calendar for whoever reads it, so it is left out.
pub(super) fn shown(path: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    if path.starts_with("/v1/") || path.starts_with("/b/") {
        for (page, secret) in [("bookings", "{manage_token}"), ("feeds", "{feed_secret}")] {
            // a business may be called like a page: its label is the third part or, below `v1/b`, the fourth
            let label = if path.starts_with("/v1/b/") { 3 } else { 2 };
            let at = parts.iter().skip(label + 1).position(|part| *part == page).map(|at| at + label + 2);
            if let Some(part) = at.and_then(|at| parts.get_mut(at)) {
                *part = secret;
            }
        }
    }
    parts.join("/")
}

/// One of the requests in flight, also when its caller goes away before the answer.
struct InFlight;

impl InFlight {
    fn new() -> Self {
        metrics::gauge!("http_requests_in_flight").increment(1.0);
        Self
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        metrics::gauge!("http_requests_in_flight").decrement(1.0);
    }
}

/// The caller's own id where it is fit for a log line, else a new one.
fn request_id(app: &App, request: &Request) -> String {
    let fit = |id: &&str| {
        (8..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    match request.header("x-request-id").filter(fit) {
        Some(id) => id.to_owned(),
        None => ids::new_id(app.clock.now()).to_string(),
    }
}

/// Reads the body, refuses one over the limit. All of it is there before the pipeline begins: a caller who sends
/// slowly must not hold a connection of the database meanwhile, nor anybody read unbounded.
async fn bound(request: &mut Request, limit: usize) -> Result<(), ApiError> {
    match request.header(header::CONTENT_LENGTH).map(|length| length.parse::<usize>()) {
        Some(Ok(length)) if length > limit => return Err(ApiError::of(Code::PayloadTooLarge)),
        Some(Err(_)) => return Err(ApiError::new(Code::BadRequest, "Content-Length is not a number.")),
        _ => {}
    }
    let body = request.take_body().into_bytes_limit(limit).await.map_err(|error| match error {
        ReadBodyError::PayloadTooLarge => ApiError::of(Code::PayloadTooLarge),
        _ => ApiError::new(Code::BadRequest, "The body ended early."),
    })?;
    request.set_body(Body::from_bytes(body));
    Ok(())
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> ApiError {
    let what =
        panic.downcast_ref::<&str>().map(|s| (*s).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
    metrics::counter!("http_panics_total").increment(1);
    ApiError::internal(format!("panic: {}", what.unwrap_or_default()))
}

fn decorate(response: &mut Response, app: &App, notes: &Notes, origin: Option<&str>) {
    set(response, "x-request-id", notes.request_id());
    set(response, "x-content-type-options", "nosniff");
    set(response, "referrer-policy", "strict-origin-when-cross-origin");
    set(response, "permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(self)");
    set(response, "cross-origin-opener-policy", "same-origin");
    if app.settings.server.base_url().starts_with("https://") {
        set(response, "strict-transport-security", "max-age=31536000; includeSubDomains");
    }
    // a 304 says nothing of its own: a policy on it would replace that of the page which the browser keeps
    let kept = response.status() == StatusCode::NOT_MODIFIED;
    if !kept && !response.headers().contains_key(header::CONTENT_SECURITY_POLICY) {
        let html = response.content_type().is_some_and(|kind| kind.starts_with("text/html"));
        let policy = if html {
            "default-src 'self'; img-src 'self' data: https:; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
        } else {
            "default-src 'none'; frame-ancestors 'none'"
        };
        set(response, "content-security-policy", policy);
    }
    if !response.headers().contains_key(header::CACHE_CONTROL) {
        set(response, "cache-control", "no-store");
    }
    if let Some(spent) = notes.spent() {
        rate_limit::write_headers(response.headers_mut(), spent);
    }
    // an answer that some cache keeps must not be taken for another origin's
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin {
        cors::write(response.headers_mut(), app, notes.tenant().map(AsRef::as_ref), origin);
    }
}

fn set(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
}

/// One log line and the metrics. The operation, not the path, labels a metric: paths are endless.
fn record(span: &tracing::Span, method: &Method, response: &Response, notes: &Notes, took: Duration) {
    let operation = response.data::<OperationId>().map(|id| id.0).or_else(|| notes.operation()).unwrap_or("none");
    let status = response.status().as_u16();
    // callers may make up methods: each would be a series of its own
    let method = if KNOWN.contains(&method.as_str()) { method.as_str() } else { "other" };
    let labels = [("method", method.to_owned()), ("operation", operation.to_owned()), ("status", status.to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_duration_seconds", "operation" => operation).record(took.as_secs_f64());
    let level_is_quiet = matches!(operation, "none") && response.status() == StatusCode::OK;
    let _enter = span.enter();
    let tenant = notes.tenant().map_or("-", |tenant| tenant.slug.as_str());
    let duration_ms = took.as_secs_f64() * 1000.0;
    let (statements, peer) = (notes.statements(), notes.peer());
    if level_is_quiet {
        tracing::debug!(status, tenant, duration_ms, statements, %peer, "answered");
    } else {
        let user = notes.user().map(|user| user.to_string()).unwrap_or_default();
        tracing::info!(status, tenant, operation, user, duration_ms, statements, %peer, "answered");
    }
}
