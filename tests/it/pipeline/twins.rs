//! The same request many times at once: one effect, whatever the order.
use std::collections::HashMap;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tithi::error::{ApiError, Code};
use tokio::task::JoinSet;

use super::stage::Stage;
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

/// The fingerprint of `POST /x` with a JSON body.
fn fingerprint(body: &str) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in ["POST", "/x", "", "application/json", body] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().to_vec()
}

/// A twin may record its answer after this one has looked for it. Then the twin's answer is the answer, also where
/// this one was refused by what the twin has done.
#[tokio::test]
async fn who_comes_second_by_a_hair_answers_like_the_first() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    for (body, fails, status) in [("{}", false, 201), ("{}", true, 201), ("[]", false, 422), ("[]", true, 422)] {
        sqlx::query("DELETE FROM app.idempotency_keys WHERE tenant_id = $1")
            .bind(tenant.id.0)
            .execute(&mut service.platform().await)
            .await
            .unwrap();
        let (database, now) = (service.database.clone(), service.clock.now());
        let (own, id) = (tenant.id, service.new_id());
        let stage = Stage::new(&service, move |_, _| {
            let database = database.clone();
            async move {
                let sql = "INSERT INTO app.idempotency_keys (tenant_id, id, principal, operation, key, fingerprint, status, \
                             headers, body, request_id, created_at, expires_at) \
                           VALUES ($1, $2, 'anonymous:127.0.0.1', 'POST /x', 'hair', $3, 201, '{}', 'the twin', 'twin', $4, $4 + interval '1 day')";
                let mut twin = database.connect("tithi_platform").await;
                let insert = sqlx::query(sql).bind(own.0).bind(id).bind(fingerprint(body)).bind(now);
                insert.execute(&mut twin).await.unwrap();
                if fails { Err(ApiError::of(Code::BookingConflict)) } else { Ok("mine") }
            }
        })
        .await;
        let answer = stage.stranger(&tenant).key("hair").post("/x", &json!({})).await;
        assert_eq!(answer.status.as_u16(), status, "{body} {fails}: {answer:?}");
        if status == 201 {
            assert_eq!(
                (answer.body.as_slice(), answer.header("idempotent-replayed")),
                (b"the twin".as_slice(), "true")
            );
            assert_eq!(answer.header("original-request"), "twin");
        }
    }
}
