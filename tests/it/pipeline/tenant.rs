//! Which business a request is for: every way to name one, and no way to name two.
use serde_json::json;
use uuid::Uuid;

use super::stage::exchange;
use crate::support::app::Service;
use crate::support::client::Client;

const PROFILE: &str = "/api/v1/services";

#[tokio::test]
async fn a_host_names_its_business_in_every_spelling() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let token = service.token(tenant.owner, None).await;
    for host in [
        format!("{}.localhost", tenant.slug),
        format!("{}.LocalHost", tenant.slug.to_uppercase()),
        format!("{}.localhost:8080", tenant.slug),
        format!("{}.localhost.", tenant.slug),
        format!("{}.localhost.:443", tenant.slug),
    ] {
        Client::new(&service, &host).bearer(&token).get("/api/v1/bookings").await.expect(200);
    }
    for host in [
        "localhost".to_owned(),
        "www.localhost".into(),
        format!("a.{}.localhost", tenant.slug),
        format!("{}.localhost.evil.example", tenant.slug),
        format!("{}localhost", tenant.slug),
        "127.0.0.1".into(),
        "[::1]:8080".into(),
    ] {
        let client = Client::new(&service, &host).bearer(&token);
        client.get("/api/v1/bookings").await.refused(404, "TITHI_TENANT_NOT_FOUND");
    }
    // an address in the request line wins over the Host header (RFC 9112, 3.2.2)
    let absolute = format!(
        "GET http://{}/api/v1/bookings HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
        tenant.host()
    );
    assert!(exchange(service.address, absolute.as_bytes()).await.starts_with("HTTP/1.1 401 "));
}

#[tokio::test]
async fn path_header_and_token_name_it_too() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let visitor = service.visitor();
    for path in [format!("/v1/{}/services", tenant.slug), format!("/v1/b/{}/services", tenant.slug)] {
        assert_eq!(visitor.get(&path).await.expect(200)["tenant_info"]["slug"], tenant.slug.as_str());
    }
    let member = visitor.clone().bearer(&service.token(tenant.owner, None).await);
    member.get("/api/v1/bookings").await.refused(404, "TITHI_TENANT_NOT_FOUND");
    for name in [tenant.id.to_string(), tenant.slug.clone(), tenant.id.to_string().to_uppercase()] {
        member.clone().with("x-tenant-id", &name).get("/api/v1/bookings").await.expect(200);
    }
    let bound = visitor.bearer(&service.token(tenant.owner, Some(tenant.id)).await);
    bound.get("/api/v1/bookings").await.expect(200);
}

#[tokio::test]
async fn whoever_names_two_is_refused() {
    let service = Service::start().await;
    let (a, b) = (service.tenant().await, service.tenant().await);
    let (own, plain) = (service.token(a.owner, Some(a.id)).await, service.token(a.owner, None).await);
    let foreign = service.token(b.owner, Some(b.id)).await;
    let host = |slug: &str| Client::new(&service, &format!("{slug}.localhost"));
    let public = format!("/v1/{}/services", b.slug);
    for (client, path) in [
        (host(&a.slug).bearer(&foreign), PROFILE),
        (host(&a.slug).bearer(&plain).with("x-tenant-id", &b.slug), PROFILE),
        (host(&a.slug).bearer(&plain).with("x-tenant-id", &b.id.to_string()), PROFILE),
        (host(&a.slug).bearer(&own).with("x-tenant-id", &b.slug), PROFILE),
        (service.visitor().bearer(&own).with("x-tenant-id", &b.slug), PROFILE),
        (host(&a.slug), public.as_str()),
        (service.visitor().with("x-tenant-id", &a.slug), public.as_str()),
        (host(&a.slug).bearer(&own), &format!("/api/v1/tenants/{}", b.id)),
    ] {
        client.get(path).await.refused(404, "TITHI_TENANT_MISMATCH");
        // and all the same for somebody who writes
        client.key("mismatch").post(path, &json!({})).await.refused(404, "TITHI_TENANT_MISMATCH");
    }
    // somebody of another business, with a token that is bound to none, does not belong here either
    let stranger = host(&b.slug).bearer(&plain);
    stranger.get("/api/v1/bookings").await.refused(404, "TITHI_TENANT_MISMATCH");
}

