//! One call of the API from its head to its answer: who calls, on which account, under which key, and what goes wrong
//! with it.

use std::time::{Duration, Instant};

use secrecy::ExposeSecret;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use stripe_client_core::VERSION;

use super::ctx::Ctx;
use super::fault::Fault;
use super::form::{self, Form};
use super::knobs::{FaultRule, Seen, Trouble};
use super::objects::accounts;
use super::{Sandbox, State, routes};

/// Saved answers are kept so long.
const KEPT: i64 = 24 * 3600;

/// A call as it came.
pub(super) struct Call {
    pub method: String,
    /// Behind `/v1/`.
    pub path: String,
    pub query: String,
    pub body: String,
    pub authorization: String,
    pub key: Option<String>,
    pub account: Option<String>,
    pub version: Option<String>,
}

/// An answer, or none.
pub(super) struct Answer {
    pub request: String,
    pub status: u16,
    pub body: Value,
    pub replayed: bool,
    /// The connection ends without it.
    pub dropped: bool,
}

impl Sandbox {
    pub(super) async fn answer(&self, call: Call) -> Answer {
        self.pass();
        let (number, request) = {
            let mut state = self.state();
            let request = format!("req_{:014}", state.store.number());
            (state.knobs.note(seen(&call)), request)
        };
        let mut answer = match self.enter(&call) {
            Err(fault) => refusal(&request, &fault),
            Ok(strike) => self.struck(&call, &request, strike).await,
        };
        answer.request = request;
        let status = if answer.dropped { 0 } else { answer.status };
        self.turn(|knobs| knobs.answered(number, status, answer.replayed));
        answer
    }

    /// Key, version and limit; then what goes wrong.
    fn enter(&self, call: &Call) -> Result<Option<FaultRule>, Fault> {
        let given = call.authorization.strip_prefix("Bearer ").unwrap_or_default();
        let known = match &self.options.key {
            Some(key) => {
                use subtle::ConstantTimeEq;
                bool::from(given.as_bytes().ct_eq(key.expose_secret().as_bytes()))
            }
            None => ["sk_", "rk_"].iter().any(|start| given.starts_with(start)),
        };
        if !known {
            return Err(Fault::no_key());
        }
        if let Some(version) = call.version.as_deref().filter(|version| *version != VERSION.as_str()) {
            return Err(Fault::invalid("", format!("Invalid Stripe API version: {version}")));
        }
        let mut state = self.state();
        if !state.limiter.take(call.account.as_deref().unwrap_or_default(), Instant::now()) {
            return Err(Fault::too_many("rate_limit"));
        }
        Ok(state.knobs.strike(&format!("{} /v1/{}", call.method, call.path)))
    }

    /// Runs a call as it goes wrong, or well.
    async fn struck(&self, call: &Call, request: &str, strike: Option<FaultRule>) -> Answer {
        match strike.as_ref().map(|rule| rule.trouble) {
            Some(Trouble::ErrorBefore) => refusal(request, &Fault::ours()),
            Some(Trouble::TooMany) => refusal(request, &Fault::too_many("rate_limit")),
            Some(Trouble::LockTimeout) => refusal(request, &Fault::too_many("lock_timeout")),
            Some(Trouble::InUse) => refusal(request, &Fault::key_in_use(call.key.as_deref().unwrap_or_default())),
            Some(Trouble::DropBefore) => Answer { dropped: true, ..refusal(request, &Fault::ours()) },
            Some(Trouble::DropAfter) => Answer { dropped: true, ..self.keyed(call, request, false, None).await },
            Some(Trouble::ErrorAfter) => self.keyed(call, request, true, None).await,
            Some(Trouble::Slow) => {
                let pause = strike.map_or(Duration::ZERO, |rule| Duration::from_millis(rule.milliseconds));
                self.keyed(call, request, false, Some(pause)).await
            }
            None => self.keyed(call, request, false, None).await,
        }
    }

