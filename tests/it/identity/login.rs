//! Logging in binds a token to a business, or to none, and gives nothing away.
use ::entity::enums::MembershipRole;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{PASSWORD, credentials, login, member, new_email, registered, text};
use crate::support::app::Service;

/// The pipeline's verdict on a token at a tenant's own door: 404 of the router when it let the caller in.
const BEHIND: &str = "/api/v1/nothing-here";

#[tokio::test]
async fn on_a_tenants_host_the_token_is_bound_to_it() {
    let service = Service::start().await;
    let (a, b) = (service.tenant().await, service.tenant().await);
    let account = member(&service, &a, MembershipRole::Staff).await;
    let answer = login(&service.stranger(&a), &account).await;
    assert_eq!(answer["user_context"]["tenant_id"], a.id.to_string());
    assert_eq!(answer["user_context"]["role"], "staff");
    let listed = json!([{"id": a.id, "slug": a.slug, "name": a.slug, "role": "staff"}]);
    assert_eq!(answer["tenants"], listed);

    let token = text(&answer, "access_token");
    service.stranger(&a).bearer(token).get(BEHIND).await.refused(404, "TITHI_NOT_FOUND");
    service.visitor().bearer(token).get(BEHIND).await.refused(404, "TITHI_NOT_FOUND");
    for path in [BEHIND, "/api/v1/users/me"] {
        service.stranger(&b).bearer(token).get(path).await.refused(404, "TITHI_TENANT_MISMATCH");
    }
    let me = service.stranger(&a).bearer(token).get("/api/v1/users/me").await.expect(200);
    assert_eq!(me["user_context"], answer["user_context"]);
    assert_eq!(me["tenants"], listed);
}

#[tokio::test]
async fn on_the_base_domain_the_body_may_name_a_tenant() {
    let service = Service::start().await;
    let (a, b) = (service.tenant().await, service.tenant().await);
    let account = member(&service, &a, MembershipRole::Owner).await;
    let visitor = service.visitor();
    let unbound = login(&visitor, &account).await;
    assert_eq!(unbound["user_context"]["tenant_id"], Value::Null);
    let token = text(&unbound, "access_token");
    service.stranger(&a).bearer(token).get(BEHIND).await.refused(404, "TITHI_NOT_FOUND");

    for name in [a.slug.clone(), a.id.to_string()] {
        let mut body = credentials(&account);
        body["tenant"] = json!(name);
        let bound = visitor.post("/api/v1/auth/login", &body).await.expect(200);
        assert_eq!(bound["user_context"]["tenant_id"], a.id.to_string());
        assert_eq!(bound["user_context"]["role"], "owner");
        service.stranger(&b).post("/api/v1/auth/login", &body).await.refused(404, "TITHI_TENANT_MISMATCH");
        service.stranger(&a).post("/api/v1/auth/login", &body).await.expect(200);
    }
}

#[tokio::test]
async fn every_refusal_is_the_same() {
    let service = Service::start().await;
    let (a, b) = (service.tenant().await, service.tenant().await);
    let account = member(&service, &a, MembershipRole::Owner).await;
    let closed = member(&service, &a, MembershipRole::Owner).await;
    sqlx::query("UPDATE app.users SET is_active = false WHERE id = $1")
        .bind(closed.id)
        .execute(&mut service.platform().await)
        .await
        .unwrap();
    let said = |mut problem: Value| {
        problem.as_object_mut().unwrap().remove("request_id");
        problem
    };
    let mut answers = Vec::new();
    for (tenant, body) in [
        (&a, json!({"email": account.email, "password": "grandmother's viola"})),
        (&a, json!({"email": new_email(), "password": PASSWORD})),
        (&a, credentials(&closed)),
        (&b, credentials(&account)),
    ] {
        let answer = service.stranger(tenant).post("/api/v1/auth/login", &body).await;
        answers.push(said(answer.refused(401, "TITHI_CREDENTIALS_INVALID")));
    }
    let mut body = credentials(&account);
    body["tenant"] = json!("no-such-business");
    let answer = service.visitor().post("/api/v1/auth/login", &body).await;
    answers.push(said(answer.refused(401, "TITHI_CREDENTIALS_INVALID")));
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
}

