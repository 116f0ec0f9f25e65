//! What can be made to go wrong, by count or by share, with a seed; and the log of the calls seen.

use std::collections::VecDeque;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};

/// So many calls are remembered.
const SEEN: usize = 100_000;

/// How a call goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// 500, and nothing was done.
    ErrorBefore,
    /// It was done; 500 is answered, and answered again to the same key.
    ErrorAfter,
    /// It was done; the connection ends without an answer.
    DropAfter,
    /// The connection ends and nothing was done.
    DropBefore,
    /// 429 `rate_limit`.
    TooMany,
    /// 429 `lock_timeout`.
    LockTimeout,
    /// 409 `idempotency_key_in_use`.
    InUse,
    /// It takes [`FaultRule::milliseconds`] first.
    Slow,
}

/// Which calls go wrong.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    pub trouble: Trouble,
    /// The share of the calls, 0 to 1.
    #[serde(default = "all")]
    pub share: f64,
    /// So many calls at most; none is without end.
    #[serde(default)]
    pub times: Option<u32>,
    /// So many calls go well first.
    #[serde(default)]
    pub skip: u32,
    /// Only calls whose `METHOD /path` holds this.
    #[serde(default)]
    pub of: String,
    /// Of [`Trouble::Slow`].
    #[serde(default)]
    pub milliseconds: u64,
}

fn all() -> f64 {
    1.0
}

impl FaultRule {
    /// Every call goes wrong so.
    #[must_use]
    pub fn every(trouble: Trouble) -> Self {
        Self { trouble, share: 1.0, times: None, skip: 0, of: String::new(), milliseconds: 0 }
    }

    /// So many calls at most.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    /// This share of the calls, 0 to 1.
    #[must_use]
    pub fn share(self, share: f64) -> Self {
        Self { share, ..self }
    }

    /// Only calls whose `METHOD /path` holds this, as `POST /v1/refunds`.
    #[must_use]
    pub fn of(self, of: &str) -> Self {
        Self { of: of.to_owned(), ..self }
    }
}

/// How webhooks go out.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookKnobs {
    /// Each is sent so many times.
    pub copies: u32,
    /// Those that go out together go in any order.
    pub shuffled: bool,
    /// They wait until they are released.
    pub held: bool,
    /// They are never sent; the events say so.
    pub never: bool,
    /// Seconds before the first attempt.
    pub delay: i64,
    /// Before each, a copy with a wrong signature, this share of them, 0 to 1.
    pub forged: f64,
    /// A second secret that signs too, first, as while a secret is rotated.
    pub second_secret: Option<String>,
    /// So many at a time.
    pub parallel: usize,
}

impl Default for WebhookKnobs {
    fn default() -> Self {
        Self {
            copies: 1,
            shuffled: false,
            held: false,
            never: false,
            delay: 0,
            forged: 0.0,
            second_secret: None,
            parallel: 1,
        }
    }
}

/// A call as it came.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Seen {
    pub method: String,
    /// With `/v1`, without the query.
    pub path: String,
    pub query: String,
    /// The body as it was sent.
    pub body: String,
    pub key: Option<String>,
    pub account: Option<String>,
    pub version: Option<String>,
    /// What was answered, 0 where the connection was dropped; none while it runs.
    pub status: Option<u16>,
    pub replayed: bool,
}

/// All of it.
#[derive(Debug)]
pub struct Knobs {
    pub faults: Vec<FaultRule>,
    pub webhooks: WebhookKnobs,
    seen: VecDeque<Seen>,
    forgotten: usize,
    chance: StdRng,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            faults: Vec::new(),
            webhooks: WebhookKnobs::default(),
            seen: VecDeque::new(),
            forgotten: 0,
            chance: StdRng::seed_from_u64(0),
        }
    }
}

impl Knobs {
    /// The same choices again from here.
    pub fn seed(&mut self, seed: u64) {
        self.chance = StdRng::seed_from_u64(seed);
    }

    /// A number in 0..1.
    pub(super) fn chance(&mut self) -> f64 {
        self.chance.random()
    }

    /// A number below.
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.chance.random_range(0..end.max(1))
    }

    /// What goes wrong with this call: the first rule that says so.
    pub(super) fn strike(&mut self, call: &str) -> Option<FaultRule> {
        for at in 0..self.faults.len() {
            let rule = &mut self.faults[at];
            if !call.contains(&rule.of) || rule.times == Some(0) {
                continue;
            }
            if rule.skip > 0 {
                rule.skip -= 1;
                continue;
            }
            let (share, found) = (rule.share, rule.clone());
            if share >= 1.0 || self.chance.random::<f64>() < share {
                let rule = &mut self.faults[at];
                rule.times = rule.times.map(|times| times - 1);
                return Some(found);
            }
        }
        None
    }

    /// Notes a call; the number is for [`Knobs::answered`].
    pub(super) fn note(&mut self, call: Seen) -> usize {
        if self.seen.len() == SEEN {
            self.seen.pop_front();
            self.forgotten += 1;
        }
        self.seen.push_back(call);
        self.forgotten + self.seen.len() - 1
    }

    pub(super) fn answered(&mut self, number: usize, status: u16, replayed: bool) {
        if let Some(call) = number.checked_sub(self.forgotten).and_then(|at| self.seen.get_mut(at)) {
            call.status = Some(status);
            call.replayed = replayed;
        }
    }

    /// The calls seen, the oldest first.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.iter().cloned().collect()
    }

    /// Forgets the calls.
    pub fn forget(&mut self) {
        self.forgotten += self.seen.len();
        self.seen.clear();
    }
}