    /// Under its key: a first call runs, a second one gets the first one's answer.
    async fn keyed(&self, call: &Call, request: &str, fails: bool, pause: Option<Duration>) -> Answer {
        let account = call.account.clone().unwrap_or_default();
        let key = call.key.clone().filter(|_| call.method != "GET");
        if let Some(key) = &key {
            if key.is_empty() || key.len() > 255 {
                return refusal(request, &Fault::invalid("", "Idempotency keys must be 1 to 255 characters long."));
            }
            let slot = (account.clone(), key.clone());
            let mut state = self.state();
            if let Some(answer) = self.saved(&state, call, &account, key) {
                return answer;
            }
            if !state.running.insert(slot) {
                return refusal(request, &Fault::key_in_use(key));
            }
        }
        let running = key.clone().map(|key| Running { sandbox: self, slot: (account.clone(), key) });
        if let Some(pause) = pause {
            tokio::time::sleep(pause).await;
        }
        let answer = self.execute(call, request, &account, key.as_deref(), fails);
        drop(running);
        answer
    }

    fn saved(&self, state: &State, call: &Call, account: &str, key: &str) -> Option<Answer> {
        let saved = state.store.get(account, &format!("_key_{key}"))?;
        if saved["at"].as_i64()? + KEPT <= self.clock.now().timestamp() {
            return None;
        }
        if saved["print"] != print(call) {
            return Some(refusal("", &Fault::key_reused(key)));
        }
        let status = saved["status"].as_u64().and_then(|status| u16::try_from(status).ok())?;
        Some(Answer { request: String::new(), status, body: saved["body"].clone(), replayed: true, dropped: false })
    }

    /// Runs it and saves its answer, both or neither.
    fn execute(&self, call: &Call, request: &str, account: &str, key: Option<&str>, fails: bool) -> Answer {
        let now = self.clock.now().timestamp();
        let mut state = self.state();
        let encoded = if call.method == "GET" { &call.query } else { &call.body };
        let mut ctx = Ctx {
            store: &mut state.store,
            account: account.to_owned(),
            now,
            form: Form::read(encoded),
            pages: &self.options.pages,
            request: (request.to_owned(), key.map(str::to_owned)),
        };
        let entered = if account.is_empty() { Ok(()) } else { accounts::enter(&mut ctx, account) };
        let outcome = entered.and_then(|()| routes::run(&mut ctx, &call.method, &call.path));
        let outcome = if fails { Err(Fault::ours()) } else { outcome };
        let (status, body) = match outcome {
            Ok(object) => (200, object),
            Err(fault) => (fault.status, fault.body()),
        };
        // a call that was refused before it began is not saved: with the same key it may be put right
        if let Some(key) = key
            && matches!(status, 200 | 402 | 500)
        {
            let saved = json!({"at": now, "print": print(call), "status": status, "body": body});
            state.store.put(account, &format!("_key_{key}"), saved);
        }
        state.commit();
        self.wake.notify_one();
        Answer { request: request.to_owned(), status, body, replayed: false, dropped: false }
    }
}

/// A key that is in use until the value is dropped, also when the caller goes away.
struct Running<'a> {
    sandbox: &'a Sandbox,
    slot: (String, String),
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.sandbox.state().running.remove(&self.slot);
    }
}

fn refusal(request: &str, fault: &Fault) -> Answer {
    let request = request.to_owned();
    Answer { request, status: fault.status, body: fault.body(), replayed: false, dropped: false }
}

/// What must be the same for the same key.
fn print(call: &Call) -> String {
    let pairs = form::pairs(&call.body);
    let text = json!([call.method, call.path, pairs]).to_string();
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn seen(call: &Call) -> Seen {
    Seen {
        method: call.method.clone(),
        path: format!("/v1/{}", call.path),
        query: call.query.clone(),
        body: call.body.clone(),
        key: call.key.clone(),
        account: call.account.clone(),
        version: call.version.clone(),
        status: None,
        replayed: false,
    }
}
