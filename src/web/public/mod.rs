//! The public pages of a business, `/b/{slug}`: services, times, details, and the booking with what is to be paid.
//!
//! Every form is a plain POST that ends in a redirect, so that nothing happens twice; the key of an attempt is made
//! with its form.

mod booking;
mod details;
mod layout;
mod services;
mod style;
mod times;
mod view;

use std::sync::Arc;

use chrono::NaiveDate;
use maud::{Markup, html};
use poem::http::{Method, StatusCode, header};
use poem::web::Form;
use poem::{Endpoint, FromRequest, Request, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

pub use style::style;

use super::{Api, Ask, Refusal};
use crate::app::App;
use crate::kernel::ids;
use crate::kernel::zone::Zone;
use crate::pipeline::Notes;

/// Where the real provider's page lies, to which a form may lead.
const PROVIDER: &str = "https://checkout.stripe.com";
/// Pages of the list of services that are looked through for one of them.
const LISTED: usize = 10;

/// The pages, over the API that they ask.
pub struct Pages {
    app: Arc<App>,
    api: Api,
    /// Address of the style sheet.
    style: String,
    policy: String,
}

/// Whether a path is one of these pages.
#[must_use]
pub fn is_page(path: &str) -> bool {
    path.strip_prefix("/b/").is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
}

/// What a page shows, or where it leads.
enum Answer {
    Page { status: StatusCode, title: String, business: Box<view::Page>, main: Markup },
    Go(String),
}

impl Endpoint for Pages {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let path = request.uri().path().to_owned();
        let parts: Vec<&str> = path.trim_start_matches('/').trim_end_matches('/').split('/').collect();
        let slug = parts.get(1).copied().unwrap_or_default();
        let visit = self.visit(&request, slug);
        let answer = match (request.method().clone(), parts.get(2..).unwrap_or_default()) {
            (Method::GET, []) => visit.services(&query::<More>(&request)).await,
            (Method::GET, ["services", id]) => visit.times(id, &query::<From>(&request)).await,
            (Method::GET, ["book"]) => visit.details(query(&request)).await,
            (Method::POST, ["book"]) => visit.book(form(request).await?).await,
            (Method::GET, ["bookings", token]) => visit.booking(token, None).await,
            (Method::POST, ["bookings", token, "cancel"]) => visit.cancel(token, form(request).await?).await,
            (Method::POST, ["bookings", token, "pay"]) => visit.pay(token, form(request).await?).await,
            (_, []) | (_, ["book"] | ["services" | "bookings", _] | ["bookings", _, "cancel" | "pay"]) => {
                return Err(StatusCode::METHOD_NOT_ALLOWED.into());
            }
            _ => Err(missing()),
        };
        Ok(self.write(slug, answer))
    }
}

impl Pages {
    pub fn new(app: &Arc<App>, api: Api) -> Self {
        // a form may lead to the page where one pays: the provider's, or the sandbox's on the base domain
        let policy = format!(
            "default-src 'self'; img-src 'self' data: https:; base-uri 'self'; form-action 'self' {} {PROVIDER}; frame-ancestors 'none'; object-src 'none'",
            app.settings.server.base_url(),
        );
        Self { app: Arc::clone(app), api, style: style().address, policy }
    }

    fn visit<'a>(&'a self, request: &Request, slug: &'a str) -> Visit<'a> {
        let peer = request.data::<Notes>().map_or(std::net::IpAddr::from([127, 0, 0, 1]), Notes::peer);
        Visit { ask: Ask { app: &self.app, api: &self.api, peer }, slug }
    }

    fn write(&self, slug: &str, answer: Result<Answer, Refusal>) -> Response {
        let page = match answer {
            Ok(Answer::Go(address)) => {
                return Response::builder().status(StatusCode::SEE_OTHER).header(header::LOCATION, address).finish();
            }
            Ok(Answer::Page { status, title, business, main }) => {
                let tenant = &business.tenant;
                let html = layout::page(&tenant.name, slug, &title, &tenant.locale, &self.style, &main);
                (status, html)
            }
            Err(refusal) => {
                let main = html! { h1 { (refusal.title) } p { (refusal.detail) } };
                (refusal.status(), layout::page("Booking", slug, &refusal.title, "en", &self.style, &main))
            }
        };
        Response::builder()
            .status(page.0)
            .content_type("text/html; charset=utf-8")
            .header(header::CONTENT_SECURITY_POLICY, &self.policy)
            // whoever has the address of a booking has the booking
            .header(header::REFERRER_POLICY, "same-origin")
            .body(page.1.into_string())
    }
}

#[derive(Debug, Default, Deserialize)]
struct More {
    cursor: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct From {
    from: Option<NaiveDate>,
}

/// The query, read; what cannot be read is as if it were not there.
fn query<T: DeserializeOwned + Default>(request: &Request) -> T {
    request.params::<T>().unwrap_or_default()
}

async fn form<T: DeserializeOwned>(request: Request) -> poem::Result<T> {
    let (request, mut body) = request.split();
    Ok(Form::<T>::from_request(&request, &mut body).await?.0)
}

fn missing() -> Refusal {
    Refusal { status: 404, title: "Nothing is here".to_owned(), ..Refusal::default() }
}

/// One visitor at one business.
struct Visit<'a> {
    ask: Ask<'a>,
    slug: &'a str,
}

