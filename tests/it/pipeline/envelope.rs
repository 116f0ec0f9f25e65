//! What surrounds every answer.
use reqwest::Method;
use uuid::Uuid;

use super::stage::exchange;
use crate::support::app::Service;
use crate::support::factory::bookable;

#[tokio::test]
async fn health_answers_with_the_headers_of_every_answer() {
    let service = Service::start().await;
    let answer = service.visitor().with("x-request-id", "caller-id-1").get("/health").await;
    assert_eq!(answer.header("x-request-id"), "caller-id-1");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("content-type"), "application/health+json");
    assert_eq!(answer.expect(200)["status"], "pass");
}

#[tokio::test]
async fn an_id_is_taken_over_when_it_is_fit_for_a_log_line_and_made_otherwise() {
    let service = Service::start().await;
    let visitor = service.visitor();
    for good in ["caller-id-1", "0198c0de-7000-7000-8000-5a1079b00c1d", "A.b_c-D.9", &"k".repeat(128)] {
        let problem = visitor.clone().with("x-request-id", good).get("/api/v1/nothing").await;
        assert_eq!(problem.header("x-request-id"), good);
        assert_eq!(problem.refused(404, "TITHI_TENANT_NOT_FOUND")["request_id"], good);
    }
    for bad in ["short", "with space in it", "quote\"inside", "back\\slash", "<script>", &"k".repeat(129), ""] {
        let answer = visitor.clone().with("x-request-id", bad).get("/health").await;
        assert!(Uuid::try_parse(answer.header("x-request-id")).is_ok(), "{bad:?}: {answer:?}");
    }
    let ids = [visitor.get("/health").await, visitor.get("/health").await];
    assert_ne!(ids[0].header("x-request-id"), ids[1].header("x-request-id"));
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let visitor = service.visitor();
    for path in ["/health", "/docs", "/openapi.json", "/api/v1/nothing", &format!("/v1/{}/services", tenant.slug)] {
        let answer = visitor.get(path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(self)"),
            ("strict-transport-security", ""),
        ] {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        let page = answer.header("content-type").starts_with("text/html");
        assert_eq!(policy.starts_with("default-src 'none'"), !page, "{path}: {policy}");
        assert!(!answer.header("cache-control").is_empty(), "{path}");
    }
    let secure = Service::with(&["--public-url", "https://localhost"]).await;
    let answer = secure.visitor().get("/health").await;
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000; includeSubDomains");
}

#[tokio::test]
async fn head_is_get_without_its_body() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let subject = bookable(&service, &tenant).await;
    let visitor = service.visitor();
    for (path, status) in [(subject.availability(), 200), (format!("/v1/{}/nothing", tenant.slug), 404)] {
        let got = visitor.clone().with("x-request-id", "one-and-the-same").get(&path).await;
        let head = visitor.clone().with("x-request-id", "one-and-the-same").send(Method::HEAD, &path, None).await;
        assert_eq!((got.status.as_u16(), head.status.as_u16()), (status, status));
        assert!(head.body.is_empty());
        for name in ["content-type", "content-length", "cache-control", "etag"] {
            assert_eq!(head.header(name), got.header(name), "{path} {name}");
        }
        let request = format!("HEAD {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        let raw = exchange(service.address, request.as_bytes()).await;
        assert!(raw.ends_with("\r\n\r\n"), "not a byte after the head: {raw}");
    }
}
