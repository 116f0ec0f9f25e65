//! Guessing locks the account for a while, whether it exists or not.
use serde_json::json;

use super::{PASSWORD, credentials, login, new_email, registered};
use crate::support::app::Service;

#[tokio::test]
async fn guessing_locks_known_and_unknown_accounts_alike() {
    let service = Service::with(&["--limit-password", "3/900"]).await;
    let (account, _) = registered(&service).await;
    let visitor = service.visitor();
    for email in [account.email.clone(), new_email()] {
        let wrong = json!({"email": email, "password": "grandmother's viola"});
        for _ in 0..3 {
            visitor.post("/api/v1/auth/login", &wrong).await.refused(401, "TITHI_CREDENTIALS_INVALID");
        }
        let answer = visitor.post("/api/v1/auth/login", &wrong).await;
        let wait: u32 = answer.header("retry-after").parse().unwrap();
        assert!((1..=300).contains(&wait), "{wait}");
        answer.refused(429, "TITHI_ACCOUNT_LOCKED");
        // another spelling is the same account, and the right password does not open a locked one
        let right = json!({"email": email.to_uppercase(), "password": PASSWORD});
        visitor.post("/api/v1/auth/login", &right).await.refused(429, "TITHI_ACCOUNT_LOCKED");
    }
    let (other, _) = registered(&service).await;
    login(&visitor, &other).await;
}

#[tokio::test]
async fn only_failures_add_up() {
    let service = Service::with(&["--limit-password", "3/900"]).await;
    let (account, _) = registered(&service).await;
    let visitor = service.visitor();
    let wrong = json!({"email": account.email, "password": "grandmother's viola"});
    for _ in 0..4 {
        service.clock.advance(chrono::TimeDelta::seconds(1));
        for _ in 0..2 {
            visitor.post("/api/v1/auth/login", &wrong).await.refused(401, "TITHI_CREDENTIALS_INVALID");
        }
        visitor.post("/api/v1/auth/login", &credentials(&account)).await.expect(200);
    }
}

#[tokio::test]
async fn a_flood_of_logins_does_not_hold_the_database() {
    // eight connections and forty logins: were one kept while a password is hashed, the last would wait for it
    let service = Service::start().await;
    let (account, answer) = registered(&service).await;
    let flood = (0..40).map(|_| {
        let (visitor, body) = (service.visitor(), json!({"email": new_email(), "password": PASSWORD}));
        async move { visitor.post("/api/v1/auth/login", &body).await.status.as_u16() }
    });
    let me = service.visitor().bearer(super::text(&answer, "access_token"));
    let (statuses, seen) =
        tokio::join!(futures_util::future::join_all(flood), async { me.get("/api/v1/users/me").await.expect(200) });
    assert_eq!(seen["user"]["id"], account.id.to_string());
    assert!(statuses.iter().all(|status| matches!(status, 401 | 503)), "{statuses:?}");
}