#[tokio::test]
async fn who_names_nobody_hears_so_in_the_same_words() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let nobody = Uuid::from_u128(rand::random());
    for (client, path) in [
        (Client::new(&service, "nobody-here.localhost"), PROFILE.to_owned()),
        (service.visitor(), "/v1/nobody-here/services".to_owned()),
        (service.visitor(), "/v1/b/nobody-here/services".to_owned()),
        (service.visitor(), "/v1/No%20Slug/services".to_owned()),
        (owner.clone().with("x-tenant-id", "nobody-here"), PROFILE.to_owned()),
        (owner.clone().with("x-tenant-id", &nobody.to_string()), PROFILE.to_owned()),
        (owner.clone().with("x-tenant-id", "' OR true --"), PROFILE.to_owned()),
        (owner, format!("/api/v1/tenants/{nobody}")),
    ] {
        client.get(&path).await.refused(404, "TITHI_TENANT_NOT_FOUND");
    }
}

#[tokio::test]
async fn a_suspended_business_is_closed_for_everybody() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    sqlx::query("UPDATE app.tenants SET status = 'suspended' WHERE id = $1")
        .bind(tenant.id.0)
        .execute(&mut service.platform().await)
        .await
        .unwrap();
    service.visitor().get(&format!("/v1/{}/services", tenant.slug)).await.refused(403, "TITHI_TENANT_SUSPENDED");
    let owner = service.owner_of(&tenant).await;
    owner.get("/api/v1/bookings").await.refused(403, "TITHI_TENANT_SUSPENDED");
    owner.key("closed").post("/api/v1/bookings", &json!({})).await.refused(403, "TITHI_TENANT_SUSPENDED");
}

#[tokio::test]
async fn a_public_page_does_not_look_at_tokens() {
    let service = Service::start().await;
    let (tenant, other) = (service.tenant().await, service.tenant().await);
    let path = format!("/v1/{}/services", tenant.slug);
    let plain = service.visitor().get(&path).await.expect(200);
    let foreign = service.token(other.owner, Some(other.id)).await;
    for token in [foreign.as_str(), "garbage", ""] {
        assert_eq!(service.visitor().bearer(token).get(&path).await.expect(200), plain);
        let cookie = format!("tithi_session={token}");
        assert_eq!(service.visitor().with("cookie", &cookie).get(&path).await.expect(200), plain);
    }
}

/// HTTP/2 has no Host header: `:authority` names the business.
#[tokio::test]
async fn http_2_names_it_by_its_authority() {
    use http_body_util::{BodyExt, Empty};
    use hyper::body::Bytes;
    use hyper_util::rt::{TokioExecutor, TokioIo};

    let service = Service::start().await;
    let tenant = service.tenant().await;
    let token = service.token(tenant.owner, None).await;
    let stream = tokio::net::TcpStream::connect(service.address).await.unwrap();
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    for (authority, status) in [
        (tenant.host(), 200),
        (format!("{}:8080", tenant.host().to_uppercase()), 200),
        ("localhost".to_owned(), 404),
        ("nobody-here.localhost".to_owned(), 404),
    ] {
        let request = hyper::Request::get(format!("http://{authority}/api/v1/bookings"))
            .header("authorization", format!("Bearer {token}"))
            .body(Empty::<Bytes>::new())
            .unwrap();
        let answer = sender.send_request(request).await.unwrap();
        assert_eq!((answer.version(), answer.status().as_u16()), (hyper::Version::HTTP_2, status), "{authority}");
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&body).unwrap()["data"].is_array(), status == 200);
    }
}
