//! The knobs over HTTP, for sandboxes in another process. JSON in, JSON out; the same key as for the API.

use std::sync::Arc;

use bytes::Bytes;
use poem::http::StatusCode;
use poem::{Request, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use subtle::ConstantTimeEq;

use super::Sandbox;
use super::fault::{Fault, Outcome};
use super::knobs::{FaultRule, WebhookKnobs};
use super::objects::{accounts, disputes, paying, refunds};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Faults {
    #[serde(default)]
    seed: Option<u64>,
    rules: Vec<FaultRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listener {
    url: String,
    host: Option<String>,
    secret: SecretString,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Limit {
    calls_per_second: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Payer {
    confirmed: bool,
}

pub(super) async fn answer(sandbox: &Arc<Sandbox>, request: &Request, path: &str, body: Bytes) -> Response {
    let given = request.header("authorization").and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let known = match &sandbox.options.key {
        Some(key) => bool::from(given.as_bytes().ct_eq(key.expose_secret().as_bytes())),
        None => given.starts_with("sk_"),
    };
    let outcome =
        if known { turn(sandbox, request.method().as_str(), path, &body).await } else { Err(Fault::no_key()) };
    let (status, body) = match outcome {
        Ok(value) => (200, value),
        Err(fault) => (fault.status, fault.body()),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Response::builder().status(status).content_type("application/json").body(body.to_string())
}

fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Fault> {
    serde_json::from_slice(body).map_err(|error| Fault::invalid("", error.to_string()))
}

async fn turn(sandbox: &Sandbox, method: &str, path: &str, body: &Bytes) -> Outcome {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let own = |account: &str| if account == "platform" { String::new() } else { account.to_owned() };
    match (method, parts.as_slice()) {
        ("PUT", ["faults"]) => {
            let faults: Faults = read(body)?;
            sandbox.turn(|knobs| {
                if let Some(seed) = faults.seed {
                    knobs.seed(seed);
                }
                knobs.faults = faults.rules;
                Ok(json!({"rules": knobs.faults}))
            })
        }
        ("PUT", ["webhooks"]) => {
            let wanted: WebhookKnobs = read(body)?;
            sandbox.turn(|knobs| {
                knobs.webhooks = wanted;
                Ok(json!(knobs.webhooks))
            })
        }
        ("PUT", ["listener"]) => {
            let listener: Listener = read(body)?;
            sandbox.tell(&listener.url, listener.host.as_deref(), &listener.secret);
            Ok(json!({"url": listener.url}))
        }
        ("PUT", ["limit"]) => {
            let limit: Limit = read(body)?;
            sandbox.limit(limit.calls_per_second);
            Ok(json!({"calls_per_second": limit.calls_per_second}))
        }
        ("POST", ["deliver"]) => {
            let done = sandbox.deliver(true).await;
            Ok(json!({"taken": done.taken, "refused": done.refused}))
        }
        ("POST", ["settle"]) => Ok(json!({"settled": sandbox.settle()})),
        ("GET", ["calls"]) => Ok(json!({"calls": sandbox.turn(|knobs| knobs.seen())})),
        ("DELETE", ["calls"]) => {
            sandbox.turn(super::Knobs::forget);
            Ok(Value::Null)
        }
        ("GET", ["objects", account, prefix]) => Ok(json!({"data": sandbox.objects(&own(account), prefix)})),
        ("POST", ["intents", account, id, "answer"]) => {
            let payer: Payer = read(body)?;
            sandbox.act(&own(account), |ctx| paying::authenticated(ctx, id, payer.confirmed))
        }
        ("POST", ["refunds", account, id, "fail"]) => sandbox.act(&own(account), |ctx| refunds::fail(ctx, id)),
        ("POST", ["refunds", account, id, "arrive"]) => sandbox.act(&own(account), |ctx| refunds::arrive(ctx, id)),
        ("POST", ["charges", account, id, "dispute"]) => sandbox.act(&own(account), |ctx| disputes::open(ctx, id)),
        ("POST", ["accounts", id, "enable"]) => sandbox.act("", |ctx| accounts::enable(ctx, id)),
        ("POST", ["accounts", id, "disable"]) => sandbox.act("", |ctx| accounts::disable(ctx, id)),
        _ => Err(Fault::no_route(method, &format!("/control/{path}"))),
    }
}
