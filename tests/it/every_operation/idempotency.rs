//! What must happen once asks for a key, and every POST answers its repeat with the same bytes.
use reqwest::Method;

use super::caller::{Call, Judge};
use super::document::operations;
use super::success::owner_in;
use super::world::World;
use super::{Excused, Verdicts};
use crate::support::app::Service;

const WITHOUT_KEY: Excused = &[];

const WITHOUT_REPLAY: Excused = &[
    ("auth_login", "the answer holds tokens, which are never stored"),
    ("auth_logout", "the second one has no session left: it answers for itself"),
    ("auth_refresh", "the answer holds tokens, which are never stored"),
    ("auth_register", "the answer holds tokens, which are never stored"),
];

#[tokio::test]
async fn what_must_happen_once_needs_a_key() {
    let service = Service::start().await;
    let (world, judge) = (World::new(&service).await, Judge::new(&service).await);
    let mut verdicts = Verdicts::new(WITHOUT_KEY);
    let mut tried = 0;
    for operation in operations(&service).iter().filter(|operation| operation.requires_key()) {
        tried += 1;
        // said before the body is looked at
        for body in [Call::of(operation, &world), Call::of(operation, &world).saying(b"{\"nonsense\":")] {
            let answer = Call { key: None, ..body }.send(world.caller(operation)).await;
            if (answer.status.as_u16(), answer.code().as_str()) != (400, "TITHI_IDEMPOTENCY_KEY_MISSING") {
                verdicts.wrong(operation, format!("{} {}", answer.status, answer.code()));
            }
            for fault in judge.faults(operation, &answer) {
                verdicts.wrong(operation, fault);
            }
        }
    }
    assert!(tried >= 5, "only {tried} operations need a key");
    verdicts.done();
}

#[tokio::test]
async fn the_same_key_gives_the_same_bytes() {
    let service = Service::start().await;
    let judge = Judge::new(&service).await;
    let mut verdicts = Verdicts::new(WITHOUT_REPLAY);
    for operation in operations(&service).iter().filter(|operation| operation.method == Method::POST) {
        if operation.header("Idempotency-Key").is_none() {
            verdicts.wrong(operation, "a POST without Idempotency-Key");
        }
        let world = World::new(&service).await;
        let (client, body) = owner_in(&service, &world, operation).await;
        let call = Call { key: Some(format!("{:032x}", rand::random::<u128>())), ..body };
        let (first, again) = (call.send(&client).await, call.send(&client).await);
        if first.header("idempotent-replayed") == "true" || again.header("idempotent-replayed") != "true" {
            verdicts.wrong(operation, format!("no replay: {} then {}", first.status, again.status));
        } else if (first.status, &first.body, first.header("location"))
            != (again.status, &again.body, again.header("location"))
        {
            verdicts.wrong(operation, "the replay differs");
        }
        let other = call.clone().saying(b"{\"another\": \"body\"}");
        if call.body.is_some() {
            let answer = other.send(&client).await;
            if answer.code() != "TITHI_IDEMPOTENCY_KEY_REUSED" {
                verdicts.wrong(operation, format!("another body with the key: {} {}", answer.status, answer.code()));
            }
            for fault in judge.faults(operation, &answer) {
                verdicts.wrong(operation, fault);
            }
        }
        for answer in [&first, &again] {
            for fault in judge.faults(operation, answer) {
                verdicts.wrong(operation, fault);
            }
        }
    }
    verdicts.done();
}
