//! What is wrong with a request is said in one shape, at the right place, and tells nothing of the machinery.
use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::Value;

use super::caller::{Call, Judge};
use super::document::{Operation, operations};
use super::world::World;
use super::{Excused, Verdicts};
use crate::support::app::Service;
use crate::support::client::Answer;

const EXCUSED: Excused = &[];

struct Trial {
    world: World,
    judge: Judge,
    verdicts: Verdicts,
}

impl Trial {
    async fn new(service: &Service) -> Self {
        Self { world: World::new(service).await, judge: Judge::new(service).await, verdicts: Verdicts::new(EXCUSED) }
    }

    async fn send(&mut self, operation: &Operation, call: Call, expected: u16) -> Answer {
        let answer = call.send(self.world.caller(operation)).await;
        if answer.status.as_u16() != expected {
            self.verdicts.wrong(operation, format!("{} instead of {expected}: {}", answer.status, answer.json()));
        }
        for fault in self.judge.faults(operation, &answer) {
            self.verdicts.wrong(operation, fault);
        }
        answer
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_refused() {
    let service = Service::start().await;
    let mut trial = Trial::new(&service).await;
    for operation in operations(&service).iter().filter(|operation| operation.body.is_some()) {
        let call = Call::of(operation, &trial.world);
        for broken in [&b"{\"nonsense\":"[..], b"", b"[]", b"null", b"{\"name\": \"\xff\"}"] {
            trial.send(operation, call.clone().saying(broken), 400).await;
        }
        let other = Call { kind: "text/plain", ..call };
        trial.send(operation, other, 415).await;
    }
    trial.verdicts.done();
}

#[tokio::test]
async fn a_field_that_nobody_knows_is_named() {
    let service = Service::start().await;
    let mut trial = Trial::new(&service).await;
    for operation in operations(&service).iter().filter(|operation| operation.body.is_some()) {
        let mut body = trial.world.body(operation).unwrap();
        body["no_such_field"] = 1.into();
        let call = Call::of(operation, &trial.world).saying(body.to_string().as_bytes());
        let answer = trial.send(operation, call, 400).await;
        let problem = answer.json();
        let named =
            problem["errors"].as_array().into_iter().flatten().any(|error| error["pointer"] == "#/no_such_field");
        if !named || problem["details"]["errors"] != problem["errors"] {
            trial.verdicts.wrong(operation, format!("the field is not named: {problem}"));
        }
    }
    trial.verdicts.done();
}

#[tokio::test]
async fn every_field_of_the_wrong_kind_is_named() {
    let service = Service::start().await;
    let mut trial = Trial::new(&service).await;
    for operation in operations(&service).iter().filter(|operation| operation.body.is_some()) {
        let Some(Value::Object(body)) = trial.world.body(operation) else { continue };
        let wrong: serde_json::Map<String, Value> =
            body.keys().map(|name| (name.clone(), serde_json::json!([[{"deep": 1.5}]]))).collect();
        let call = Call::of(operation, &trial.world).saying(Value::Object(wrong.clone()).to_string().as_bytes());
        let problem = trial.send(operation, call, 400).await.json();
        for name in wrong.keys() {
            let at = format!("#/{name}");
            let named = |error: &Value| error["pointer"].as_str().is_some_and(|pointer| pointer.starts_with(&at));
            if !problem["errors"].as_array().into_iter().flatten().any(named) {
                trial.verdicts.wrong(operation, format!("{name} is not named: {problem}"));
            }
        }
    }
    trial.verdicts.done();
}

#[tokio::test]
async fn parameters_of_the_wrong_kind_are_named() {
    let service = Service::start().await;
    let mut trial = Trial::new(&service).await;
    for operation in operations(&service) {
        let call = Call::of(&operation, &trial.world);
        for parameter in operation.parameters().filter(|p| p["in"] == "query") {
            let name = parameter["name"].as_str().unwrap();
            let typed = !parameter["schema"].to_string().contains("\"type\":\"string\"")
                || parameter["schema"].get("format").is_some();
            if !typed {
                continue;
            }
            let path = call.path.split('?').next().unwrap();
            let rest = call.path.split_once('?').map_or("", |(_, query)| query);
            let rest: Vec<&str> =
                rest.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with(&format!("{name}="))).collect();
            let query =
                std::iter::once(format!("{name}=%00no")).chain(rest.into_iter().map(str::to_owned)).collect::<Vec<_>>();
            let problem = trial
                .send(&operation, Call { path: format!("{path}?{}", query.join("&")), ..call.clone() }, 400)
                .await
                .json();
            if problem["errors"][0]["pointer"] != format!("query/{name}") {
                trial.verdicts.wrong(&operation, format!("the query's {name} is not named: {problem}"));
            }
        }
    }
    trial.verdicts.done();
}

#[tokio::test]
async fn a_part_of_the_path_of_the_wrong_kind_is_named() {
    let service = Service::start().await;
    let mut trial = Trial::new(&service).await;
    let mut tried = 0;
    for operation in operations(&service) {
        let call = Call::of(&operation, &trial.world);
        // the pipeline reads the business's id, which names a business or none
        let ids = operation.parameters().filter(|p| p["in"] == "path" && p["schema"]["format"] == "uuid");
        for name in ids.filter_map(|p| p["name"].as_str()).filter(|name| *name != "tenant_id") {
            tried += 1;
            let value = |other: &str| if other == name { "none".into() } else { trial.world.value_of(other) };
            let path = trial.world.path_with(&operation, value);
            let query = call.path.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
            let wrong = Call { path: path.split('?').next().unwrap().to_owned() + &query, ..call.clone() };
            let problem = trial.send(&operation, wrong, 400).await.json();
            let error = &problem["errors"][0];
            if error["pointer"] != format!("path/{name}") || error["detail"] != "This is not a UUID." {
                trial.verdicts.wrong(&operation, format!("the path's {name} is not named: {problem}"));
            }
        }
    }
    assert!(tried > 15, "only {tried} parameters are ids");
    trial.verdicts.done();
}

#[tokio::test]
async fn a_method_that_an_address_does_not_take_is_told_which_it_does() {
    let service = Service::start().await;
    let mut trial = Trial::new(&service).await;
    let mut addresses: BTreeMap<String, Vec<Operation>> = BTreeMap::new();
    for operation in operations(&service) {
        addresses.entry(operation.path.clone()).or_default().push(operation);
    }
    for taken in addresses.values() {
        let operation = &taken[0];
        let path = trial.world.path(operation);
        let other = [Method::PATCH, Method::DELETE, Method::PUT, Method::POST, Method::GET];
        let other = other.into_iter().find(|method| taken.iter().all(|operation| operation.method != method));
        let Some(method) = other else { continue };
        let call = Call { method, path, kind: "application/json", body: None, key: None };
        let answer = trial.send(operation, call, 405).await;
        let mut allowed: Vec<&str> = answer.header("allow").split(", ").collect();
        allowed.retain(|method| *method != "HEAD" && *method != "OPTIONS");
        allowed.sort_unstable();
        let mut expected: Vec<&str> = taken.iter().map(|operation| operation.method.as_str()).collect();
        expected.sort_unstable();
        if allowed != expected {
            trial.verdicts.wrong(operation, format!("Allow says {allowed:?}, the document {expected:?}"));
        }
    }
    trial.verdicts.done();
}
