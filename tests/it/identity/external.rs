//! Tokens of an outside issuer: good for people who have an account here.
use chrono::TimeDelta;
use jsonwebtoken::{EncodingKey, Header};
use serde_json::{Value, json};
use uuid::Uuid;

use super::registered;
use crate::support::app::Service;

const SHARED: &str = "a shared secret of an outside issuer";
const FLAGS: &[&str] = &[
    "--external-issuer",
    "https://issuer.test/",
    "--external-audience",
    "authenticated",
    "--external-hs256-secret",
    SHARED,
];

fn signed(service: &Service, subject: Uuid, tenant: Option<Uuid>) -> String {
    let mut claims = json!({
        "iss": "https://issuer.test/", "aud": "authenticated", "sub": subject, "role": "owner",
        "exp": service.clock.now().timestamp() + 3600,
    });
    if let Some(tenant) = tenant {
        claims["tenant_id"] = json!(tenant);
    }
    jsonwebtoken::encode(&Header::default(), &claims, &EncodingKey::from_secret(SHARED.as_bytes())).unwrap()
}

#[tokio::test]
async fn an_outside_token_is_a_person_with_an_account() {
    let service = Service::with(FLAGS).await;
    let tenant = service.tenant().await;
    let me = |token: &str| {
        let client = service.stranger(&tenant).bearer(token);
        async move { client.get("/api/v1/users/me").await }
    };
    let owner = me(&signed(&service, tenant.owner.0, Some(tenant.id.0))).await.expect(200);
    assert_eq!((&owner["user_context"]["role"], &owner["user"]["id"]), (&json!("owner"), &json!(tenant.owner)));
    // what the outsider claims of a role means nothing
    let (outsider, _) = registered(&service).await;
    let stranger = me(&signed(&service, outsider.id, None)).await.expect(200);
    assert_eq!(stranger["user_context"]["role"], Value::Null);

    me(&signed(&service, Uuid::from_u128(7), None)).await.refused(401, "TITHI_AUTH_TOKEN_INVALID");
    let elsewhere = service.tenant().await;
    me(&signed(&service, tenant.owner.0, Some(elsewhere.id.0))).await.refused(404, "TITHI_TENANT_MISMATCH");
    let late = signed(&service, tenant.owner.0, None);
    service.clock.advance(TimeDelta::hours(2));
    me(&late).await.refused(401, "TITHI_AUTH_TOKEN_EXPIRED");
}

#[tokio::test]
async fn without_an_outside_issuer_its_tokens_are_nothing() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let token = signed(&service, tenant.owner.0, None);
    let answer = service.stranger(&tenant).bearer(&token).get("/api/v1/users/me").await;
    answer.refused(401, "TITHI_AUTH_TOKEN_INVALID");
}
