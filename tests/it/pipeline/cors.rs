//! Which sites' scripts may call, and with which of the browser's secrets.
use reqwest::Method;
use serde_json::json;

use super::stage::settle;
use crate::support::app::Service;
use crate::support::client::{Answer, Client};
use crate::support::people::Tenant;

const LISTED: &str = "https://shop.example";
const OPERATORS: &str = "https://everywhere.example";

async fn set() -> (Service, Tenant) {
    let service = Service::with(&["--cors-origins", OPERATORS]).await;
    let tenant = service.tenant().await;
    settle(&mut service.platform().await, &tenant, &json!({"cors_origins": [LISTED]})).await;
    (service, tenant)
}

/// Origin, whether it may call, whether cookies come along.
fn origins(tenant: &Tenant) -> [(String, bool, bool); 9] {
    let own = format!("http://{}.localhost:8080", tenant.slug);
    [
        (own.clone(), true, true),
        ("http://localhost:8080".into(), true, true),
        (LISTED.into(), true, false),
        (OPERATORS.into(), true, false),
        ("https://evil.example".into(), false, false),
        (own.replace("http://", "https://"), false, false),
        (own.replace(":8080", ""), false, false),
        (format!("{LISTED}.evil.example"), false, false),
        ("null".into(), false, false),
    ]
}

fn check(answer: &Answer, origin: &str, allowed: bool, cookies: bool) {
    let expected = if allowed { origin } else { "" };
    assert_eq!(answer.header("access-control-allow-origin"), expected, "{origin}");
    assert_eq!(answer.header("access-control-allow-credentials"), if cookies { "true" } else { "" }, "{origin}");
    let vary = answer.headers.get_all("vary").iter().any(|v| v.to_str().unwrap().eq_ignore_ascii_case("origin"));
    assert!(vary, "{origin}");
}

#[tokio::test]
async fn a_preflight_tells_each_origin_what_it_may() {
    let (service, tenant) = set().await;
    let public = [format!("/v1/{}/bookings", tenant.slug), format!("/v1/b/{}/bookings", tenant.slug)];
    for (origin, allowed, cookies) in origins(&tenant) {
        let asking = |client: Client| client.with("origin", &origin).with("access-control-request-method", "POST");
        let on_host = asking(service.stranger(&tenant)).send(Method::OPTIONS, "/api/v1/bookings", None).await;
        let mut answers = vec![on_host];
        for path in &public {
            answers.push(asking(service.visitor()).send(Method::OPTIONS, path, None).await);
        }
        for answer in answers {
            assert_eq!((answer.status.as_u16(), answer.body.len()), (204, 0));
            check(&answer, &origin, allowed, cookies);
            let methods = answer.header("access-control-allow-methods");
            assert_eq!(methods.contains("PATCH"), allowed, "{methods}");
            let headers = answer.header("access-control-allow-headers");
            assert_eq!(headers.contains("idempotency-key") && headers.contains("authorization"), allowed);
            assert_eq!(answer.header("access-control-max-age"), if allowed { "600" } else { "" });
        }
    }
}

#[tokio::test]
async fn an_answer_and_a_refusal_are_marked_for_their_origin() {
    let (service, tenant) = set().await;
    let other = service.tenant().await;
    for (origin, allowed, cookies) in origins(&tenant) {
        let asking = service.visitor().with("origin", &origin);
        for path in ["services", "nothing"] {
            let answer = asking.get(&format!("/v1/{}/{path}", tenant.slug)).await;
            check(&answer, &origin, allowed, cookies);
            let exposed = answer.header("access-control-expose-headers");
            assert_eq!(exposed.contains("idempotent-replayed") && exposed.contains("retry-after"), allowed);
        }
    }
    // what one business listed is nothing to another, and its home is a stranger's there
    for origin in [LISTED.to_owned(), format!("http://{}.localhost:8080", tenant.slug)] {
        let asking = service.visitor().with("origin", &origin);
        check(&asking.get(&format!("/v1/{}/services", other.slug)).await, &origin, false, false);
    }
    let plain = service.visitor().get(&format!("/v1/{}/services", tenant.slug)).await;
    check(&plain, "", false, false);
}

/// OPTIONS without its headers is an ordinary request with a method that nothing takes.
#[tokio::test]
async fn a_bare_options_is_no_preflight() {
    let (service, tenant) = set().await;
    let bare = service.stranger(&tenant).send(Method::OPTIONS, "/api/v1/bookings", None).await;
    assert_eq!(bare.header("allow"), "GET, POST, HEAD");
    bare.refused(405, "TITHI_METHOD_NOT_ALLOWED");
}
