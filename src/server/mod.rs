//! What the process serves: the API behind its three doors, health and metrics, and the documents
//! that describe it.

pub mod docs;
pub mod health;
mod inbound_door;
pub mod listen;
pub mod metrics;
pub mod openapi;
mod platform_door;
mod tenant_door;

use std::sync::Arc;

use poem::endpoint::BoxEndpoint;
use poem::http::{HeaderValue, header};
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response, Route};
use poem_openapi::{OpenApi, OpenApiService};
use serde_json::Value;

use crate::app::App;
use crate::domains;
use crate::error::{ApiError, Code, problem};
use crate::pipeline::envelope;
use crate::pipeline::route::{self, Door};
use openapi::Merged;

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
    let document = openapi::document_31(raw.clone());
    let allow = openapi::Allow::new(&document);
    let documents = docs::routes(Arc::new(document), Arc::new(openapi::document_30(raw)));
    let routes = Route::new().nest("/", service(app)).map_to_response().boxed();
    Ok(Server {
        app: Arc::clone(app),
        doors: Doors { app: Arc::clone(app), allow, routes, documents: documents.map_to_response().boxed() },
    })
}

struct Server {
    app: Arc<App>,
    doors: Doors,
}

impl Endpoint for Server {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        Ok(envelope::wrap(&self.app, &self.doors, request).await)
    }
}

/// Sends a request through the door that its path asks for.
struct Doors {
    app: Arc<App>,
    allow: openapi::Allow,
    routes: BoxEndpoint<'static, Response>,
    documents: BoxEndpoint<'static, Response>,
}

impl Endpoint for Doors {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let (app, routes) = (&*self.app, &self.routes);
        let path = request.uri().path().to_owned();
        let answer = match route::read(request.method(), request.uri().path()).door {
            Door::Tenant => tenant_door::enter(app, routes, request).await,
            Door::Inbound => inbound_door::enter(app, routes, request).await,
            Door::Platform => platform_door::enter(app, routes, request).await,
            Door::Open if is_document(request.uri().path()) => return self.documents.call(request).await,
            Door::Open => routes.call(request).await.map_err(problem::from_poem),
        };
        Ok(answer.map_err(|error| self.naming_methods(error, &path))?.into_response())
    }
}

impl Doors {
    /// A 405 must say which methods there are (RFC 9110, 15.5.6).
    fn naming_methods(&self, error: ApiError, path: &str) -> ApiError {
        if error.code() != Code::MethodNotAllowed {
            return error;
        }
        let methods = self.allow.header(path).and_then(|methods| HeaderValue::from_str(&methods).ok());
        match methods {
            Some(methods) => error.with_header(header::ALLOW, methods),
            None => error,
        }
    }
}

fn is_document(path: &str) -> bool {
    ["/docs", "/assets", "/openapi"].iter().any(|start| path.starts_with(start)) || path == "/"
}
