//! What the process serves: the API behind its three doors, health and metrics, and the documents
//! that describe it.

pub mod docs;
pub mod health;
mod inbound_door;
pub mod listen;
pub mod metrics;
mod named;
pub mod openapi;
mod platform_door;
mod tenant_door;
mod watcher;

use std::sync::Arc;

use poem::endpoint::BoxEndpoint;
use poem::http::{HeaderValue, StatusCode, header};
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response, Route};
use poem_openapi::{OpenApi, OpenApiService};
use serde_json::Value;

use crate::app::App;
use crate::domains;
use crate::pipeline::route::{self, Door};
use crate::pipeline::{self, alias, envelope};
use crate::ports::payments::sandbox;
use crate::web;
use crate::web::public::Pages;
use openapi::{Allow, Merged};

/// Every operation of the service.
fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    Merged((health::api(app), metrics::api(app), domains::api(app)))
}

fn service(app: &Arc<App>) -> OpenApiService<impl OpenApi + use<>, ()> {
    OpenApiService::new(api(app), "Tithi", env!("CARGO_PKG_VERSION"))
        .summary("Bookings, payments and wellness content for businesses that take appointments")
        .description(include_str!("about.md"))
        .server(app.settings.server.base_url())
}

/// The document as poem-openapi writes it, before it is made good.
///
/// # Errors
/// When it is not JSON, which would be a defect of the library.
pub fn raw_document(app: &Arc<App>) -> serde_json::Result<Value> {
    serde_json::from_str(&service(app).spec())
}

/// Everything that the process answers.
///
/// # Errors
/// When the documents cannot be made.
pub fn endpoint(app: &Arc<App>) -> serde_json::Result<impl Endpoint<Output = Response> + use<>> {
    let raw = raw_document(app)?;
    let document = Arc::new(openapi::document_31(raw.clone()));
    let allow = Allow::new(&document);
    let documents = docs::routes(document, Arc::new(openapi::document_30(raw)));
    let routes = Route::new().nest("/", service(app)).map_to_response();
    let routes = named::Named { routes, addresses: allow.clone() }.boxed();
    let api = Arc::new(Doors { app: Arc::clone(app), routes });
    let pages = Pages::new(app, Arc::clone(&api).boxed());
    Ok(Server {
        app: Arc::clone(app),
        allow,
        house: House { api, pages, documents: documents.map_to_response().boxed() },
    })
}

struct Server {
    app: Arc<App>,
    allow: Allow,
    house: House,
}

impl Endpoint for Server {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let uri = request.uri().clone();
        let mut response = envelope::wrap(&self.app, &self.house, request).await;
        if response.status() == StatusCode::METHOD_NOT_ALLOWED {
            self.name_methods(uri.path(), &mut response);
        }
        Ok(response)
    }
}

impl Server {
    /// A 405 says what the address takes instead.
    fn name_methods(&self, path: &str, response: &mut Response) {
        let canonical = alias::successor(path);
        let methods = self.allow.header(canonical.as_deref().unwrap_or(path)).unwrap_or_else(|| "GET, HEAD".into());
        if let Ok(methods) = HeaderValue::from_str(&methods) {
            response.headers_mut().insert(header::ALLOW, methods);
        }
    }
}

/// Everything that has an address: the API behind its doors, the pages that ask it, the documents, and the
/// provider's sandbox where there is one.
struct House {
    api: Arc<Doors>,
    pages: Pages,
    documents: BoxEndpoint<'static, Response>,
}

impl Endpoint for House {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        match request.uri().path() {
            path if is_document(path) => self.documents.call(request).await,
            path if web::public::is_page(path) => self.pages.call(request).await,
            path => match self.api.sandbox(path) {
                Some(sandbox) => sandbox.call(request).await,
                None => self.api.call(request).await,
            },
        }
    }
}

/// Sends a request through the door that its path asks for.
struct Doors {
    app: Arc<App>,
    routes: BoxEndpoint<'static, Response>,
}

impl Endpoint for Doors {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let (app, routes) = (&*self.app, &self.routes);
        let answer = match route::read(request.method(), request.uri().path()).door {
            Door::Tenant => pipeline::run(app, tenant_door::open, routes, request).await,
            Door::Inbound => pipeline::run(app, inbound_door::open, routes, request).await,
            Door::Platform => pipeline::run(app, platform_door::open, routes, request).await,
            Door::Open => return routes.call(request).await,
        };
        Ok(answer.map_err(poem::Error::from)?.into_response())
    }
}

impl Doors {
    /// Stripe's sandbox lies beside the doors: it is nobody's business but a provider's.
    fn sandbox(&self, path: &str) -> Option<sandbox::Server> {
        let below = path.strip_prefix(sandbox::PREFIX)?;
        let sandbox = self.app.sandbox.as_ref().filter(|_| below.starts_with('/'))?;
        Some(sandbox::Server(Arc::clone(sandbox)))
    }
}

fn is_document(path: &str) -> bool {
    ["/docs", "/assets", "/openapi"].iter().any(|start| path.starts_with(start))
        || matches!(path, "/" | "/favicon.ico" | "/robots.txt")
}
