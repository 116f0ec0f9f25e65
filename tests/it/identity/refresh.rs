//! A refresh token is good once; one that comes back ends the session.
use ::entity::enums::MembershipRole;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{login, member, refresh, registered, text};
use crate::support::app::Service;

#[tokio::test]
async fn tokens_are_exchanged_and_chained() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let account = member(&service, &tenant, MembershipRole::Admin).await;
    let first = login(&service.stranger(&tenant), &account).await;
    let mut token = text(&first, "refresh_token").to_owned();
    for _ in 0..3 {
        service.clock.advance(TimeDelta::minutes(20));
        let answer = refresh(&service.visitor(), &token).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        let answer = answer.expect(200);
        assert_eq!(answer["user_context"], first["user_context"], "the binding stays");
        assert_ne!(text(&answer, "refresh_token"), token);
        let client = service.stranger(&tenant).bearer(text(&answer, "access_token"));
        client.get("/api/v1/users/me").await.expect(200);
        token = text(&answer, "refresh_token").to_owned();
    }
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(&token).unwrap();
    let stored: Vec<Vec<u8>> = sqlx::query_scalar(
        "SELECT token_hash FROM app.refresh_tokens WHERE user_id = $1 AND used_at IS NULL ORDER BY id",
    )
    .bind(account.id)
    .fetch_all(&mut service.platform().await)
    .await
    .unwrap();
    assert!(stored.contains(&Sha256::digest(&bytes).to_vec()), "the digest is kept");
    assert!(stored.iter().all(|hash| !bytes.windows(32).any(|part| part == hash)), "and nothing of the token");
}

#[tokio::test]
async fn a_used_token_that_comes_back_ends_the_session() {
    let service = Service::start().await;
    let (_, first) = registered(&service).await;
    let visitor = service.visitor();
    let second = refresh(&visitor, text(&first, "refresh_token")).await.expect(200);
    service.clock.advance(TimeDelta::seconds(11));
    refresh(&visitor, text(&first, "refresh_token")).await.refused(401, "TITHI_AUTH_TOKEN_INVALID");
    let holder = service.visitor().bearer(text(&second, "access_token"));
    holder.get("/api/v1/users/me").await.refused(401, "TITHI_AUTH_TOKEN_INVALID");
    refresh(&visitor, text(&second, "refresh_token")).await.refused(401, "TITHI_AUTH_TOKEN_INVALID");
}

#[tokio::test]
async fn of_a_race_one_wins_and_the_session_goes_on() {
    let service = Service::start().await;
    let (account, first) = registered(&service).await;
    let token = text(&first, "refresh_token");
    let visitor = service.visitor();
    let answers = futures_util::future::join_all((0..6).map(|_| refresh(&visitor, token))).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, 5));
    for answer in lost {
        answer.refused(401, "TITHI_AUTH_TOKEN_INVALID");
    }
    let second = won[0].json();
    service.visitor().bearer(text(&second, "access_token")).get("/api/v1/users/me").await.expect(200);
    refresh(&visitor, text(&second, "refresh_token")).await.expect(200);
    let made: i64 = sqlx::query_scalar("SELECT count(*) FROM app.refresh_tokens WHERE user_id = $1")
        .bind(account.id)
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap();
    assert_eq!(made, 3, "one token has one successor");
}

#[tokio::test]
async fn nothing_outlives_the_session() {
    let service = Service::with(&["--refresh-token-days", "1"]).await;
    let (_, first) = registered(&service).await;
    service.clock.advance(TimeDelta::hours(24) - TimeDelta::minutes(5));
    let second = refresh(&service.visitor(), text(&first, "refresh_token")).await.expect(200);
    assert_eq!(second["expires_in"], 300, "the last access token ends with the session");
    service.clock.advance(TimeDelta::minutes(5));
    refresh(&service.visitor(), text(&second, "refresh_token")).await.refused(401, "TITHI_AUTH_TOKEN_EXPIRED");
}

#[tokio::test]
async fn a_bound_token_stays_where_it_belongs() {
    let service = Service::start().await;
    let (a, b) = (service.tenant().await, service.tenant().await);
    let account = member(&service, &a, MembershipRole::Admin).await;
    super::join(&service, account.id, b.id, MembershipRole::Admin).await;
    let first = login(&service.stranger(&a), &account).await;
    let token = text(&first, "refresh_token");
    refresh(&service.stranger(&b), token).await.refused(404, "TITHI_TENANT_MISMATCH");
    // refused and rolled back: it is still good where it belongs
    let second = refresh(&service.stranger(&a), token).await.expect(200);
    sqlx::query("DELETE FROM app.memberships WHERE tenant_id = $1 AND user_id = $2")
        .bind(a.id.0)
        .bind(account.id)
        .execute(&mut service.platform().await)
        .await
        .unwrap();
    refresh(&service.stranger(&a), text(&second, "refresh_token")).await.refused(401, "TITHI_AUTH_TOKEN_INVALID");
}

#[tokio::test]
async fn what_is_no_token_is_refused() {
    let service = Service::start().await;
    let (_, first) = registered(&service).await;
    let token = text(&first, "refresh_token");
    // the tenant's bytes stand after the account's: nil becomes another
    let mut bent = token.to_owned();
    bent.replace_range(30..32, "zz");
    for wrong in ["x", &bent, &token[2..], text(&first, "access_token").get(..80).unwrap()] {
        refresh(&service.visitor(), wrong).await.refused(401, "TITHI_AUTH_TOKEN_INVALID");
    }
    service.visitor().post("/api/v1/auth/refresh", &json!({})).await.refused(400, "TITHI_VALIDATION_ERROR");
    refresh(&service.visitor(), token).await.expect(200);
}
