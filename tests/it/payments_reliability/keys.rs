//! The same request again and again: one effect, whoever comes how often at once.
use futures_util::StreamExt;
use serde_json::{Value, json};
use tithi::jobs;

use super::whole;
use crate::payments_inbox::told;
use crate::payments_reconcile::{Counter, service};
use crate::support::client::{Answer, Client};
use crate::support::factory::bookable;

/// The same request so many times, a hundred at a time.
async fn again_and_again(client: &Client, path: &str, body: &Value, times: usize) -> Vec<Answer> {
    futures_util::stream::iter(0..times).map(|_| client.post(path, body)).buffer_unordered(100).collect().await
}

/// Asserts that there was one answer, that the others are its bytes or say that it is under way; gives it.
fn one_answer(answers: Vec<Answer>) -> Value {
    let (mut bodies, mut waiting) = (Vec::new(), 0);
    for answer in answers {
        match answer.status.as_u16() {
            201 => bodies.push(answer.body),
            409 => {
                assert_eq!(answer.header("retry-after"), "1");
                answer.refused(409, "TITHI_IDEMPOTENCY_IN_PROGRESS");
                waiting += 1;
            }
            other => panic!("{other}: {}", String::from_utf8_lossy(&answer.body)),
        }
    }
    println!("{} answers of the same bytes, {waiting} told to wait", bodies.len());
    assert!(!bodies.is_empty() && bodies.windows(2).all(|pair| pair[0] == pair[1]), "the replays differ");
    serde_json::from_slice(&bodies[0]).unwrap()
}

#[tokio::test]
async fn n01_the_same_request_a_thousand_times_is_one_booking_and_one_charge() {
    let times = whole().map_or(150, |figure| figure / 5);
    let service = service().await;
    let counter = Counter::open(&service).await;
    let subject = bookable(&service, &counter.tenant).await;
    let stranger = service.stranger(&counter.tenant);
    let before = told(&service, &counter.tenant, "BOOKING_CREATED").await;
    let wish = subject.booking(&subject.next_free(&stranger).await);
    let answers = again_and_again(&stranger.key("booking-n1"), &subject.bookings(), &wish, times).await;
    let booking = one_answer(answers);
    let bookings: i64 = sqlx::query_scalar("SELECT count(*) FROM app.bookings WHERE tenant_id = $1")
        .bind(counter.tenant.id.0)
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap();
    // the fact that a mail is made of
    let told_of = told(&service, &counter.tenant, "BOOKING_CREATED").await;
    assert_eq!((bookings - before, told_of - before), (1, 1));

    let checkout = json!({"booking_id": booking["id"], "payment_method": "card"});
    let answers =
        again_and_again(&counter.owner.key("checkout-n1"), "/api/v1/payments/checkout", &checkout, times).await;
    one_answer(answers);
    assert_eq!(service.stripe.objects(&counter.account, "pi_").len(), 1);
    assert_eq!(counter.rows().await.len(), 1);
    assert_eq!(told(&service, &counter.tenant, "PAYMENT_INTENT_CREATED").await, 1);
}

#[tokio::test]
async fn n02_businesses_that_share_keys_share_nothing_else() {
    let (keys, at_once) = if whole().is_some() { (100, 20) } else { (8, 8) };
    let service = service().await;
    let mut paid = Vec::new();
    for _ in 0..3 {
        let counter = Counter::open(&service).await;
        let begun = counter.begin(keys * 10).await;
        counter.pays(&begun).await;
        paid.push((counter, begun));
    }
    service.stripe.deliver().await;
    jobs::work_inbox(&service.app).await.unwrap();
    let mut asked = Vec::new();
    for key in 0..keys {
        for (counter, begun) in &paid {
            let (client, path) =
                (counter.owner.key(&format!("refund-{key}")), format!("/api/v1/payments/{}/refund", begun.id));
            asked.extend((0..at_once).map(|_| (client.clone(), path.clone())));
        }
    }
    let body = json!({"refund_type": "partial", "amount_cents": 10});
    let sent = asked.iter().map(|(client, path)| client.post(path, &body));
    let answers: Vec<Answer> = futures_util::stream::iter(sent).buffer_unordered(60).collect().await;
    for answer in answers {
        match answer.status.as_u16() {
            201 => {}
            409 => drop(answer.refused(409, "TITHI_IDEMPOTENCY_IN_PROGRESS")),
            other => panic!("{other}: {}", String::from_utf8_lossy(&answer.body)),
        }
    }
    for (counter, begun) in &paid {
        assert_eq!(service.stripe.objects(&counter.account, "re_").len() as i64, keys);
        let refunds: i64 = sqlx::query_scalar("SELECT count(*) FROM app.refunds WHERE tenant_id = $1")
            .bind(counter.tenant.id.0)
            .fetch_one(&mut service.platform().await)
            .await
            .unwrap();
        assert_eq!(refunds, keys);
        assert_eq!((counter.row(begun).await.2, service.stripe.taken(&counter.account)), (keys * 10, 0));
    }
}
