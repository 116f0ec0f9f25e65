//! The browser's login: a cookie that scripts cannot read and other sites cannot use.
use ::entity::enums::MembershipRole;
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Account, credentials, member};
use crate::support::app::Service;
use crate::support::client::{Answer, Client};
use crate::support::people::Tenant;

const LOGOUT: &str = "/api/v1/auth/logout";

async fn enter(service: &Service, tenant: &Tenant, account: &Account) -> Answer {
    let mut body = credentials(account);
    body["cookie"] = json!(true);
    service.stranger(tenant).post("/api/v1/auth/login", &body).await
}

/// What a browser sends back.
fn browser(service: &Service, tenant: &Tenant, answer: &Answer) -> Client {
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    service.stranger(tenant).with("cookie", &format!("theme=dark; {cookie}"))
}

#[tokio::test]
async fn a_browser_gets_a_cookie_and_no_token() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let account = member(&service, &tenant, MembershipRole::Staff).await;
    service.clock.advance(TimeDelta::seconds(1));
    let answer = enter(&service, &tenant, &account).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("tithi_session="), "{cookie}");
    assert!(cookie.ends_with("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"), "{cookie}");
    let browser = browser(&service, &tenant, &answer);
    let body = answer.expect(200);
    assert_eq!((&body["access_token"], &body["refresh_token"]), (&Value::Null, &Value::Null));
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Cookie"), &json!(2_592_000)));

    service.clock.advance(TimeDelta::days(29));
    let sessions = browser.get("/api/v1/auth/sessions").await.expect(200);
    assert_eq!((&sessions["data"][0]["kind"], &sessions["data"][0]["current"]), (&json!("browser"), &json!(true)));
    service.clock.advance(TimeDelta::days(2));
    browser.get("/api/v1/users/me").await.refused(401, "TITHI_AUTH_TOKEN_EXPIRED");
}

#[tokio::test]
async fn another_site_cannot_use_the_cookie() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let account = member(&service, &tenant, MembershipRole::Staff).await;
    let browser = browser(&service, &tenant, &enter(&service, &tenant, &account).await);
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("x-plain", "no header that says where it comes from"),
    ] {
        let client = browser.clone().with(name, value);
        client.send(Method::POST, LOGOUT, None).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    }
    // reading is not changing, and nothing has ended
    browser.clone().with("sec-fetch-site", "cross-site").get("/api/v1/users/me").await.expect(200);
    let origin = format!("http://{}", tenant.host());
    let out = browser.clone().with("origin", &origin).send(Method::POST, LOGOUT, None).await;
    assert!(out.header("set-cookie").starts_with("tithi_session=; Path=/; Max-Age=0"));
    out.expect(204);
    browser.get("/api/v1/users/me").await.refused(401, "TITHI_AUTH_TOKEN_INVALID");
}

#[tokio::test]
async fn a_cookie_is_good_on_its_own_host_only() {
    let service = Service::start().await;
    let (a, b) = (service.tenant().await, service.tenant().await);
    let account = member(&service, &a, MembershipRole::Staff).await;
    let answer = enter(&service, &a, &account).await;
    browser(&service, &b, &answer).get("/api/v1/users/me").await.refused(404, "TITHI_TENANT_MISMATCH");
}

#[tokio::test]
async fn over_https_the_cookie_is_secure() {
    let service = Service::with(&["--public-url", "https://localhost"]).await;
    let tenant = service.tenant().await;
    let account = member(&service, &tenant, MembershipRole::Staff).await;
    assert!(enter(&service, &tenant, &account).await.header("set-cookie").ends_with("; SameSite=Lax; Secure"));
}
