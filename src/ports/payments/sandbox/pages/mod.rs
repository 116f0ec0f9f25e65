//! The sandbox's pages: where somebody pays, answers their bank, opens an account, looks at their bills. They work without
//! JavaScript; they load nothing but one stylesheet; each says that no money moves.
//!
//! A form answers with 303 to a page of its own, and that page leads back to the shop: browsers let no form be answered
//! by a redirect to somewhere else (`form-action`).

mod authenticate;
mod layout;
mod onboarding;
mod pay;
mod portal;

use poem::http::{StatusCode, header};
use poem::{Request, Response};

use super::Sandbox;
use super::form::Form;

const STYLE: &str = include_str!("style.css");
const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A page, or where to go instead.
enum Page {
    Show(StatusCode, maud::Markup),
    /// To another of these pages: what follows the prefix.
    Go(String),
}

/// Answers for a page. `path` begins behind the prefix.
pub(super) fn answer(sandbox: &Sandbox, request: &Request, path: &str, body: &[u8]) -> Response {
    let parts: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    let (post, form) = (request.method() == "POST", Form::read(&String::from_utf8_lossy(body)));
    if !post && request.method() != "GET" && request.method() != "HEAD" {
        return super::http::plain(StatusCode::METHOD_NOT_ALLOWED, "GET and POST only.");
    }
    let page = match parts.as_slice() {
        ["style.css"] => return style(),
        ["pay", account, session] if post => pay::press(sandbox, own(account), session, &form),
        ["pay", account, session] => pay::show(sandbox, own(account), session),
        ["authenticate", account, intent] if post => authenticate::press(sandbox, own(account), intent, &form),
        ["authenticate", account, intent] => authenticate::show(sandbox, own(account), intent),
        ["onboarding", link] if post => onboarding::press(sandbox, link, &form),
        ["onboarding", link] => onboarding::show(sandbox, link),
        ["portal", account, session] if post => portal::press(sandbox, own(account), session, &form),
        ["portal", account, session] => portal::show(sandbox, own(account), session),
        _ => nothing(sandbox),
    };
    respond(sandbox, page)
}

/// The account as paths name it: the platform has no id of its own.
fn own(account: &str) -> &str {
    if account == "platform" { "" } else { account }
}

/// The other way round.
fn named(account: &str) -> &str {
    if account.is_empty() { "platform" } else { account }
}

fn nothing(sandbox: &Sandbox) -> Page {
    let text = maud::html! { p { "There is no such page, or no longer." } };
    Page::Show(StatusCode::NOT_FOUND, layout::page(&prefix(sandbox), "Not found", text))
}

/// What stands before the path of each page.
fn prefix(sandbox: &Sandbox) -> String {
    let pages = &sandbox.options.pages;
    let behind = pages.split_once("://").map_or(pages.as_str(), |(_, behind)| behind);
    behind.find('/').map(|at| behind[at..].to_owned()).unwrap_or_default()
}

fn respond(sandbox: &Sandbox, page: Page) -> Response {
    let response = Response::builder()
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::REFERRER_POLICY, "no-referrer")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    match page {
        Page::Show(status, markup) => {
            response.status(status).content_type("text/html; charset=utf-8").body(markup.into_string())
        }
        Page::Go(path) => {
            response.status(StatusCode::SEE_OTHER).header(header::LOCATION, prefix(sandbox) + &path).finish()
        }
    }
}

fn style() -> Response {
    Response::builder()
        .content_type("text/css; charset=utf-8")
        .header(header::CACHE_CONTROL, "public, max-age=3600")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .body(STYLE)
}
