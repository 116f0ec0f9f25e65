//! Another business: its people are not let in, and its rows are not there.
use serde_json::Value;

use super::caller::{Call, Judge};
use super::document::{Security, operations};
use super::world::{World, nobody};
use super::{Excused, Verdicts};
use crate::support::app::Service;

const EXCUSED: Excused = &[];

#[tokio::test]
async fn a_token_of_another_business_is_refused() {
    let service = Service::start().await;
    let (world, judge) = (World::new(&service).await, Judge::new(&service).await);
    let other = service.tenant().await;
    let intruder = service.stranger(&world.tenant).bearer(&service.token(other.owner, Some(other.id)).await);
    let mut verdicts = Verdicts::new(EXCUSED);
    for operation in operations(&service) {
        // pages for everybody never look at a token, and say so
        assert!(operation.security == Security::Public || !operation.path.starts_with("/v1/"), "{operation}");
        if operation.security == Security::Public {
            continue;
        }
        let answer = Call::of(&operation, &world).saying(b"{").send(&intruder).await;
        if (answer.status.as_u16(), answer.code().as_str()) != (404, "TITHI_TENANT_MISMATCH") {
            verdicts.wrong(&operation, format!("{} {}", answer.status, answer.code()));
        }
        for fault in judge.faults(&operation, &answer) {
            verdicts.wrong(&operation, fault);
        }
    }
    verdicts.done();
}

#[tokio::test]
async fn what_belongs_to_another_business_is_not_there() {
    let service = Service::start().await;
    let judge = Judge::new(&service).await;
    let (world, other) = (World::new(&service).await, World::new(&service).await);
    let mut verdicts = Verdicts::new(EXCUSED);
    let mut tried = 0;
    for operation in operations(&service) {
        // a slug in the path says which business is meant; a check of names is about nobody's
        let own = |name: &str| matches!(name, "slug" | "subdomain");
        if operation.in_path().iter().all(|name| own(name)) {
            continue;
        }
        tried += 1;
        let call = Call::of(&operation, &world);
        let with = |value_of: &dyn Fn(&str) -> String| {
            let path =
                world.path_with(&operation, |name| if own(name) { world.value_of(name) } else { value_of(name) });
            let key = operation.requires_key().then(|| format!("{:032x}", rand::random::<u128>()));
            Call { path, key, ..call.clone() }
        };
        if operation.is_operators() {
            continue; // they look after every business
        }
        let foreign = with(&|name| other.value_of(name)).send(&world.owner).await;
        let missing = with(&|name| nobody(&service, name)).send(&world.owner).await;
        for (whose, answer) in [("another's", &foreign), ("nobody's", &missing)] {
            if answer.status.as_u16() != 404 {
                verdicts.wrong(
                    &operation,
                    format!("{whose} id: {} {}", answer.status, String::from_utf8_lossy(&answer.body)),
                );
            }
            for fault in judge.faults(&operation, answer) {
                verdicts.wrong(&operation, fault);
            }
        }
        if unsaid(foreign.json()) != unsaid(missing.json()) {
            verdicts.wrong(
                &operation,
                format!("another's id and nobody's are told apart: {} / {}", foreign.json(), missing.json()),
            );
        }
    }
    assert!(tried > 15, "only {tried} operations take an id");
    verdicts.done();
}

/// The ids of another business in a body: refused, and told as those of nobody.
#[tokio::test]
async fn bodies_cannot_name_what_belongs_to_another_business() {
    let service = Service::start().await;
    let judge = Judge::new(&service).await;
    let (world, other) = (World::new(&service).await, World::new(&service).await);
    let mut verdicts = Verdicts::new(EXCUSED);
    let mut tried = 0;
    for operation in operations(&service) {
        let Some(body) = world.body(&operation) else { continue };
        for (name, pointer) in named(&body, "") {
            tried += 1;
            let mut answers = Vec::new();
            let single = name.trim_end_matches('s');
            for stray in [other.value_of(single), nobody(&service, single)] {
                let mut body = body.clone();
                *body.pointer_mut(&pointer).unwrap() =
                    if name == single { stray.into() } else { serde_json::json!([stray]) };
                let answer = Call::of(&operation, &world).saying(body.to_string().as_bytes()).send(&world.owner).await;
                if !matches!(answer.status.as_u16(), 404 | 422) {
                    verdicts.wrong(&operation, format!("{pointer}: {} {}", answer.status, answer.json()));
                }
                for fault in judge.faults(&operation, &answer) {
                    verdicts.wrong(&operation, fault);
                }
                answers.push(unsaid(answer.json()));
            }
            if answers[0] != answers[1] {
                verdicts.wrong(&operation, format!("{pointer}: told apart: {} / {}", answers[0], answers[1]));
            }
        }
    }
    assert!(tried > 4, "only {tried} ids stand in bodies");
    verdicts.done();
}

/// The members of a body that name something by its id, however deep, with their pointers.
fn named(body: &Value, at: &str) -> Vec<(String, String)> {
    const NAMES: [&str; 6] =
        ["booking_id", "service_id", "resource_id", "customer_id", "membership_id", "resource_ids"];
    match body {
        Value::Object(members) => (members.iter().filter(|(_, value)| !value.is_null()))
            .flat_map(|(name, value)| {
                let pointer = format!("{at}/{name}");
                if NAMES.contains(&name.as_str()) { vec![(name.clone(), pointer)] } else { named(value, &pointer) }
            })
            .collect(),
        Value::Array(items) => {
            items.iter().enumerate().flat_map(|(index, item)| named(item, &format!("{at}/{index}"))).collect()
        }
        _ => Vec::new(),
    }
}

/// A problem without what differs from request to request.
fn unsaid(mut problem: Value) -> Value {
    for member in ["instance", "request_id"] {
        problem[member] = Value::Null;
    }
    problem
}
