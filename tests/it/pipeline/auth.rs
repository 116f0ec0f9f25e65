//! Who it is: before anything else is judged, and anew with every request.
use reqwest::Method;
use serde_json::json;

use crate::support::app::Service;
use crate::support::client::Client;
use crate::support::factory::bookable;
use crate::support::people::Tenant;

#[tokio::test]
async fn a_stranger_hears_401_whatever_the_body_is() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let (stranger, viewer) = (service.stranger(&tenant), service.viewer_of(&tenant).await);
    let id = service.new_id();
    for (path, kind, body) in [
        (format!("/api/v1/bookings/{id}/confirm"), "application/json", ""),
        ("/api/v1/bookings/no-id/cancel".to_owned(), "application/json", "{"),
        (format!("/api/v1/bookings/{id}/cancel"), "text/plain", "x"),
        ("/api/v1/services".to_owned(), "application/json", "{\"unknown\":1}"),
    ] {
        let send = async |client: &Client| client.raw(Method::POST, &path, kind, Some(body.into())).await;
        send(&stranger).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
        send(&stranger.key("a-key")).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
        send(&viewer).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    }
}

#[tokio::test]
async fn what_is_no_token_is_refused() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let stranger = service.stranger(&tenant);
    let good = service.token(tenant.owner, Some(tenant.id)).await;
    let cut = &good[..good.len() - 4];
    for value in [
        "Bearer garbage",
        "Bearer a.b.c",
        "Bearer ",
        "Bearer",
        "bearer  ",
        "Basic b3duZXI6cGFzc3dvcmQ=",
        "Bearer eyJhbGciOiJub25lIn0.e30.",
        &format!("Bearer {cut}"),
        &format!("Token {good}"),
        &format!("Bearer {}", "x".repeat(6_000)),
    ] {
        let client = stranger.clone().with("authorization", value);
        let code = client.get("/api/v1/bookings").await;
        code.refused(401, "TITHI_AUTH_TOKEN_INVALID");
        // an address that also serves strangers does not take a false name for none
        client.get("/api/v1/services").await.refused(401, "TITHI_AUTH_TOKEN_INVALID");
    }
    for value in [format!("bearer {good}"), format!("BEARER   {good} ")] {
        stranger.clone().with("authorization", &value).get("/api/v1/bookings").await.expect(200);
    }
}

#[tokio::test]
async fn a_session_that_ended_and_a_membership_that_is_gone_count_at_once() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let (owner, staff) = (service.owner_of(&tenant).await, service.staff_of(&tenant).await);
    let mut platform = service.platform().await;
    for client in [&owner, &staff] {
        client.get("/api/v1/bookings").await.expect(200);
    }
    sqlx::query("UPDATE app.sessions SET revoked_at = now() WHERE user_id = $1")
        .bind(tenant.owner.0)
        .execute(&mut platform)
        .await
        .unwrap();
    owner.get("/api/v1/bookings").await.refused(401, "TITHI_AUTH_TOKEN_INVALID");
    sqlx::query("UPDATE app.memberships SET role = 'viewer' WHERE user_id = $1")
        .bind(tenant.staff.0)
        .execute(&mut platform)
        .await
        .unwrap();
    let confirm = format!("/api/v1/bookings/{}/confirm", service.new_id());
    staff.key("k").post(&confirm, &json!({})).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    staff.get("/api/v1/bookings").await.expect(200);
    sqlx::query("DELETE FROM app.memberships WHERE user_id = $1")
        .bind(tenant.staff.0)
        .execute(&mut platform)
        .await
        .unwrap();
    staff.get("/api/v1/bookings").await.refused(404, "TITHI_TENANT_MISMATCH");
    sqlx::query("UPDATE app.users SET is_active = false WHERE id = $1")
        .bind(tenant.staff.0)
        .execute(&mut platform)
        .await
        .unwrap();
    staff.get("/api/v1/bookings").await.refused(401, "TITHI_AUTH_TOKEN_INVALID");
}

async fn browser(service: &Service, tenant: &Tenant) -> Client {
    let token = service.token(tenant.staff, Some(tenant.id)).await;
    service.stranger(tenant).with("cookie", &format!("a=b; tithi_session={token}; c=d"))
}

#[tokio::test]
async fn a_cookie_alone_changes_nothing_from_another_site() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let subject = bookable(&service, &tenant).await;
    let browser = browser(&service, &tenant).await;
    let path = "/api/v1/bookings";
    let body = subject.booking(&subject.next_free(&service.visitor()).await);
    browser.get(path).await.expect(200);
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "http://localhost"),
        ("x-nothing", "said"),
    ] {
        let client = browser.clone().with(name, value).key("from-elsewhere");
        client.post(path, &body).await.refused(403, "TITHI_AUTH_FORBIDDEN");
        client.get(path).await.expect(200);
    }
    // a false word of the browser is not outdone by a good origin
    let both =
        browser.clone().with("origin", &format!("http://{}", tenant.host())).with("sec-fetch-site", "cross-site");
    both.key("both").post(path, &body).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    browser.with("sec-fetch-site", "same-origin").key("from-here").post(path, &body).await.expect(201);
}
