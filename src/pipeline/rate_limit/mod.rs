//! Step 3: rate limits, per tenant, caller and class. Redis decides, so that several instances count
//! together; when there is none, or it does not answer, governor decides in this process.
//!
//! What must stay true: a refused request opens no transaction; a failing Redis never fails a request.

mod headers;
mod local;
mod shared;

use std::net::IpAddr;

pub use headers::write as write_headers;
pub use local::Local;
pub use shared::Shared;

use super::auth::Verified;
use super::route::{Class, Route};
use crate::app::App;
use crate::config::{Allowance, LimitSettings};
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};

/// One bucket after a request took from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spent {
    /// Name of the class, which is the policy's name in the headers.
    pub policy: &'static str,
    pub allowance: Allowance,
    /// Requests left at this instant.
    pub remaining: u32,
    /// Seconds until the bucket is full again.
    pub reset: u32,
    /// Seconds to wait, when the request was refused.
    pub refused: Option<u32>,
}

/// The two counters behind one question.
pub struct Limiter {
    pub local: Local,
    pub shared: Option<Shared>,
}

impl Limiter {
    /// Takes one request out of a bucket. `key` names tenant and caller.
    pub async fn take(&self, policy: &'static str, key: &str, allowance: Allowance) -> Spent {
        let (remaining, reset, refused) = match &self.shared {
            Some(shared) if !shared.rests() => match shared.take(key, allowance).await {
                Ok(answer) => answer,
                Err(error) => {
                    tracing::warn!(%error, "redis did not answer: this process decides the rate limit alone");
                    self.alone(key, allowance)
                }
            },
            Some(_) => self.alone(key, allowance),
            None => self.local.take(key, allowance),
        };
        Spent { policy, allowance, remaining, reset, refused }
    }

    fn alone(&self, key: &str, allowance: Allowance) -> (u32, u32, Option<u32>) {
        metrics::counter!("rate_limit_fallback_total").increment(1);
        self.local.take(key, allowance)
    }
}

/// Takes the request out of its bucket. Whether the bucket was empty stands in the answer.
///
/// A person has one bucket, whatever tokens they hold; a token that does not hold is its address's.
pub async fn spend(
    app: &App,
    route: &Route<'_>,
    tenant: Option<&Tenant>,
    claims: Option<&Verified>,
    peer: IpAddr,
) -> Spent {
    let class = match (route.class, claims) {
        (Class::Default, None) => Class::Anonymous,
        (Class::Bookings, None | Some(Err(_))) => Class::PublicBookings,
        (class, _) => class,
    };
    let caller = match (class, claims) {
        (Class::Auth | Class::Check | Class::Webhooks, _) | (_, None | Some(Err(_))) => format!("ip:{}", network(peer)),
        (_, Some(Ok(claims))) => format!("user:{}", claims.user),
    };
    // logins and names are counted for the whole service: a caller must not get a bucket with every business
    let tenant = tenant.filter(|_| !matches!(class, Class::Auth | Class::Check | Class::Webhooks));
    let allowance = allowance(&app.settings.limits, tenant, class);
    app.limiter.take(class.name(), &key(tenant, class.name(), &caller), allowance).await
}

/// Counts a refused credential against the address it came from, so that guessing gets no fresh
/// bucket with every guess.
///
/// # Errors
/// 429 once the address has used up its refusals.
pub async fn count_refused(app: &App, peer: IpAddr) -> Result<(), ApiError> {
    let key = key(None, "refused", &format!("ip:{}", network(peer)));
    let spent = app.limiter.take("refused", &key, app.settings.limits.limit_refused).await;
    if spent.refused.is_none() { Ok(()) } else { Err(refusal(&spent)) }
}

/// Counts a tenant that has to be looked up against the address that names it.
///
/// # Errors
/// 429 once the address has used up its requests.
pub async fn count_lookup(app: &App, peer: IpAddr) -> Result<(), ApiError> {
    let key = key(None, "lookup", &format!("ip:{}", network(peer)));
    let spent = app.limiter.take("lookup", &key, app.settings.limits.limit_anonymous).await;
    if spent.refused.is_none() { Ok(()) } else { Err(refusal(&spent)) }
}

/// The 429 of an empty bucket.
#[must_use]
pub fn refusal(spent: &Spent) -> ApiError {
    let wait = spent.refused.unwrap_or(1).max(1);
    ApiError::new(Code::RateLimitExceeded, format!("Too many requests. Please wait {wait} seconds."))
        .with("violated-policies", vec![spent.policy])
        .retry_after(wait)
}

/// Every key begins with its tenant, or with `g:` where there is none.
#[must_use]
pub fn key(tenant: Option<&Tenant>, policy: &str, caller: &str) -> String {
    match tenant {
        Some(tenant) => format!("t:{}:rate:{policy}:{caller}", tenant.id),
        None => format!("g:rate:{policy}:{caller}"),
    }
}

fn allowance(settings: &LimitSettings, tenant: Option<&Tenant>, class: Class) -> Allowance {
    let own = tenant.and_then(|tenant| tenant.rate_limits.get(class.name()));
    own.copied().unwrap_or(match class {
        Class::Default => settings.limit_default,
        Class::Bookings => settings.limit_bookings,
        Class::PublicBookings => settings.limit_public_bookings,
        Class::Payments => settings.limit_payments,
        Class::Auth => settings.limit_auth,
        Class::Check => settings.limit_check,
        Class::Webhooks => settings.limit_webhooks,
        Class::Anonymous => settings.limit_anonymous,
    })
}

/// An IPv6 caller owns at least a /64: counting single addresses would count nothing.
pub(super) fn network(peer: IpAddr) -> String {
    match peer.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let s = v6.segments();
            format!("{:x}:{:x}:{:x}:{:x}::/64", s[0], s[1], s[2], s[3])
        }
    }
}
