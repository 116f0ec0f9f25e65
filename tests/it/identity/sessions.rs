//! A person sees and ends the own sessions, and nobody else's.
use ::entity::enums::MembershipRole;
use uuid::Uuid;

use super::{login, member, refresh, registered, text};
use crate::support::app::Service;

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let service = Service::start().await;
    let (account, first) = registered(&service).await;
    service.clock.advance(chrono::TimeDelta::seconds(1));
    let second = login(&service.visitor().with("user-agent", "Lynx/2.8"), &account).await;
    let client = service.visitor().bearer(text(&first, "access_token"));
    let list = client.get("/api/v1/auth/sessions").await.expect(200);
    let rows = list["data"].as_array().unwrap();
    assert_eq!(rows.len(), 2, "{list}");
    assert_eq!((&rows[0]["user_agent"], &rows[0]["current"]), (&"Lynx/2.8".into(), &false.into()));
    assert_eq!((&rows[1]["kind"], &rows[1]["current"]), (&"api".into(), &true.into()));
    assert_eq!(rows[0]["ip"], "127.0.0.1");

    let page = client.get("/api/v1/auth/sessions?limit=1&include_total=true").await.expect(200);
    assert_eq!((&page["total"], &page["has_more"]), (&2.into(), &true.into()));
    let next = format!("/api/v1/auth/sessions?limit=1&cursor={}", text(&page, "next_cursor"));
    let rest = client.get(&next).await.expect(200);
    assert_eq!((&rest["data"][0]["id"], &rest["has_more"]), (&rows[1]["id"], &false.into()));
    // another person cannot walk with this cursor
    let (_, stranger) = registered(&service).await;
    service.visitor().bearer(text(&stranger, "access_token")).get(&next).await.refused(400, "TITHI_CURSOR_INVALID");

    let path = format!("/api/v1/auth/sessions/{}", text(&rows[0], "id"));
    client.delete(&path).await.expect(204);
    client.delete(&path).await.refused(404, "TITHI_NOT_FOUND");
    let other = service.visitor().bearer(text(&second, "access_token"));
    other.get("/api/v1/users/me").await.refused(401, "TITHI_AUTH_TOKEN_INVALID");
    refresh(&service.visitor(), text(&second, "refresh_token")).await.refused(401, "TITHI_AUTH_TOKEN_INVALID");
    let left = client.get("/api/v1/auth/sessions").await.expect(200);
    assert_eq!(left["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn another_persons_session_is_not_found() {
    let service = Service::start().await;
    let (_, mine) = registered(&service).await;
    let (_, theirs) = registered(&service).await;
    let them = service.visitor().bearer(text(&theirs, "access_token"));
    let list = them.get("/api/v1/auth/sessions").await.expect(200);
    let me = service.visitor().bearer(text(&mine, "access_token"));
    let there = me.delete(&format!("/api/v1/auth/sessions/{}", text(&list["data"][0], "id"))).await;
    let nowhere = me.delete(&format!("/api/v1/auth/sessions/{}", Uuid::from_u128(7))).await;
    let (there, nowhere) = (there.refused(404, "TITHI_NOT_FOUND"), nowhere.refused(404, "TITHI_NOT_FOUND"));
    assert_eq!(there["detail"], nowhere["detail"]);
    them.get("/api/v1/users/me").await.expect(200);
}

#[tokio::test]
async fn logging_out_ends_everything_at_once() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let account = member(&service, &tenant, MembershipRole::Viewer).await;
    let answer = login(&service.stranger(&tenant), &account).await;
    let client = service.stranger(&tenant).bearer(text(&answer, "access_token"));
    client.get("/api/v1/nothing-here").await.refused(404, "TITHI_NOT_FOUND");
    let out = client.send(reqwest::Method::POST, "/api/v1/auth/logout", None).await;
    assert!(out.header("set-cookie").contains("Max-Age=0"), "{}", out.header("set-cookie"));
    out.expect(204);
    for path in ["/api/v1/users/me", "/api/v1/nothing-here"] {
        client.get(path).await.refused(401, "TITHI_AUTH_TOKEN_INVALID");
    }
    refresh(&service.visitor(), text(&answer, "refresh_token")).await.refused(401, "TITHI_AUTH_TOKEN_INVALID");
}

#[tokio::test]
async fn strangers_have_no_sessions() {
    let service = Service::start().await;
    for path in ["/api/v1/auth/sessions", "/api/v1/users/me"] {
        service.visitor().get(path).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
        service.visitor().bearer("x.y.z").get(path).await.refused(401, "TITHI_AUTH_TOKEN_INVALID");
    }
    let out = service.visitor().send(reqwest::Method::POST, "/api/v1/auth/logout", None).await;
    out.refused(401, "TITHI_AUTH_TOKEN_MISSING");
}
