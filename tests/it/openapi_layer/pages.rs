//! The documentation pages.
use std::sync::{Arc, LazyLock};

use poem::{Endpoint, Request, Response, Route};
use tithi::{
    error::Code,
    server::{
        docs,
        openapi::{document_30, document_31},
    },
};

use super::sample;

static ROUTES: LazyLock<Route> = LazyLock::new(|| {
    let (new, old) = (document_31(sample::parsed()), document_30(sample::parsed()));
    docs::routes(Arc::new(new), Arc::new(old))
});

async fn get(uri: &str, if_none_match: Option<&str>) -> (u16, Response, String) {
    let mut request = Request::builder().uri_str(uri);
    if let Some(tag) = if_none_match {
        request = request.header("if-none-match", tag);
    }
    let mut response = ROUTES.get_response(request.finish()).await;
    let text = response.take_body().into_string().await.unwrap();
    (response.status().as_u16(), response, text)
}

/// The addresses that a page leads to, without those inside it.
fn links(html: &str) -> Vec<String> {
    ["href=\"", "src=\""]
        .iter()
        .flat_map(|attribute| html.split(attribute).skip(1))
        .filter_map(|rest| rest.split('"').next())
        .map(|address| address.split('#').next().unwrap_or_default())
        .filter(|address| !address.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The contents and the page of each tag.
async fn reference() -> Vec<String> {
    let (_, _, html) = get("/docs", None).await;
    let mut pages: Vec<String> = links(&html).into_iter().filter(|link| link.starts_with("/docs/reference/")).collect();
    pages.sort_unstable();
    pages.dedup();
    pages.push("/docs".to_owned());
    assert!(pages.len() > 1, "no pages of tags: {html}");
    pages
}

#[tokio::test]
async fn every_page_answers_and_every_link_leads_somewhere() {
    let mut open = vec!["/docs".to_owned()];
    let mut seen = Vec::new();
    while let Some(address) = open.pop() {
        if seen.contains(&address) {
            continue;
        }
        let (status, response, text) = get(&address, None).await;
        assert_eq!(status, 200, "{address}");
        if response.content_type().is_some_and(|ty| ty.starts_with("text/html")) {
            open.extend(links(&text));
        }
        seen.push(address);
    }
    assert!(seen.iter().any(|address| address.ends_with("/docs.css")), "{seen:?}");
    assert_eq!(seen.iter().filter(|address| address.starts_with("/docs/errors/")).count(), Code::ALL.len());
}

#[tokio::test]
async fn nothing_is_inline_and_nothing_comes_from_elsewhere() {
    for uri in
        ["/docs", "/docs/errors", "/docs/errors/booking-conflict", "/docs/guides/first-booking", "/docs/changelog"]
    {
        let (_, _, html) = get(uri, None).await;
        for forbidden in ["<script", "<style", " style=", " onclick=", "=\"http", "=\"//"] {
            assert!(!html.contains(forbidden), "{forbidden} in {uri}");
        }
        assert_eq!(html.matches("<h1").count(), 1, "{uri}");
        assert!(html.contains("<main") && html.contains("lang=\"en\""), "{uri}");
    }
}

#[tokio::test]
async fn a_fragment_leads_to_something_on_the_page() {
    let mut named = 0;
    for address in reference().await {
        let (_, _, html) = get(&address, None).await;
        for link in html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let Some((page, target)) = link.split_once('#') else { continue };
            let there = match page {
                "" => html.clone(),
                other => get(other, None).await.2,
            };
            assert_eq!(there.matches(&format!("id=\"{target}\"")).count(), 1, "{link} in {address}");
            named += usize::from(page.starts_with("/docs/schemas/"));
        }
    }
    assert!(named > 5, "{named}");
}

#[tokio::test]
async fn the_reference_shows_each_operation() {
    let mut html = String::new();
    for address in reference().await {
        html.push_str(&get(&address, None).await.2);
    }
    for id in ["booking_list", "booking_create", "booking_view", "booking_update", "booking_cancel"] {
        assert!(html.contains(&format!("<h2 id=\"{id}\">")), "{id}");
    }
    assert!(html.contains("Idempotency-Key"), "shared parameters are shown");
    assert!(html.contains("curl -X POST"));
}

#[tokio::test]
async fn documents_are_served_with_a_validator() {
    let (status, response, text) = get("/openapi.json", None).await;
    assert_eq!((status, response.content_type()), (200, Some("application/json")));
    assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap()["openapi"], "3.1.0");
    let tag = response.headers()["etag"].to_str().unwrap().to_owned();
    let (status, _, text) = get("/openapi.json", Some(&tag)).await;
    assert_eq!((status, text.as_str()), (304, ""));
    let (status, _, _) = get("/openapi.json", Some("\"other\"")).await;
    assert_eq!(status, 200);
    let (_, _, text) = get("/openapi-3.0.json", None).await;
    assert!(text.contains("\"openapi\": \"3.0.3\""));
}
