//! The public pages: from the list of services to the booking, by links and plain forms.

use reqwest::Method;
use serde_json::json;

use crate::booking::Shop;
use crate::support::app::Service;
use crate::support::client::{Answer, Client};

/// What stands in the first attribute `name` after `mark`, as a browser reads it.
fn attribute(page: &str, mark: &str, name: &str) -> String {
    let rest = &page[page.find(mark).unwrap_or_else(|| panic!("no {mark} in {page}"))..];
    let start = rest.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
    let value = &rest[start..start + rest[start..].find('"').unwrap()];
    value.replace("&amp;", "&").replace("&quot;", "\"")
}

fn text(answer: &Answer) -> String {
    assert!(answer.header("content-type").starts_with("text/html"), "{answer:?}");
    assert!(answer.body.len() < 100_000, "a page of {} bytes", answer.body.len());
    String::from_utf8(answer.body.clone()).unwrap()
}

async fn read(client: &Client, path: &str) -> String {
    let answer = client.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "{policy}");
    let page = text(&answer);
    assert!(!page.contains("<script") && !page.contains("style=\"") && !page.contains(" onclick"), "{page}");
    page
}

async fn submit(client: &Client, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut body = reqwest::Url::parse("http://form/").unwrap();
    body.query_pairs_mut().extend_pairs(fields);
    let body = body.query().unwrap_or_default().as_bytes().to_vec();
    client.raw(Method::POST, path, "application/x-www-form-urlencoded", Some(body)).await
}

struct Form {
    shop: Shop,
    slot: String,
    at: String,
    key: String,
}

impl Form {
    /// The form of the first free time, reached by the links of the pages.
    async fn reached(at: &Service) -> Self {
        let shop = Shop::open(at, json!({"name": "Cut & finish", "price_cents": 4500})).await;
        let slug = shop.tenant.slug.clone();
        let page = read(&shop.stranger, &format!("/b/{slug}")).await;
        assert!(page.contains("Cut &amp; finish") && page.contains("45.00"), "{page}");
        let times = attribute(&page, "class=\"button\"", "href");
        // far enough ahead to be canceled again
        let page = read(&shop.stranger, &format!("{times}?from={}", shop.tomorrow)).await;
        let book = attribute(&page, "class=\"times\"", "href");
        let page = read(&shop.stranger, &book).await;
        let value = |name: &str| attribute(&page, &format!("name=\"{name}\""), "value");
        Self { slot: value("slot"), at: value("at"), key: value("key"), shop }
    }

    async fn send(&self, email: &str, website: &str) -> Answer {
        let fields = [
            ("service", self.shop.service_id.as_str()),
            ("slot", &self.slot),
            ("at", &self.at),
            ("key", &self.key),
            ("display_name", "Ana <Torres>"),
            ("email", email),
            ("phone", ""),
            ("notes", ""),
            ("website", website),
        ];
        submit(&self.shop.stranger, &format!("/b/{}/book", self.shop.tenant.slug), &fields).await
    }

    async fn bookings(&self) -> usize {
        let found = self.shop.owner.get("/api/v1/bookings").await.expect(200);
        found["data"].as_array().unwrap().len()
    }
}

#[tokio::test]
async fn a_visitor_books_and_cancels_by_links_and_forms_alone() {
    let at = Service::start().await;
    let form = Form::reached(&at).await;
    let made = form.send("ana@example.com", "").await;
    assert_eq!(made.status, 303, "{made:?}");
    let address = made.header("location").to_owned();
    let page = read(&form.shop.stranger, &address).await;
    assert!(page.contains("Your booking is confirmed") && page.contains("calendar.ics"), "{page}");

    // the browser's back button and the form once more: the same booking
    let again = form.send("ana@example.com", "").await;
    assert_eq!((again.status.as_u16(), again.header("location")), (303, address.as_str()));
    assert_eq!(form.bookings().await, 1);

    let key = attribute(&page, "name=\"key\"", "value");
    let canceled = submit(&form.shop.stranger, &format!("{address}/cancel"), &[("key", &key)]).await;
    assert_eq!(canceled.status, 303, "{canceled:?}");
    let page = read(&form.shop.stranger, &address).await;
    assert!(page.contains("Your booking is canceled") && !page.contains("/cancel"), "{page}");
}

#[tokio::test]
async fn what_was_typed_comes_back_with_what_is_wrong_with_it() {
    let at = Service::start().await;
    let form = Form::reached(&at).await;
    let refused = form.send("nobody", "").await;
    assert_eq!(refused.status, 400);
    let page = text(&refused);
    assert!(page.contains("aria-invalid=\"true\"") && page.contains("href=\"#email\""), "{page}");
    assert!(page.contains("value=\"Ana &lt;Torres&gt;\""), "what was typed is shown as text: {page}");
    assert_ne!(attribute(&page, "name=\"key\"", "value"), form.key, "the next attempt is another one");
    assert_eq!(form.bookings().await, 0);
}

#[tokio::test]
async fn a_time_that_was_taken_meanwhile_leads_to_those_that_are_free() {
    let at = Service::start().await;
    let form = Form::reached(&at).await;
    let first = form.send("ana@example.com", "").await;
    assert_eq!(first.status, 303);
    let other = Form { key: crate::booking::key(), ..form };
    let refused = other.send("ben@example.com", "").await;
    assert_eq!(refused.status, 409, "{refused:?}");
    assert!(text(&refused).contains(&format!("/services/{}", other.shop.service_id)));
    assert_eq!(other.bookings().await, 1);
}

#[tokio::test]
async fn a_program_that_fills_in_everything_books_nothing_and_hears_nothing() {
    let at = Service::start().await;
    let form = Form::reached(&at).await;
    let made = form.send("robot@example.com", "https://spam.example").await;
    assert_eq!(made.status, 303, "{made:?}");
    assert_eq!(form.bookings().await, 0);
}

#[tokio::test]
async fn nobody_opens_a_booking_at_another_business() {
    let at = Service::start().await;
    let form = Form::reached(&at).await;
    let made = form.send("ana@example.com", "").await;
    let token = made.header("location").rsplit('/').next().unwrap().to_owned();
    let other = Shop::open(&at, json!({})).await;
    for path in [
        format!("/b/{}/bookings/{token}", other.tenant.slug),
        format!("/b/{}/bookings/nonsense", form.shop.tenant.slug),
        format!("/b/{}/services/{}", other.tenant.slug, form.shop.service_id),
        format!("/b/{}/nothing", other.tenant.slug),
        "/b/no-such-business".to_owned(),
    ] {
        let answer = other.stranger.get(&path).await;
        assert_eq!(answer.status, 404, "{path}: {answer:?}");
        text(&answer);
    }
    let answer = other.stranger.get(&format!("/b/{}/book?slot=x&service=x", other.tenant.slug)).await;
    assert!(answer.status == 303 || answer.status == 404, "{answer:?}");
    let wrong = submit(&other.stranger, &format!("/b/{}", other.tenant.slug), &[]).await;
    assert_eq!(wrong.status, 405);
}
