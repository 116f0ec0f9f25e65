//! A sandbox in Stripe's shape: its calls, its errors, its idempotency, its signed webhooks and its payment page, over
//! HTTP, so that everything walks the same path with it as with Stripe. No money moves, and every object says so
//! (`livemode` is false).
//!
//! It runs inside the service when there is no Stripe key, alone as `tithi sandbox`, and inside the tests, which turn its
//! knobs. What it does not prove is what the real one does: see the README.
//!
//! What must stay true: an object of one account is nowhere to be found on another; a key that was used brings back its
//! first answer; what was answered survives a kill, where there is a journal.

mod calls;
mod cards;
mod control;
mod ctx;
mod events;
mod fault;
mod form;
mod http;
mod journal;
mod knobs;
mod limiter;
mod objects;
mod routes;
mod store;
mod tick;
mod webhooks;

use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

pub use http::Server;
pub use knobs::{FaultRule, Knobs, Seen, Trouble, WebhookKnobs};
pub use webhooks::{Delivered, signature};

use super::wire::Wire;
use crate::kernel::clock::Clock;
use ctx::Ctx;
use form::Form;
use limiter::Limiter;
use store::Store;

/// Below this its calls and pages lie in the service.
pub const PREFIX: &str = "/sandbox/stripe";
/// The pump looks so often at least.
const LOOK: Duration = Duration::from_millis(200);

/// How a sandbox is set up.
#[derive(Clone, Debug)]
pub struct Options {
    /// The key that callers must have; none takes any that begins with `sk_` or `rk_`.
    pub key: Option<SecretString>,
    /// Where people find its pages, without a slash at the end.
    pub pages: String,
    /// Calls a second of each account.
    pub calls_per_second: Option<u32>,
    /// The API answers callers of this machine only.
    pub local_only: bool,
    /// What is remembered beyond this process.
    pub journal: Option<PathBuf>,
}

/// The sandbox.
pub struct Sandbox {
    options: Options,
    clock: Clock,
    wire: Wire,
    state: Mutex<State>,
    wake: tokio::sync::Notify,
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("options", &self.options).finish_non_exhaustive()
    }
}

struct State {
    store: Store,
    knobs: Knobs,
    limiter: Limiter,
    /// Keys whose first call still runs.
    running: HashSet<(String, String)>,
}

impl State {
    /// A journal that cannot be written is told once a call: the demo goes on without it.
    fn commit(&mut self) {
        if let Err(error) = self.store.commit() {
            tracing::warn!(%error, "the sandbox's journal");
        }
    }
}

