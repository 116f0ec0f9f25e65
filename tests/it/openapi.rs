//! The service's own document: the bar, and that it is served as it was built.
use serde_json::Value;
use tithi::server::{self, openapi};

use crate::support::{app::Service, client::Client};

#[tokio::test]
async fn the_document_may_be_published() {
    let service = Service::start().await;
    let raw = server::raw_document(&service.app).unwrap();
    let findings = openapi::lint(&openapi::document_31(raw));
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

/// Whoever changes the interface changes these files, so that it is seen. `scripts/openapi` writes them.
#[tokio::test]
async fn the_document_is_the_one_that_is_checked_in() {
    let service = Service::with(&["--public-url", "https://book.tithi.dev"]).await;
    let raw = server::raw_document(&service.app).unwrap();
    let built = [("3.1", openapi::document_31(raw.clone())), ("3.0", openapi::document_30(raw))];
    for (version, document) in built {
        let name = format!("fixtures/openapi/openapi-{version}.json");
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(&name);
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        let built = serde_json::to_string_pretty(&document).unwrap() + "\n";
        let differs = kept.lines().zip(built.lines()).position(|(kept, built)| kept != built);
        let line = differs.unwrap_or_else(|| kept.lines().count().min(built.lines().count()));
        assert!(kept == built, "{name} is another document from line {} on: run scripts/openapi", line + 1);
        let answer = Client::new(&service, "localhost")
            .get(if version == "3.1" { "/openapi.json" } else { "/openapi-3.0.json" })
            .await;
        assert_eq!(answer.json(), serde_json::from_str::<Value>(&kept).unwrap(), "served as it is checked in");
    }
}

#[tokio::test]
async fn documents_and_pages_are_served_to_strangers() {
    let service = Service::start().await;
    let raw = server::raw_document(&service.app).unwrap();
    let stranger = Client::new(&service, "localhost");
    let built =
        [("/openapi.json", openapi::document_31(raw.clone())), ("/openapi-3.0.json", openapi::document_30(raw))];
    for (path, document) in built {
        let answer = stranger.get(path).await;
        let served: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!((answer.status.as_u16(), served), (200, document), "{path}");
    }
    for (path, kind) in [("/favicon.ico", "image/svg+xml"), ("/robots.txt", "text/plain; charset=utf-8")] {
        let answer = stranger.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, kind), "{path}");
        assert!(!answer.body.is_empty(), "{path}");
    }
    for path in [
        "/docs",
        "/docs/reference/bookings",
        "/docs/reference/public",
        "/docs/schemas",
        "/docs/schemas/b",
        "/docs/schemas/s",
        "/docs/errors",
        "/docs/errors/not-found",
        "/docs/guides/first-booking",
        "/docs/changelog",
    ] {
        let answer = stranger.get(path).await;
        assert_eq!(answer.status.as_u16(), 200, "{path}");
        assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8", "{path}");
        assert!(answer.body.len() < 150_000, "{path} has {} bytes", answer.body.len());
    }
    let guide = stranger.get("/docs/guides/first-booking").await;
    let address = format!("export TITHI_URL={}\n", service.app.settings.server.base_url());
    let text = String::from_utf8(guide.body).unwrap().replace("</code>", "\n");
    assert!(text.contains(&address), "the guide says where this service is: {text}");
    let root = stranger.get("/").await;
    assert_eq!((root.status.as_u16(), &root.headers["location"]), (307, &"/docs".parse().unwrap()));
    let missing = stranger.get("/docs/errors/nothing").await;
    assert_eq!(
        (missing.status.as_u16(), &missing.headers["content-type"]),
        (404, &"application/problem+json".parse().unwrap())
    );
}
