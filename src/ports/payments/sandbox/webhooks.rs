//! Webhooks: signed as Stripe signs them, sent to each endpoint, again later when it was not taken.

use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use hmac::{Hmac, KeyInit, Mac};
use http_body_util::Full;
use hyper::Request;
use serde_json::{Value, json};
use sha2::Sha256;

use super::Sandbox;
use super::ctx::{shown, text_of};
use super::store::DUE;
use crate::ports::payments::wire::Wire;

/// Seconds until the next attempt; after the last there is none.
const PAUSES: &[i64] = &[2, 10, 60, 600, 3600, 6 * 3600];
/// So long an endpoint may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// `t=..,v1=..`: HMAC-SHA256 of `t.body` under each secret.
#[must_use]
pub fn signature(secrets: &[&str], at: i64, body: &[u8]) -> String {
    let mut header = format!("t={at}");
    for secret in secrets {
        header.push_str(",v1=");
        header.push_str(&digest(secret, at, body));
    }
    header
}

fn digest(secret: &str, at: i64, body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(at.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One attempt.
struct Attempt {
    /// None: a forged copy, whose fate nobody notes.
    delivery: Option<String>,
    url: String,
    host: Option<String>,
    signature: String,
    body: Bytes,
}

/// How many were taken, and how many were not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    pub taken: usize,
    pub refused: usize,
}

impl Sandbox {
    /// Sends what is due. `all` takes what is held as well.
    pub async fn deliver(&self, all: bool) -> Delivered {
        let (attempts, parallel) = self.take_due(all);
        let wire = self.wire.clone();
        let outcomes = futures_util::stream::iter(attempts).map(|attempt| {
            let wire = wire.clone();
            async move {
                let taken = send(&wire, &attempt).await;
                (attempt.delivery, taken)
            }
        });
        let outcomes: Vec<_> = outcomes.buffered(parallel.max(1)).collect().await;
        let mut count = Delivered::default();
        for (delivery, taken) in outcomes {
            let Some(delivery) = delivery else { continue };
            if taken {
                count.taken += 1;
            } else {
                count.refused += 1;
            }
            self.note_delivery(&delivery, taken);
        }
        count
    }

    /// Takes the deliveries whose time has come, and makes attempts of them.
    fn take_due(&self, all: bool) -> (Vec<Attempt>, usize) {
        let now = self.clock.now().timestamp();
        let mut state = self.state();
        let knobs = state.knobs.webhooks.clone();
        if knobs.never || (knobs.held && !all) {
            return (Vec::new(), 1);
        }
        let due = state.store.due(now - if all { 0 } else { knobs.delay });
        let mut attempts = Vec::new();
        for (account, id) in due.into_iter().filter(|(_, id)| id.starts_with("_dlv_")) {
            let Some(delivery) = state.store.get(&account, &id).cloned() else { continue };
            let event = state.store.get(&account, &text_of(&delivery, "event")).map(shown);
            let endpoint = state.store.get("", &text_of(&delivery, "endpoint")).cloned();
            let (Some(event), Some(endpoint)) = (event, endpoint) else { continue };
            let mut running = delivery;
            // out of the queue while it runs; a process that ends meanwhile finds it again after a minute
            running[DUE] = json!(now + 60);
            state.store.put(&account, &id, running);
            let body = Bytes::from(event.to_string());
            let attempt = |delivery: Option<String>, signature: String| Attempt {
                delivery,
                url: text_of(&endpoint, "url"),
                host: endpoint["_host"].as_str().map(str::to_owned),
                signature,
                body: body.clone(),
            };
            if knobs.forged > 0.0 && state.knobs.chance() < knobs.forged {
                attempts.push(attempt(None, signature(&["whsec_not_the_one"], now, &body)));
            }
            let secret = text_of(&endpoint, "_secret");
            let secrets: Vec<&str> = knobs.second_secret.as_deref().into_iter().chain([secret.as_str()]).collect();
            for _ in 0..knobs.copies.max(1) {
                attempts.push(attempt(Some(format!("{account}/{id}")), signature(&secrets, now, &body)));
            }
        }
        if knobs.shuffled {
            for at in (1..attempts.len()).rev() {
                let other = state.knobs.below(at + 1);
                attempts.swap(at, other);
            }
        }
        state.commit();
        (attempts, knobs.parallel)
    }

    /// One attempt is over. Of several copies the last one counts, and one that was taken is taken.
    fn note_delivery(&self, delivery: &str, taken: bool) {
        let Some((account, id)) = delivery.split_once('/') else { return };
        let now = self.clock.now().timestamp();
        let mut state = self.state();
        let Some(mut record) = state.store.get(account, id).cloned() else { return };
        if record["delivered"] == true {
            return;
        }
        let attempts = record["attempts"].as_u64().unwrap_or_default();
        record["attempts"] = json!(attempts + 1);
        if taken {
            record["delivered"] = json!(true);
            record[DUE] = Value::Null;
        } else {
            let pause = usize::try_from(attempts).ok().and_then(|at| PAUSES.get(at));
            record[DUE] = pause.map_or(Value::Null, |pause| json!(now + pause));
        }
        state.store.put(account, id, record.clone());
        let event = text_of(&record, "event");
        if let Some(mut event) = state.store.get(account, &event).cloned().filter(|_| taken) {
            let open = event["pending_webhooks"].as_u64().unwrap_or_default().saturating_sub(1);
            event["pending_webhooks"] = json!(open);
            event["_delivered"] = json!(open == 0);
            let id = text_of(&event, "id");
            state.store.put(account, &id, event);
        }
        state.commit();
    }
}

async fn send(wire: &Wire, attempt: &Attempt) -> bool {
    let mut request = Request::post(&attempt.url)
        .header("content-type", "application/json; charset=utf-8")
        .header("user-agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
        .header("stripe-signature", &attempt.signature);
    if let Some(host) = &attempt.host {
        request = request.header("host", host);
    }
    let Ok(request) = request.body(Full::new(attempt.body.clone())) else { return false };
    match wire.send(request, PATIENCE).await {
        Ok(reply) if reply.status.is_success() => true,
        Ok(reply) => {
            tracing::debug!(status = reply.status.as_u16(), url = attempt.url, "webhook not taken");
            false
        }
        Err(lost) => {
            tracing::debug!(why = lost.0, url = attempt.url, "webhook not delivered");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_secrets_sign_while_one_replaces_the_other() {
        let header = signature(&["whsec_new", "whsec_old"], 1_614_265_330, b"{}");
        let parts: Vec<_> = header.split(',').collect();
        assert_eq!(parts[0], "t=1614265330");
        assert_eq!(parts.len(), 3);
        assert!(parts[1..].iter().all(|part| part.starts_with("v1=") && part.len() == 3 + 64));
        assert_eq!(parts[2], signature(&["whsec_old"], 1_614_265_330, b"{}").split(',').nth(1).unwrap());
    }
}
