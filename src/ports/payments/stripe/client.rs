//! One call of Stripe: its head, its body, its attempts. The request builders' own trait is implemented here, because
//! their client hides the headers that say whether to try again, has no time limit and opens a connection for each call.
//!
//! What must stay true: all attempts of a call send the same key and the same bytes; the version is the one that the
//! builders were made for; the key of the platform appears in no log.

use std::fmt::Display;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use hyper::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use stripe_client_core::{
    CustomizedStripeRequest, RequestBuilder, RequestStrategy, StripeClient, StripeClientErr, StripeMethod, VERSION,
};

use super::attempts::{self, Ended};
use crate::ports::payments::wire::{Lost, Reply, Wire};

/// Speaks to Stripe, or to whoever answers in its place.
#[derive(Debug)]
pub(super) struct Client {
    wire: Wire,
    base: String,
    authorization: HeaderValue,
    timeout: Duration,
}

/// What came instead of an object.
#[derive(Debug)]
pub(super) enum Failure {
    /// An answer with an error in it.
    Refused { status: u16, body: Bytes },
    /// None, or one that tells nothing; the call may have had its effect.
    Lost(String),
}

impl StripeClientErr for Failure {
    fn deserialize_err(message: impl Display) -> Self {
        Self::Lost(format!("the answer cannot be read: {message}"))
    }
}

impl Client {
    pub(super) fn new(wire: Wire, base: String, key: &SecretString, timeout: Duration) -> Result<Self, String> {
        let mut authorization = HeaderValue::try_from(format!("Bearer {}", key.expose_secret()))
            .map_err(|_| "the key holds characters that no header can carry".to_owned())?;
        authorization.set_sensitive(true);
        Ok(Self { wire, base, authorization, timeout })
    }

    async fn once(&self, call: &Prepared, limit: Duration) -> Result<Reply, Lost> {
        let mut request = Request::builder()
            .method(call.method)
            .uri(&call.uri)
            .header("authorization", &self.authorization)
            .header("stripe-version", VERSION.as_str())
            .header("user-agent", concat!("tithi/", env!("CARGO_PKG_VERSION")));
        if let Some(account) = &call.account {
            request = request.header("stripe-account", account);
        }
        if let Some(key) = &call.key {
            request = request.header("idempotency-key", key);
        }
        if call.body.is_some() {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        let body = Full::new(call.body.clone().unwrap_or_default());
        let request = request.body(body).map_err(|error| Lost(error.to_string()))?;
        self.wire.send(request, limit).await
    }
}

/// A call as every attempt sends it.
struct Prepared {
    operation: String,
    method: &'static str,
    uri: String,
    account: Option<String>,
    key: Option<String>,
    body: Option<Bytes>,
}

impl Prepared {
    fn new(base: &str, request: CustomizedStripeRequest) -> Self {
        let (request, config) = request.into_pieces();
        let RequestBuilder { query, body, path, method } = request;
        let method = match method {
            StripeMethod::Get => "GET",
            StripeMethod::Post => "POST",
            StripeMethod::Delete => "DELETE",
        };
        let key = match config.request_strategy {
            Some(RequestStrategy::Idempotent(key)) => Some(key.as_str().to_owned()),
            _ => None,
        };
        let query = query.filter(|query| !query.is_empty()).map_or(String::new(), |query| format!("?{query}"));
        Self {
            operation: operation(method, &path),
            uri: format!("{base}v1{path}{query}"),
            method,
            account: config.account_id.map(|account| account.as_str().to_owned()),
            key,
            body: body.map(|body| Bytes::from(ordered(&body))),
        }
    }
}

/// The builders keep metadata in no order: the same call would be other bytes each time.
fn ordered(body: &str) -> String {
    let mut pairs: Vec<&str> = body.split('&').filter(|pair| !pair.is_empty()).collect();
    pairs.sort_unstable();
    pairs.join("&")
}

/// What metrics call it: the path without ids, of which there is no end.
fn operation(method: &str, path: &str) -> String {
    let known = |part: &&str| !part.contains('_') || part.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let shown = |part| if known(&part) { part } else { "{id}" };
    let path: Vec<&str> = path.split('/').map(shown).collect();
    format!("{method} {}", path.join("/"))
}

impl StripeClient for Client {
    type Err = Failure;

    async fn execute(&self, request: CustomizedStripeRequest) -> Result<Bytes, Failure> {
        let call = Prepared::new(&self.base, request);
        let ends = Instant::now() + attempts::WHOLE;
        let mut attempt = 1;
        loop {
            let begun = Instant::now();
            let limit = self.timeout.min(ends.saturating_duration_since(begun));
            let outcome = self.once(&call, limit).await;
            let ended = ended(&outcome);
            note(&call, &outcome, begun.elapsed(), attempt);
            let pause = attempts::pause(attempt, ended, rand::random());
            match pause.filter(|pause| Instant::now() + *pause < ends) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return finish(outcome),
            }
            attempt += 1;
        }
    }
}

fn ended(outcome: &Result<Reply, Lost>) -> Ended {
    let Ok(reply) = outcome else { return Ended::default() };
    Ended {
        status: Some(reply.status.as_u16()),
        should_retry: reply.header("stripe-should-retry").and_then(|said| said.parse().ok()),
        after: reply.header("retry-after").and_then(|said| said.parse().ok()).map(Duration::from_secs),
    }
}

fn finish(outcome: Result<Reply, Lost>) -> Result<Bytes, Failure> {
    match outcome {
        Ok(reply) if reply.status.is_success() => Ok(reply.body),
        Ok(reply) => Err(Failure::Refused { status: reply.status.as_u16(), body: reply.body }),
        Err(Lost(why)) => Err(Failure::Lost(why)),
    }
}

fn note(call: &Prepared, outcome: &Result<Reply, Lost>, took: Duration, attempt: u32) {
    let status = outcome.as_ref().map_or_else(|_| "none".to_owned(), |reply| reply.status.as_u16().to_string());
    let labels = [("operation", call.operation.clone()), ("status", status.clone())];
    metrics::counter!("payment_provider_calls_total", &labels).increment(1);
    metrics::histogram!("payment_provider_call_seconds", "operation" => call.operation.clone())
        .record(took.as_secs_f64());
    if attempt > 1 {
        metrics::counter!("payment_provider_retries_total", "operation" => call.operation.clone()).increment(1);
    }
    let request = outcome.as_ref().ok().and_then(|reply| reply.header("request-id")).unwrap_or("-");
    let (operation, key, account) = (&call.operation, call.key.as_deref(), call.account.as_deref());
    let took = took.as_secs_f64() * 1000.0;
    match outcome {
        Ok(reply) if reply.status.is_success() => {
            tracing::debug!(operation, status, key, account, request, attempt, took, "provider");
        }
        Ok(_) => tracing::info!(operation, status, key, account, request, attempt, took, "provider refused"),
        Err(Lost(why)) => tracing::warn!(operation, key, account, attempt, took, why, "provider lost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_call_is_the_same_bytes() {
        assert_eq!(ordered("b=2&metadata[z]=1&a=1&metadata[a]=2"), "a=1&b=2&metadata[a]=2&metadata[z]=1");
    }

    #[test]
    fn ids_are_left_out_of_the_names_of_operations() {
        assert_eq!(operation("POST", "/payment_intents/pi_3Nabc/confirm"), "POST /payment_intents/{id}/confirm");
        assert_eq!(operation("POST", "/billing_portal/sessions"), "POST /billing_portal/sessions");
        assert_eq!(operation("GET", "/accounts/acct_sandbox_0190ab"), "GET /accounts/{id}");
    }
}
