//! Events in any order, any number of times, among forged ones: the state is always that of the provider.
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use serde_json::Value;
use tithi::jobs;
use tithi::ports::payments::sandbox::signature;

use super::whole;
use crate::payments_inbox::{post, stored};
use crate::payments_reconcile::{Begun, Counter, Row, service};
use crate::support::app::Service;
use crate::support::stripe::SECRET;

/// The events that tell of a payment's whole life.
const LIFE: [&str; 4] =
    ["payment_intent.created", "payment_intent.succeeded", "refund.created", "charge.dispute.created"];

/// A payment with its whole life behind it, of which nobody has told us.
async fn lived(counter: &Counter<'_>) -> (Begun, Vec<Value>) {
    let known = counter.events().len();
    let begun = counter.begin(4_500).await;
    counter.pays(&begun).await;
    counter.gives_back(&begun, 1_000).await;
    counter.disputes(&begun).await;
    let events = counter.events().split_off(known);
    let life = LIFE.map(|kind| {
        let found = events.iter().find(|event| event["type"] == kind).cloned();
        found.unwrap_or_else(|| panic!("no {kind} in {:?}", events.iter().map(|e| &e["type"]).collect::<Vec<_>>()))
    });
    (begun, life.to_vec())
}

fn orders(items: &[Value]) -> Vec<Vec<Value>> {
    if items.len() <= 1 {
        return vec![items.to_vec()];
    }
    let mut all = Vec::new();
    for at in 0..items.len() {
        let mut rest = items.to_vec();
        let first = rest.remove(at);
        for mut order in orders(&rest) {
            order.insert(0, first.clone());
            all.push(order);
        }
    }
    all
}

#[tokio::test]
async fn n06_w05_all_orders_of_four_events_lead_to_one_state() {
    let service = service().await;
    let counter = Counter::open(&service).await;
    service.stripe.knobs(|knobs| knobs.webhooks.never = true);
    let (first, life) = lived(&counter).await;
    for event in &life {
        tell(&service, event).await;
    }
    let expected = counter.row(&first).await;
    assert_eq!((expected.0.as_str(), expected.1, expected.2), ("partially_refunded", 4_500, 1_000));
    assert!(expected.3.is_some(), "it is disputed");
    let mut tried = 0;
    for at in 0..24 {
        let (begun, life) = lived(&counter).await;
        for event in &orders(&life)[at] {
            tell(&service, event).await;
        }
        assert_eq!(counter.row(&begun).await, expected, "order {at}");
        tried += 1;
    }
    assert_eq!(tried, 24);
    assert_eq!(counter.taken().await, service.stripe.taken(&counter.account));
}

async fn tell(service: &Service, event: &Value) {
    let body = event.to_string().into_bytes();
    let header = signature(&[SECRET], service.clock.now().timestamp(), &body);
    post(service, &header, &body).await.expect(200);
    jobs::work_inbox(&service.app).await.unwrap();
}

/// How many payments the storm is about: each tells of four events and more.
fn payments() -> usize {
    whole().map_or(60, |events| events / 4)
}

#[tokio::test]
async fn n05_a_storm_of_events_loses_and_doubles_nothing() {
    let service = service().await;
    let counters = [Counter::open(&service).await, Counter::open(&service).await];
    service.stripe.knobs(|knobs| knobs.webhooks.never = true);
    let mut chance = StdRng::seed_from_u64(5);
    for at in 0..payments() {
        let counter = &counters[at % 2];
        let cents = 1_000 + at as i64;
        let begun = counter.begin(cents).await;
        if at % 5 == 4 {
            continue; // nobody pays
        }
        counter.pays(&begun).await;
        if at % 3 == 0 {
            counter.gives_back(&begun, if at % 2 == 0 { cents } else { 100 }).await;
        }
    }
    let events: Vec<Value> = counters.iter().flat_map(Counter::events).collect();
    // each one to four times, a tenth of the copies forged, all mixed
    let mut copies: Vec<(&Value, bool)> = Vec::new();
    for event in &events {
        let times = chance.random_range(1..=4);
        copies.extend((0..times).map(|_| (event, true)));
        if chance.random_bool(0.25) {
            copies.push((event, false));
        }
    }
    copies.shuffle(&mut chance);
    let (mut taken, mut refused) = (0, 0);
    let now = service.clock.now().timestamp();
    for chunk in copies.chunks(16) {
        let sent = chunk.iter().map(async |(event, good)| {
            let body = event.to_string().into_bytes();
            let secret = if *good { SECRET } else { "whsec_of_somebody_else" };
            let answer = post(&service, &signature(&[secret], now, &body), &body).await;
            (*good, answer.status.as_u16())
        });
        for outcome in futures_util::future::join_all(sent).await {
            match outcome {
                (true, 200) => taken += 1,
                (false, 400) => refused += 1,
                other => panic!("{other:?}"),
            }
        }
        // the worker is at it meanwhile
        if chance.random_bool(0.2) {
            jobs::work_inbox(&service.app).await.unwrap();
        }
    }
    let work = (0..3).map(|_| jobs::work_inbox(&service.app));
    futures_util::future::join_all(work).await.into_iter().for_each(|worked| {
        worked.unwrap();
    });
    println!("{} events, {taken} copies taken, {refused} forged ones refused", events.len());
    assert_eq!(stored(&service).await, events.len() as i64, "none lost, none twice");
    let sql = "SELECT count(*) FROM app.webhook_event_inbox WHERE state NOT IN ('processed', 'ignored')";
    let lying: i64 = sqlx::query_scalar(sql).fetch_one(&mut service.platform().await).await.unwrap();
    assert_eq!(lying, 0);
    for counter in &counters {
        assert_eq!(counter.taken().await, service.stripe.taken(&counter.account), "to the cent");
        let captured = counter.rows().await.into_values().filter(|row: &Row| row.1 > 0).count();
        assert_eq!(captured, service.stripe.charges(&counter.account).len());
        // told once, whatever came how often
        let told = crate::payments_inbox::told(&service, &counter.tenant, "PAYMENT_CAPTURED").await;
        assert_eq!(told, captured as i64);
    }
    // N12
    service.clock.advance(chrono::TimeDelta::hours(2));
    let found = jobs::compare(&service.app).await.unwrap();
    assert_eq!((found.unanswered, found.differences.len()), (0, 0), "{found:?}");
    assert!(found.compared >= payments() as u64);
}

/// An event that was overtaken brings what is true today.
#[tokio::test]
async fn w05_an_old_event_does_not_move_anything_back() {
    let service = service().await;
    let counter = Counter::open(&service).await;
    service.stripe.knobs(|knobs| knobs.webhooks.never = true);
    let begun = counter.begin(4_500).await;
    let created = counter.events().pop().unwrap();
    assert_eq!(created["type"], "payment_intent.created");
    counter.pays(&begun).await;
    for event in counter.events().into_iter().rev() {
        tell(&service, &event).await;
    }
    let paid = counter.row(&begun).await;
    assert_eq!(paid.0, "captured");
    let mut again = created.clone();
    again["id"] = "evt_the_same_under_another_id".into();
    tell(&service, &again).await;
    assert_eq!(counter.row(&begun).await, paid);
}