impl Visit<'_> {
    fn key(&self) -> String {
        ids::new_id(self.ask.app.clock.now()).to_string()
    }

    async fn business(&self) -> Result<Box<view::Page>, Refusal> {
        self.ask.get(&format!("/v1/{}", self.slug)).await.map(Box::new)
    }

    async fn page(
        &self,
        status: StatusCode,
        title: impl Into<String>,
        main: impl FnOnce(&view::Page) -> Markup,
    ) -> Result<Answer, Refusal> {
        let business = self.business().await?;
        let main = main(&business);
        Ok(Answer::Page { status, title: title.into(), business, main })
    }

    async fn services(&self, more: &More) -> Result<Answer, Refusal> {
        let found = self.list(more.cursor.as_deref()).await?;
        self.page(StatusCode::OK, "Book", |page| {
            services::show(self.slug, page, &found.data, found.next_cursor.as_deref())
        })
        .await
    }

    async fn list(&self, cursor: Option<&str>) -> Result<view::Services, Refusal> {
        let cursor = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        self.ask.get(&format!("/v1/{}/services?limit=100{cursor}", self.slug)).await
    }

    async fn service(&self, id: Uuid) -> Result<view::Service, Refusal> {
        let mut cursor = None;
        for _ in 0..LISTED {
            let found = self.list(cursor.as_deref()).await?;
            if let Some(service) = found.data.into_iter().find(|service| service.id == id) {
                return Ok(service);
            }
            let Some(next) = found.next_cursor else { break };
            cursor = Some(next);
        }
        Err(missing())
    }

    async fn times(&self, id: &str, from: &From) -> Result<Answer, Refusal> {
        let service = self.service(id.parse().map_err(|_| missing())?).await?;
        let business = self.business().await?;
        let zone = Zone::parse(&business.tenant.timezone).unwrap_or_else(|_| Zone::utc());
        let today = zone.local(self.ask.app.clock.now()).date();
        let first = from.from.unwrap_or(today).max(today);
        let last = first.checked_add_days(chrono::Days::new(times::SHOWN - 1)).unwrap_or(first);
        let path = format!("/v1/b/{}/availability?service_id={id}&start_date={first}&end_date={last}", self.slug);
        let found: view::Availability = self.ask.get(&path).await?;
        let main = times::show(self.slug, &service, first, today, &found);
        Ok(Answer::Page { status: StatusCode::OK, title: service.name, business, main })
    }

    async fn details(&self, mut asked: details::Details) -> Result<Answer, Refusal> {
        if asked.slot.is_empty() {
            return Ok(Answer::Go(format!("/b/{}", self.slug)));
        }
        asked.key = self.key();
        self.form(asked, None).await
    }

    async fn form(&self, asked: details::Details, refusal: Option<Refusal>) -> Result<Answer, Refusal> {
        let service = self.service(asked.service).await?;
        let status = refusal.as_ref().map_or(StatusCode::OK, Refusal::status);
        self.page(status, "Your details", |page| {
            details::show(self.slug, &page.tenant, &service, &asked, refusal.as_ref())
        })
        .await
    }

    async fn book(&self, mut asked: details::Details) -> Result<Answer, Refusal> {
        let made: Result<view::Booking, Refusal> =
            self.ask.post(&format!("/v1/b/{}/bookings", self.slug), &asked.key, &asked.body()).await;
        match made {
            Ok(booking) => Ok(Answer::Go(format!("/b/{}/bookings/{}", self.slug, booking.manage_token))),
            Err(refusal) => {
                // the next attempt is another one
                asked.key = self.key();
                self.form(asked, Some(refusal)).await
            }
        }
    }

    async fn booking(&self, token: &str, refusal: Option<Refusal>) -> Result<Answer, Refusal> {
        let path = format!("/v1/b/{}/bookings/{token}", self.slug);
        // asked first: a payment that has come in meanwhile confirms the booking
        let attempt = self.ask.get::<view::Payment>(&format!("{path}/payment")).await.ok();
        let booking: view::Booking = self.ask.get(&path).await?;
        let status = refusal.as_ref().map_or(StatusCode::OK, Refusal::status);
        let beside =
            booking::Beside { slug: self.slug, key: self.key(), attempt: attempt.as_ref(), refusal: refusal.as_ref() };
        self.page(status, "Your booking", |_| booking::show(&booking, &beside)).await
    }

    async fn cancel(&self, token: &str, pressed: booking::Pressed) -> Result<Answer, Refusal> {
        let path = format!("/v1/b/{}/bookings/{token}", self.slug);
        let done: Result<Value, Refusal> = self.ask.post(&format!("{path}/cancel"), &pressed.key, &json!({})).await;
        self.after(token, done.map(|_| format!("/b/{}/bookings/{token}", self.slug))).await
    }

    async fn pay(&self, token: &str, pressed: booking::Pressed) -> Result<Answer, Refusal> {
        let path = format!("/v1/b/{}/bookings/{token}", self.slug);
        let back = format!("{}/b/{}/bookings/{token}", self.ask.app.settings.server.base_url(), self.slug);
        let body = json!({ "payment_method": "card", "page": { "success_url": back, "cancel_url": back } });
        let begun: Result<view::Begun, Refusal> = self.ask.post(&format!("{path}/checkout"), &pressed.key, &body).await;
        self.after(token, begun.map(|begun| begun.checkout_url.unwrap_or(back))).await
    }

    /// On to where it leads, or the booking again with what was refused.
    async fn after(&self, token: &str, done: Result<String, Refusal>) -> Result<Answer, Refusal> {
        match done {
            Ok(address) => Ok(Answer::Go(address)),
            Err(refusal) => self.booking(token, Some(refusal)).await,
        }
    }
}
