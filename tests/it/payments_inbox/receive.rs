//! An event is taken in whole, once, and before anybody thinks about it.
use std::time::Duration;

use serde_json::json;
use sqlx::Row;
use tithi::jobs;

use super::{SECRET, deauthorized, deliver, event, post, send, service, signed, state, stored, with};
use crate::support::factory::connected;

#[tokio::test]
async fn w03_an_event_is_stored_byte_by_byte() {
    let service = service().await;
    // spelled as no serialiser of ours would
    let body = "{ \"type\":\"payment_intent.succeeded\",\n\t\"id\":\"evt_1\", \"id2\":1.10, \"created\":1614265330,\"account\":\"acct_1\",\"livemode\":true,\"data\":{\"object\":{\"name\":\"\\u00e9\u{e9}\"}}}\n";
    let now = service.clock.now().timestamp();
    let answer = post(&service, &signed(SECRET, now, body.as_bytes()), body.as_bytes()).await.expect(200);
    assert_eq!(answer, json!({"received": true}));
    let sql = "SELECT *, extract(epoch FROM event_created_at)::bigint AS created FROM app.webhook_event_inbox";
    let row = sqlx::query(sql).fetch_one(&mut service.platform().await).await.unwrap();
    let text = |name: &str| row.get::<String, _>(name);
    assert_eq!(row.get::<Vec<u8>, _>("raw"), body.as_bytes());
    assert_eq!([text("provider"), text("account"), text("event_id")], ["stripe", "acct_1", "evt_1"]);
    assert_eq!((text("event_type").as_str(), row.get("livemode")), ("payment_intent.succeeded", true));
    assert_eq!((row.get::<i64, _>("created"), row.get::<i32, _>("attempts")), (1_614_265_330, 0));
    assert_eq!((text("state").as_str(), row.get::<Option<uuid::Uuid>, _>("tenant_id")), ("received", None));
}

#[tokio::test]
async fn w03_a_duplicate_is_answered_and_not_stored_again() {
    let service = service().await;
    let first = event(&service, "account.updated", None, json!({}));
    let sent = futures_util::future::join_all((0..20).map(|_| send(&service, &first))).await;
    for answer in sent {
        answer.expect(200);
    }
    assert_eq!(stored(&service).await, 1);
    // the same id on another account is another event
    let mut elsewhere = first.clone();
    elsewhere["account"] = "acct_elsewhere".into();
    send(&service, &elsewhere).await.expect(200);
    assert_eq!(stored(&service).await, 2);
}

#[tokio::test]
async fn w03_a_duplicate_of_what_is_done_has_no_second_effect() {
    let service = service().await;
    let tenant = service.tenant().await;
    let account = connected(&service, &tenant).await;
    let event = deauthorized(&service, &account);
    assert_eq!(deliver(&service, &event).await, "processed");
    assert_eq!(deliver(&service, &event).await, "processed");
    assert_eq!(state(&service, &event).await.1, 1);
    assert_eq!(super::told(&service, &tenant, "PAYMENT_ACCOUNT_DEAUTHORIZED").await, 1);
}

/// Somebody holds the rows that the event is about: the provider is answered all the same.
#[tokio::test]
async fn w03_the_answer_comes_before_the_work() {
    let service = service().await;
    let tenant = service.tenant().await;
    let account = connected(&service, &tenant).await;
    let mut holder = service.platform().await;
    sqlx::raw_sql("BEGIN").execute(&mut holder).await.unwrap();
    sqlx::query("SELECT FROM app.tenant_billing WHERE tenant_id = $1 FOR UPDATE")
        .bind(tenant.id.0)
        .execute(&mut holder)
        .await
        .unwrap();
    let event = deauthorized(&service, &account);
    let answer = tokio::time::timeout(Duration::from_secs(10), send(&service, &event)).await;
    answer.expect("the provider waits for the work").expect(200);
    assert_eq!(state(&service, &event).await, ("received".into(), 0, None));
    let app = service.app.clone();
    let work = tokio::spawn(async move { jobs::work_inbox(&app).await });
    service.database.until_waiting("%tenant_billing%FOR UPDATE%").await;
    sqlx::raw_sql("COMMIT").execute(&mut holder).await.unwrap();
    assert_eq!(work.await.unwrap().unwrap(), 1);
    assert_eq!(state(&service, &event).await.0, "processed");
}

#[tokio::test]
async fn w03_the_worker_of_the_process_is_called_at_once() {
    let service = service().await;
    let event = event(&service, "account.updated", None, json!({}));
    send(&service, &event).await.expect(200);
    let called = tokio::time::timeout(Duration::from_secs(5), service.app.inbox_bell.notified()).await;
    assert!(called.is_ok(), "nobody rang");
}

/// W9: whatever is not 2xx is sent again, so nothing that is well signed is refused for what it says.
#[tokio::test]
async fn w09_whatever_is_well_signed_is_answered_200() {
    let service = service().await;
    for (kind, account, object) in [
        ("a.type.that.nobody.knows", None, json!({})),
        ("account.updated", Some("acct_of_nobody"), json!(null)),
        ("payment_intent.succeeded", Some("acct_of_nobody"), json!({"id": 7, "status": ["new"]})),
        ("customer.subscription.updated", None, json!("text")),
    ] {
        let answer = send(&service, &event(&service, kind, account, object)).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"), "{kind}");
    }
    // on whatever host, with whatever else the caller sends along
    let event = event(&service, "account.updated", None, json!({})).to_string().into_bytes();
    let header = signed(SECRET, service.clock.now().timestamp(), &event);
    let client = service.visitor().bearer("nonsense").with("stripe-signature", &header);
    client.raw(reqwest::Method::POST, super::PATH, "text/plain", Some(event)).await.expect(200);
}

#[tokio::test]
async fn the_inbox_has_a_limit_of_its_own() {
    let service = with(&["--limit-webhooks", "3/60", "--limit-anonymous", "1/60"]).await;
    for _ in 0..3 {
        send(&service, &event(&service, "account.updated", None, json!({}))).await.expect(200);
    }
    let refused = send(&service, &event(&service, "account.updated", None, json!({}))).await;
    assert_eq!(refused.header("ratelimit-policy"), "\"webhooks\";q=3;w=60");
    refused.refused(429, "TITHI_RATE_LIMIT_EXCEEDED");
    assert_eq!(stored(&service).await, 3);
}
