//! Every webhook is lost: the job finds out all the same.
use chrono::TimeDelta;
use tithi::jobs;

use super::{Counter, service};
use crate::payments_inbox::stored;

#[tokio::test]
async fn s19_with_every_webhook_lost_the_state_converges() {
    let service = service().await;
    let counter = Counter::open(&service).await;
    service.stripe.knobs(|knobs| knobs.webhooks.never = true);
    let (paid, left, back) = (counter.begin(4_500).await, counter.begin(700).await, counter.begin(9_000).await);
    counter.pays(&paid).await;
    counter.pays(&back).await;
    counter.gives_back(&back, 2_000).await;
    assert_eq!(service.stripe.deliver().await.taken, 0);
    assert_eq!((counter.row(&paid).await.0.as_str(), stored(&service).await), ("pending", 0));

    let done = jobs::reconcile(&service.app).await.unwrap();
    assert!(done.missed >= 5 && done.unanswered == 0, "{done:?}");
    jobs::work_inbox(&service.app).await.unwrap();
    assert_eq!(counter.row(&paid).await, ("captured".into(), 4_500, 0, None));
    assert_eq!(counter.row(&back).await, ("partially_refunded".into(), 9_000, 2_000, None));
    assert_eq!(counter.row(&left).await.0, "pending");
    assert_eq!(counter.taken().await, service.stripe.taken(&counter.account));
    // again, and nothing is new
    assert_eq!(jobs::reconcile(&service.app).await.unwrap().missed, 0);
    service.clock.advance(TimeDelta::hours(2));
    assert_eq!(jobs::compare(&service.app).await.unwrap().differences, []);
}

#[tokio::test]
async fn s19_what_was_taken_is_not_missed() {
    let service = service().await;
    let counter = Counter::open(&service).await;
    let begun = counter.begin(4_500).await;
    counter.pays(&begun).await;
    let delivered = service.stripe.deliver().await;
    assert!(delivered.taken >= 2 && delivered.refused == 0, "{delivered:?}");
    assert_eq!(jobs::reconcile(&service.app).await.unwrap().missed, 0);
}

#[tokio::test]
async fn s19_more_than_a_page_is_missed() {
    let service = service().await;
    let counter = Counter::open(&service).await;
    service.stripe.knobs(|knobs| knobs.webhooks.never = true);
    for _ in 0..110 {
        counter.begin(100).await;
    }
    let events = counter.events().len();
    assert!(events > 100);
    assert_eq!(jobs::reconcile(&service.app).await.unwrap().missed, events as u64);
    assert_eq!(stored(&service).await, events as i64);
}

/// What one account refuses does not keep the others.
#[tokio::test]
async fn an_account_that_is_closed_to_us_keeps_nobody() {
    let service = service().await;
    let (counter, other) = (Counter::open(&service).await, service.tenant().await);
    let sql =
        "INSERT INTO app.connected_accounts (provider, account_id, tenant_id) VALUES ('stripe', 'acct_closed', $1)";
    sqlx::query(sql).bind(other.id.0).execute(&mut service.platform().await).await.unwrap();
    service.stripe.knobs(|knobs| knobs.webhooks.never = true);
    let begun = counter.begin(100).await;
    counter.pays(&begun).await;
    let done = jobs::reconcile(&service.app).await.unwrap();
    assert!(done.missed >= 2 && done.unanswered == 1, "{done:?}");
}
