//! The documentation pages and the documents they are made from.
//!
//! Everything is rendered once, when the routes are made, and served from memory with an ETag. Nothing
//! is inline: the pages work under a policy that allows styles and scripts only from this host.
use std::sync::Arc;

use maud::Markup;
use poem::{Endpoint, Request, Response, Route, endpoint::make_sync, get, web::Redirect};
use rust_embed::Embed;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    error::Code,
    guard::{ETag, IfNoneMatch, fresh::conditional},
    web,
};

mod changelog;
mod errors;
mod first_booking;
mod layout;
mod reference;
mod schema_table;

#[derive(Embed)]
#[folder = "src/web/assets"]
struct Assets;

const HTML: &str = "text/html; charset=utf-8";
/// Pages may be kept, but are asked for again each time.
const FRESH: &str = "no-cache";
/// Small files that hardly ever change.
const DAY: &str = "public, max-age=86400";
/// The address has the content's digest in it.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// `/openapi.json`, `/openapi-3.0.json`, `/docs` and what belongs to them; the root leads to `/docs`.
pub fn routes(doc31: Arc<Value>, doc30: Arc<Value>) -> Route {
    let to_reference = make_sync(|_| Redirect::temporary("/docs"));
    add_routes(Route::new().at("/", get(to_reference)), &doc31, &doc30)
}

/// The same, added to routes that exist.
pub fn add_routes(route: Route, doc31: &Value, doc30: &Value) -> Route {
    let style = Style::embedded();
    let page = |title: &str, here: &str, main: Markup| {
        let html = layout::page(title, here, &style.address, &main).into_string();
        get(File::new(HTML, FRESH, html.into_bytes()))
    };
    let mut route = route
        .at("/openapi.json", get(File::new("application/json", FRESH, json(doc31))))
        .at("/openapi-3.0.json", get(File::new("application/json", FRESH, json(doc30))))
        .at("/docs", page("API reference", "/docs", reference::page(doc31)))
        .at("/docs/schemas", page("Schemas", "/docs/schemas", reference::schemas(doc31)))
        .at("/docs/errors", page("Errors", "/docs/errors", errors::list()))
        .at(
            "/docs/guides/first-booking",
            page("First booking in five minutes", "/docs/guides/first-booking", first_booking::page(address(doc31))),
        )
        .at("/docs/changelog", page("Changelog", "/docs/changelog", changelog::page()))
        .at("/favicon.ico", get(File::new("image/svg+xml", DAY, asset("favicon.svg"))))
        .at("/assets/invoice.css", get(File::new("text/css; charset=utf-8", DAY, asset("invoice.css"))))
        .at("/robots.txt", get(File::new("text/plain; charset=utf-8", DAY, asset("robots.txt"))))
        .at(&style.address, get(File::new("text/css; charset=utf-8", FOREVER, style.bytes)));
    let style = web::public::style();
    route = route.at(&style.address, get(File::new("text/css; charset=utf-8", FOREVER, style.bytes.to_vec())));
    for (name, address, main) in reference::chapters(doc31) {
        route = route.at(&address, page(name, "/docs", main));
    }
    for (address, main) in reference::schema_chapters(doc31) {
        route = route.at(&address, page("Schemas", "/docs/schemas", main));
    }
    for code in Code::ALL {
        let address = format!("/docs/errors/{}", code.kebab());
        route = route.at(&address, page(code.name(), "/docs/errors", errors::page(*code)));
    }
    route
}

/// Where the service is reached, as the document says.
fn address(document: &Value) -> &str {
    document["servers"][0]["url"].as_str().unwrap_or_default()
}

fn asset(name: &str) -> Vec<u8> {
    Assets::get(name).map(|file| file.data.into_owned()).unwrap_or_default()
}

struct Style {
    address: String,
    bytes: Vec<u8>,
}

impl Style {
    fn embedded() -> Self {
        let bytes = asset("docs.css");
        Self { address: format!("/assets/{}/docs.css", &digest(&bytes)[..16]), bytes }
    }
}

fn json(document: &Value) -> Vec<u8> {
    let mut text = format!("{document:#}").into_bytes();
    text.push(b'\n');
    text
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes with their validator.
struct File {
    content_type: &'static str,
    cache: &'static str,
    bytes: Vec<u8>,
    etag: ETag,
}

impl File {
    fn new(content_type: &'static str, cache: &'static str, bytes: Vec<u8>) -> Self {
        let etag = ETag::of(&bytes);
        Self { content_type, cache, bytes, etag }
    }
}

impl Endpoint for File {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let known = IfNoneMatch::of(&request).names(&self.etag);
        let whole = || Response::builder().content_type(self.content_type).body(self.bytes.clone());
        Ok(conditional((!known).then(whole), &self.etag, self.cache))
    }
}
