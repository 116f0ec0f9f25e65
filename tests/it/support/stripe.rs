//! The provider as the tests have it: a sandbox of each service's own, on a port of its own, with the test's clock.
//!
//! Every `Service` has one as `service.stripe`, and calls it as it calls Stripe (`TITHI_STRIPE_URL`). What to know:
//!
//! - **Accounts.** `service.stripe.account()` is a new connected account that may charge (any id that begins
//!   `acct_sandbox_` is). Write it to `tenant_billing.stripe_account_id`.
//! - **Cards.** Test ids as payment methods, no numbers: `pm_card_visa` works, `pm_card_chargeDeclined`,
//!   `pm_card_chargeDeclinedInsufficientFunds`, `pm_card_authenticationRequired` (3-D Secure; off session 402),
//!   `pm_usBankAccount_success` and `pm_usBankAccount_insufficientFunds` (processing, until `settle()`).
//! - **Webhooks wait** until `deliver().await` sends them all to `/api/v1/webhooks/stripe`, one after the other, in
//!   their order; it answers how many were taken. One that was refused is due again 2 s later by the test's clock.
//!   `knobs(|k| k.webhooks.copies = 3)` doubles, `.shuffled` mixes, `.forged` adds copies with wrong signatures,
//!   `.second_secret` signs with two, `.never` drops (`undelivered_events` lists them).
//! - **Trouble.** `trouble(FaultRule::every(Trouble::DropAfter).share(0.3).of("POST /v1/refunds"))`; `calm()` ends it.
//! - **The payer.** `pay(account, session, card)` does what the button on the payment page does; `answer(account,
//!   intent, true)` confirms what 3-D Secure asks.
//! - **What it saw and has.** `calls()`, `calls_of("POST /v1/payment_intents")`, `objects(account, "ch_")`,
//!   `taken(account)` (what was captured and not refunded, in minor units).
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::Value;
use tithi::kernel::clock::Clock;
use tithi::lifecycle::{self, Stopper};
use tithi::ports::payments::sandbox::{Delivered, FaultRule, Knobs, Options, Sandbox, Seen, Server};
use tithi::ports::payments::stripe;
use tithi::server;
use tokio::net::TcpListener;

/// The key that the tests' services call it with.
pub const KEY: &str = "sk_test_of_the_tests";
/// Signs the webhooks.
pub const SECRET: &str = "whsec_of_the_tests";

/// A running sandbox. It stops when it is dropped.
pub struct Stripe {
    pub sandbox: Arc<Sandbox>,
    pub address: SocketAddr,
    stopper: Stopper,
}

impl Stripe {
    /// A new one, empty, without a limit of calls a second.
    pub async fn start(clock: Clock) -> Self {
        Self::with(clock, |options| options).await
    }

    /// A new one, set up otherwise.
    pub async fn with(clock: Clock, change: impl FnOnce(Options) -> Options) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let options = Options {
            key: None,
            pages: format!("http://{address}"),
            calls_per_second: None,
            local_only: true,
            journal: None,
        };
        let sandbox = Arc::new(Sandbox::new(change(options), clock).unwrap());
        sandbox.load().unwrap();
        let (stopper, shutdown) = lifecycle::channel();
        let endpoint = Arc::new(Server(Arc::clone(&sandbox)));
        tokio::spawn(server::listen::serve(listener, endpoint, 1_000, Duration::from_secs(1), shutdown));
        Self { sandbox, address, stopper }
    }

    /// What `TITHI_STRIPE_URL` is.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The port that the service has, for tests without a service.
    pub fn port(&self) -> stripe::Stripe {
        let key = SecretString::from(KEY);
        stripe::Stripe::new(self.url(), &key, Duration::from_secs(5)).unwrap()
    }

    /// A new connected account that may charge.
    pub fn account(&self) -> String {
        format!("acct_sandbox_{:016x}", rand::random::<u64>())
    }

    pub fn knobs<T>(&self, how: impl FnOnce(&mut Knobs) -> T) -> T {
        self.sandbox.turn(how)
    }

    /// Calls go wrong from now on, by this rule too.
    pub fn trouble(&self, rule: FaultRule) {
        self.knobs(|knobs| knobs.faults.push(rule));
    }

    /// Calls go well again.
    pub fn calm(&self) {
        self.knobs(|knobs| knobs.faults.clear());
    }

    /// Lets time pass at the provider, then sends every webhook that is due.
    pub async fn deliver(&self) -> Delivered {
        self.sandbox.pass();
        self.sandbox.deliver(true).await
    }

    /// The banks answer now. Answers how many did.
    pub fn settle(&self) -> usize {
        self.sandbox.settle()
    }

    /// Somebody presses the button of the payment page.
    pub fn pay(&self, account: &str, session: &str, card: &str) -> Result<Value, String> {
        self.sandbox.pay(account, session, card)
    }

    /// Somebody answers their bank: yes or no.
    pub fn answer(&self, account: &str, intent: &str, confirmed: bool) -> Result<Value, String> {
        self.sandbox.authenticate(account, intent, confirmed)
    }

    pub fn calls(&self) -> Vec<Seen> {
        self.knobs(|knobs| knobs.seen())
    }

    /// Calls whose `METHOD /path` holds this.
    pub fn calls_of(&self, what: &str) -> Vec<Seen> {
        self.calls().into_iter().filter(|call| format!("{} {}", call.method, call.path).contains(what)).collect()
    }

    /// Objects of an account whose ids begin so, the newest first.
    pub fn objects(&self, account: &str, prefix: &str) -> Vec<Value> {
        self.sandbox.objects(account, prefix)
    }

    /// Charges of an account that went through.
    pub fn charges(&self, account: &str) -> Vec<Value> {
        self.objects(account, "ch_").into_iter().filter(|charge| charge["status"] == "succeeded").collect()
    }

    /// What an account has taken and not given back, in minor units.
    pub fn taken(&self, account: &str) -> i64 {
        let refunds = self.objects(account, "re_").into_iter().filter(|refund| refund["status"] != "failed");
        let back: i64 = refunds.map(|refund| refund["amount"].as_i64().unwrap()).sum();
        let captured = |charge: &Value| charge["amount_captured"].as_i64().unwrap();
        self.charges(account).iter().map(captured).sum::<i64>() - back
    }
}

impl Drop for Stripe {
    fn drop(&mut self) {
        self.stopper.hard();
    }
}
