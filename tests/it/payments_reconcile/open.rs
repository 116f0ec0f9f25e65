//! What has lain open for an hour is looked at, whether anybody told of it or not.
use chrono::TimeDelta;
use serde_json::json;
use tithi::jobs;
use tithi::ports::payments::sandbox::{FaultRule, Trouble};

use super::{Counter, service};

#[tokio::test]
async fn s19_what_lay_open_for_an_hour_is_looked_at() {
    let service = service().await;
    let counter = Counter::open(&service).await;
    let begun = counter.begin(4_500).await;
    counter.pays(&begun).await;
    // taken by somebody who lost it: the provider believes that we know
    service.stripe.knobs(|knobs| knobs.webhooks.never = true);
    let looked = async || jobs::reconcile(&service.app).await.unwrap().looked_at;
    assert_eq!((looked().await, counter.row(&begun).await.0.as_str()), (0, "pending"));
    service.clock.advance(TimeDelta::minutes(61));
    assert_eq!(looked().await, 1);
    assert_eq!(counter.row(&begun).await, ("captured".into(), 4_500, 0, None));
    // it is done with
    assert_eq!(looked().await, 0);
}

#[tokio::test]
async fn s19_a_refund_that_hangs_is_looked_at() {
    let service = service().await;
    let counter = Counter::open(&service).await;
    let begun = counter.begin(4_500).await;
    counter.pays(&begun).await;
    service.stripe.deliver().await;
    jobs::work_inbox(&service.app).await.unwrap();
    let refund = counter.gives_back(&begun, 1_000).await;
    // our request wrote it down and died before it heard that it is done
    let sql = "INSERT INTO app.refunds (tenant_id, id, payment_id, amount_cents, refund_type, provider_refund_id, idempotency_key, created_at)
               VALUES ($1, $2, $3, 1000, 'partial', $4, 'k', $5)";
    sqlx::query(sql)
        .bind(counter.tenant.id.0)
        .bind(service.new_id())
        .bind(begun.id)
        .bind(&refund.id)
        .bind(service.clock.now())
        .execute(&mut service.platform().await)
        .await
        .unwrap();
    service.clock.advance(TimeDelta::minutes(61));
    service.stripe.knobs(|knobs| knobs.webhooks.never = true);
    jobs::reconcile(&service.app).await.unwrap();
    assert_eq!(counter.row(&begun).await, ("partially_refunded".into(), 4_500, 1_000, None));
}

/// The provider does not answer now: what lies open is looked at the next time.
#[tokio::test]
async fn s19_what_cannot_be_looked_at_now_is_looked_at_later() {
    let service = service().await;
    let counter = Counter::open(&service).await;
    let begun = counter.begin(4_500).await;
    counter.pays(&begun).await;
    service.clock.advance(TimeDelta::minutes(61));
    service.stripe.trouble(FaultRule::every(Trouble::ErrorBefore).of("GET /v1/payment_intents"));
    let done = jobs::reconcile(&service.app).await.unwrap();
    assert_eq!((done.looked_at, done.unanswered), (1, 1));
    service.stripe.calm();
    let done = jobs::reconcile(&service.app).await.unwrap();
    assert_eq!((done.looked_at, done.unanswered), (1, 0));
    assert_eq!(counter.row(&begun).await.0, "captured");
}

/// Nothing that the job does moves money: it only asks.
#[tokio::test]
async fn s19_the_provider_is_only_asked() {
    let service = service().await;
    let counter = Counter::open(&service).await;
    let begun = counter.begin(4_500).await;
    counter.pays(&begun).await;
    service.clock.advance(TimeDelta::minutes(61));
    service.stripe.knobs(|knobs| knobs.forget());
    jobs::reconcile(&service.app).await.unwrap();
    jobs::compare(&service.app).await.unwrap();
    let calls = service.stripe.calls();
    assert!(!calls.is_empty() && calls.iter().all(|call| call.method == "GET"), "{calls:?}");
    // S13: on the account of the business, but for what is the platform's own
    let own = calls.iter().filter(|call| call.account.as_deref() == Some(&counter.account)).count();
    assert!(own >= 2, "{}", json!(calls.iter().map(|call| (&call.path, &call.account)).collect::<Vec<_>>()));
}