impl Sandbox {
    /// An empty one; nothing is read yet.
    ///
    /// # Errors
    /// When TLS cannot be set up, which would be a defect of the build.
    pub fn new(options: Options, clock: Clock) -> Result<Self, String> {
        let state = State {
            store: Store::default(),
            knobs: Knobs::default(),
            limiter: Limiter::new(options.calls_per_second),
            running: HashSet::new(),
        };
        Ok(Self {
            options,
            clock,
            wire: Wire::new().map_err(|error| error.to_string())?,
            state: Mutex::new(state),
            wake: tokio::sync::Notify::new(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what an earlier process has written, and goes on writing there.
    ///
    /// # Errors
    /// When the journal cannot be read or written, or another process has it.
    pub fn load(&self) -> std::io::Result<()> {
        let Some(path) = &self.options.journal else { return Ok(()) };
        self.state().store.attach(journal::Journal::open(Path::new(path))?)
    }

    /// Where its journal is.
    #[must_use]
    pub fn journal(&self) -> Option<&Path> {
        self.options.journal.as_deref()
    }

    /// Turns knobs.
    pub fn turn<T>(&self, how: impl FnOnce(&mut Knobs) -> T) -> T {
        let done = how(&mut self.state().knobs);
        self.wake.notify_one();
        done
    }

    /// So many calls a second of each account from now on; none is without limit.
    pub fn limit(&self, calls_per_second: Option<u32>) {
        self.state().limiter.set(calls_per_second);
    }

    /// Tells everything to one endpoint, of the platform and of all accounts. `host` is the name that it answers to.
    pub fn tell(&self, url: &str, host: Option<&str>, secret: &SecretString) {
        let mut endpoint = objects::endpoints::object(self.clock.now().timestamp(), "we_own", url, &["*".to_owned()]);
        endpoint["_secret"] = json!(secret.expose_secret());
        endpoint["_both"] = json!(true);
        endpoint["_host"] = json!(host);
        let mut state = self.state();
        state.store.put("", "we_own", endpoint);
        state.commit();
    }

    /// All objects of an account whose ids begin so, the newest first; nothing is the platform's own. For tests and
    /// audits: callers of the API see less.
    #[must_use]
    pub fn objects(&self, account: &str, prefix: &str) -> Vec<Value> {
        self.state().store.list(account, prefix).into_iter().cloned().collect()
    }

    /// Does something on an account outside of any call, as the page does when somebody presses a button.
    fn act<T>(&self, account: &str, act: impl FnOnce(&mut Ctx<'_>) -> T) -> T {
        let now = self.clock.now().timestamp();
        let mut state = self.state();
        let request = (format!("req_page{}", state.store.number()), None);
        let mut ctx = Ctx {
            store: &mut state.store,
            account: account.to_owned(),
            now,
            form: Form::default(),
            pages: &self.options.pages,
            request,
        };
        let done = act(&mut ctx);
        state.commit();
        self.wake.notify_one();
        done
    }

    /// Somebody presses the button of the payment page, with a test card. The answer is the session.
    ///
    /// # Errors
    /// What the page would say.
    pub fn pay(&self, account: &str, session: &str, card: &str) -> Result<Value, String> {
        let done = self.act(account, |ctx| objects::checkouts::pay(ctx, session, card));
        done.map(|session| ctx::shown(&session)).map_err(|fault| fault.message())
    }

    /// Somebody answers their bank, which asked whether it is they who pay. The answer is the intent.
    ///
    /// # Errors
    /// When there is nothing to answer.
    pub fn authenticate(&self, account: &str, intent: &str, confirmed: bool) -> Result<Value, String> {
        let done = self.act(account, |ctx| objects::paying::authenticated(ctx, intent, confirmed));
        done.map(|intent| ctx::shown(&intent)).map_err(|fault| fault.message())
    }

    /// A bank sends a refund back.
    ///
    /// # Errors
    /// When there is no such refund.
    pub fn fail_refund(&self, account: &str, refund: &str) -> Result<Value, String> {
        self.act(account, |ctx| objects::refunds::fail(ctx, refund)).map_err(|fault| fault.message())
    }

    /// A payer's bank takes a charge back.
    ///
    /// # Errors
    /// When there is no such charge.
    pub fn dispute(&self, account: &str, charge: &str) -> Result<Value, String> {
        self.act(account, |ctx| objects::disputes::open(ctx, charge)).map_err(|fault| fault.message())
    }

    /// The owner of an account has answered the provider's questions.
    ///
    /// # Errors
    /// When there is no such account.
    pub fn enable(&self, account: &str) -> Result<Value, String> {
        self.act("", |ctx| objects::accounts::enable(ctx, account)).map_err(|fault| fault.message())
    }

    /// The provider lets an account charge no more.
    ///
    /// # Errors
    /// When there is no such account.
    pub fn disable(&self, account: &str) -> Result<Value, String> {
        self.act("", |ctx| objects::accounts::disable(ctx, account)).map_err(|fault| fault.message())
    }

    /// Sends webhooks and lets time pass, for as long as it is polled.
    pub async fn run(&self) {
        loop {
            self.pass();
            self.deliver(false).await;
            let _ = tokio::time::timeout(LOOK, self.wake.notified()).await;
        }
    }
}
