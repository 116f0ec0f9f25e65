//! The same request many times at once: one effect, whatever the order.
use std::collections::HashMap;

use serde_json::Value;
use tokio::task::JoinSet;

use crate::support::app::Service;
use crate::support::client::{Answer, Client};
use crate::support::factory::{Bookable, bookable};
use crate::support::people::Tenant;

/// Everything that bookings leave behind in a business.
async fn effects(service: &Service, tenant: &Tenant) -> [i64; 4] {
    let sql = "SELECT (SELECT count(*) FROM app.bookings WHERE tenant_id = $1), \
                 (SELECT count(*) FROM app.booking_allocations WHERE tenant_id = $1), \
                 (SELECT count(*) FROM app.events_outbox WHERE tenant_id = $1 AND event_code = 'BOOKING_CREATED'), \
                 (SELECT count(*) FROM app.audit_logs WHERE tenant_id = $1 AND table_name = 'bookings')";
    let row: (i64, i64, i64, i64) =
        sqlx::query_as(sql).bind(tenant.id.0).fetch_one(&mut service.platform().await).await.unwrap();
    row.into()
}

fn send(calls: &mut JoinSet<(String, Answer)>, client: &Client, subject: &Bookable, key: &str, body: Value) {
    let (client, path, key) = (client.key(key), subject.bookings(), key.to_owned());
    calls.spawn(async move { (key, client.post(&path, &body).await) });
}

/// Every answer is the booking, a replay of it or "it is running"; gives the number of those that booked.
fn judge(answers: &[(String, Answer)]) -> usize {
    let mut bodies: HashMap<&str, &[u8]> = HashMap::new();
    let mut made = 0;
    for (key, answer) in answers {
        match answer.status.as_u16() {
            201 => {
                assert_eq!(*bodies.entry(key).or_insert(&answer.body), answer.body, "{key}: one booking");
                made += usize::from(answer.header("idempotent-replayed").is_empty());
            }
            409 => assert_eq!(answer.code(), "TITHI_IDEMPOTENCY_IN_PROGRESS", "{key}"),
            status => panic!("{key}: {status} {}", String::from_utf8_lossy(&answer.body)),
        }
    }
    made
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_identical_requests_book_once() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let subject = bookable(&service, &tenant).await;
    let visitor = service.visitor();
    let start = subject.next_free(&visitor).await;
    let mut calls = JoinSet::new();
    for _ in 0..100 {
        send(&mut calls, &visitor, &subject, "the-one", subject.booking(&start));
    }
    let answers = calls.join_all().await;
    assert_eq!(judge(&answers), 1);
    assert_eq!(effects(&service, &tenant).await, [1, 1, 1, 1]);
    let again = visitor.key("the-one").post(&subject.bookings(), &subject.booking(&start)).await;
    assert_eq!((again.status.as_u16(), again.header("idempotent-replayed")), (201, "true"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_businesses_that_share_key_strings_share_nothing_else() {
    let service = Service::start().await;
    let visitor = service.visitor();
    let mut subjects = Vec::new();
    for _ in 0..3 {
        let tenant = service.tenant().await;
        let subject = bookable(&service, &tenant).await;
        let free = subject.free(&visitor).await;
        subjects.push((tenant, subject, free));
    }
    let mut calls: Vec<JoinSet<(String, Answer)>> = (0..3).map(|_| JoinSet::new()).collect();
    for key in 0..20 {
        for _ in 0..10 {
            for ((_, subject, free), calls) in subjects.iter().zip(&mut calls) {
                send(calls, &visitor, subject, &format!("key-{key}"), subject.booking(&free[key]));
            }
        }
    }
    for ((tenant, ..), calls) in subjects.iter().zip(calls) {
        assert_eq!(judge(&calls.join_all().await), 20);
        assert_eq!(effects(&service, tenant).await, [20; 4]);
    }
}