#[tokio::test]
async fn an_address_is_known_in_any_spelling() {
    let service = Service::start().await;
    let (account, _) = registered(&service).await;
    let body = json!({"email": account.email.to_uppercase(), "password": PASSWORD});
    service.visitor().post("/api/v1/auth/login", &body).await.expect(200);
}

#[tokio::test]
async fn a_token_of_yesterday_does_not_stand_in_the_way() {
    let service = Service::start().await;
    let (account, first) = registered(&service).await;
    let old = text(&first, "access_token");
    service.clock.advance(TimeDelta::days(31));
    let client = service.visitor().bearer(old).with("cookie", &format!("tithi_session={old}"));
    login(&client, &account).await;
}

#[tokio::test]
async fn time_ends_an_access_token() {
    let service = Service::start().await;
    let (_, answer) = registered(&service).await;
    let client = service.visitor().bearer(text(&answer, "access_token"));
    service.clock.advance(TimeDelta::seconds(899));
    client.get("/api/v1/users/me").await.expect(200);
    service.clock.advance(TimeDelta::seconds(10));
    client.get("/api/v1/users/me").await.refused(401, "TITHI_AUTH_TOKEN_EXPIRED");
}

#[tokio::test]
async fn a_closed_account_is_out_at_once() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let account = member(&service, &tenant, MembershipRole::Owner).await;
    let answer = login(&service.stranger(&tenant), &account).await;
    let client = service.stranger(&tenant).bearer(text(&answer, "access_token"));
    client.get(BEHIND).await.refused(404, "TITHI_NOT_FOUND");
    sqlx::query("UPDATE app.users SET is_active = false WHERE id = $1")
        .bind(account.id)
        .execute(&mut service.platform().await)
        .await
        .unwrap();
    client.get(BEHIND).await.refused(401, "TITHI_AUTH_TOKEN_INVALID");
    client.get("/api/v1/users/me").await.refused(401, "TITHI_AUTH_TOKEN_INVALID");
}

#[tokio::test]
async fn a_weaker_hash_is_replaced_when_its_password_comes_by() {
    let service = Service::start().await;
    let (account, _) = registered(&service).await;
    let mut database = service.platform().await;
    // Argon2id of "grandmother's violin" with 8 MiB and one pass
    let weak = weak_hash();
    sqlx::query("UPDATE app.users SET password_hash = $2 WHERE id = $1")
        .bind(account.id)
        .bind(&weak)
        .execute(&mut database)
        .await
        .unwrap();
    login(&service.visitor(), &account).await;
    let kept: String = sqlx::query_scalar("SELECT password_hash FROM app.users WHERE id = $1")
        .bind(account.id)
        .fetch_one(&mut database)
        .await
        .unwrap();
    assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
    login(&service.visitor(), &account).await;
}

fn weak_hash() -> String {
    use argon2::password_hash::PasswordHasher;
    let params = argon2::Params::new(8 * 1024, 1, 1, None).unwrap();
    let weak = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let hash: argon2::PasswordHash = weak.hash_password(PASSWORD.as_bytes()).unwrap();
    hash.to_string()
}

#[tokio::test]
async fn our_keys_are_published_and_verify_our_tokens() {
    let service = Service::start().await;
    let answer = service.visitor().get("/.well-known/jwks.json").await;
    assert!(answer.header("cache-control").contains("public"));
    let set = answer.expect(200);
    assert!(!set.to_string().contains("\"d\""));
    let (_, login) = registered(&service).await;
    let token = text(&login, "access_token");
    let header = jsonwebtoken::decode_header(token).unwrap();
    assert_eq!(header.typ.as_deref(), Some("at+jwt"));
    let jwks: jsonwebtoken::jwk::JwkSet = serde_json::from_value(set).unwrap();
    let jwk = jwks.find(header.kid.as_deref().unwrap()).unwrap();
    let mut check = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::ES256);
    check.set_audience(&["tithi"]);
    check.set_issuer(&["tithi"]);
    let key = jsonwebtoken::DecodingKey::from_jwk(jwk).unwrap();
    let claims = jsonwebtoken::decode::<Value>(token, &key, &check).unwrap().claims;
    for name in ["iss", "aud", "sub", "sid", "iat", "nbf", "exp", "jti"] {
        assert!(!claims[name].is_null(), "{name} in {claims}");
    }
    assert!(claims.get("tenant").is_none());
}
