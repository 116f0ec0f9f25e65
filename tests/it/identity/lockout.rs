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

/// Connections that are in a transaction and wait for the service to go on.
const HELD: &str = "SELECT count(*) FROM pg_stat_activity \
                    WHERE datname = current_database() AND usename = 'tithi_platform' AND state = 'idle in transaction'";

#[tokio::test]
async fn nobody_holds_a_transaction_while_passwords_are_hashed() {
    let service = Service::alone().await;
    let mut watcher = service.database.connect("postgres").await;
    let flood = futures_util::future::join_all((0..60).map(|_| {
        let (visitor, body) = (service.visitor(), json!({"email": new_email(), "password": PASSWORD}));
        async move { visitor.post("/api/v1/auth/login", &body).await.status.as_u16() }
    }));
    tokio::pin!(flood);
    let mut held: Vec<i64> = Vec::new();
    let statuses = loop {
        let count = sqlx::query_scalar(HELD).fetch_one(&mut watcher);
        tokio::select! {
            statuses = &mut flood => break statuses,
            count = count => held.push(count.unwrap()),
        }
    };
    assert!(statuses.iter().all(|status| matches!(status, 401 | 503)), "{statuses:?}");
    assert!(held.len() > 20, "{}", held.len());
    // a look-up is in flight now and then; of eight connections that waited for their hash, eight would be held
    let often = held.iter().filter(|count| **count >= 4).count();
    assert!(often * 4 < held.len(), "{often} of {}: {held:?}", held.len());
}
