//! Rate limits by class, each a setting, each overridable per tenant
//! (`tenants.settings_json -> rate_limits -> {class}: "50/60"`).

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

use super::SettingError;

/// So many requests in so many seconds, refilled evenly; all of them may come at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Allowance {
    /// Size of the bucket.
    pub quota: NonZeroU32,
    /// Seconds in which it fills.
    pub window: NonZeroU32,
}

impl Allowance {
    /// The time in which one request comes back.
    #[must_use]
    pub fn period(self) -> Duration {
        Duration::from_secs(u64::from(self.window.get())) / self.quota.get()
    }
}

impl fmt::Display for Allowance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.quota, self.window)
    }
}

impl FromStr for Allowance {
    type Err = String;

    /// `100/60`: a hundred in sixty seconds.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not of the form REQUESTS/SECONDS, such as 100/60");
        let (quota, window) = text.split_once('/').ok_or_else(wrong)?;
        let quota = quota.trim().parse().map_err(|_| wrong())?;
        let window = window.trim().parse().map_err(|_| wrong())?;
        Ok(Self { quota, window })
    }
}

/// Settings of the rate limits.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Rate limits (REQUESTS/SECONDS)")]
pub struct LimitSettings {
    /// Everything that has no class of its own, per tenant and caller
    #[arg(long, env = "TITHI_LIMIT_DEFAULT", default_value = "100/60", value_name = "LIMIT")]
    pub limit_default: Allowance,
    /// Writing bookings, per tenant and caller
    #[arg(long, env = "TITHI_LIMIT_BOOKINGS", default_value = "50/60", value_name = "LIMIT")]
    pub limit_bookings: Allowance,
    /// Writing bookings without a login, per tenant and address
    #[arg(long, env = "TITHI_LIMIT_PUBLIC_BOOKINGS", default_value = "10/60", value_name = "LIMIT")]
    pub limit_public_bookings: Allowance,
    /// Payments, per tenant and caller
    #[arg(long, env = "TITHI_LIMIT_PAYMENTS", default_value = "30/60", value_name = "LIMIT")]
    pub limit_payments: Allowance,
    /// Login, registration, refresh: per address
    #[arg(long, env = "TITHI_LIMIT_AUTH", default_value = "20/60", value_name = "LIMIT")]
    pub limit_auth: Allowance,
    /// Whether a subdomain is free, and what a code is worth: per address
    #[arg(long, env = "TITHI_LIMIT_CHECK", default_value = "60/60", value_name = "LIMIT")]
    pub limit_check: Allowance,
    /// Events that payment providers send, per address
    #[arg(long, env = "TITHI_LIMIT_WEBHOOKS", default_value = "12000/60", value_name = "LIMIT")]
    pub limit_webhooks: Allowance,
    /// Callers without a login, per tenant and address
    #[arg(long, env = "TITHI_LIMIT_ANONYMOUS", default_value = "800/900", value_name = "LIMIT")]
    pub limit_anonymous: Allowance,
    /// Refused credentials, per address
    #[arg(long, env = "TITHI_LIMIT_REFUSED", default_value = "60/60", value_name = "LIMIT")]
    pub limit_refused: Allowance,
    /// Wrong passwords for one account before it is locked for the rest of the window
    #[arg(long, env = "TITHI_LIMIT_PASSWORD", default_value = "10/900", value_name = "LIMIT")]
    pub limit_password: Allowance,
    /// Times that one visitor without a login holds at once
    #[arg(long, env = "TITHI_HOLDS_PER_VISITOR", default_value_t = 10, value_name = "COUNT")]
    pub holds_per_visitor: u32,
    /// The same, of one service on one day
    #[arg(long, env = "TITHI_HOLDS_PER_VISITOR_DAY", default_value_t = 5, value_name = "COUNT")]
    pub holds_per_visitor_day: u32,
}

impl LimitSettings {
    pub(super) fn validate(&self, faults: &mut Vec<SettingError>) {
        let all = [
            ("TITHI_LIMIT_DEFAULT", self.limit_default),
            ("TITHI_LIMIT_BOOKINGS", self.limit_bookings),
            ("TITHI_LIMIT_PUBLIC_BOOKINGS", self.limit_public_bookings),
            ("TITHI_LIMIT_PAYMENTS", self.limit_payments),
            ("TITHI_LIMIT_AUTH", self.limit_auth),
            ("TITHI_LIMIT_CHECK", self.limit_check),
            ("TITHI_LIMIT_WEBHOOKS", self.limit_webhooks),
            ("TITHI_LIMIT_ANONYMOUS", self.limit_anonymous),
            ("TITHI_LIMIT_REFUSED", self.limit_refused),
            ("TITHI_LIMIT_PASSWORD", self.limit_password),
        ];
        let holds = [
            ("TITHI_HOLDS_PER_VISITOR", self.holds_per_visitor),
            ("TITHI_HOLDS_PER_VISITOR_DAY", self.holds_per_visitor_day),
        ];
        for (setting, count) in holds {
            if !(1..=10_000).contains(&count) {
                faults.push(SettingError::new(setting, "give a number from 1 to 10000"));
            }
        }
        for (setting, allowance) in all {
            if allowance.window.get() > 86_400 || allowance.quota.get() > 1_000_000 {
                faults.push(SettingError::new(setting, "give at most 1000000 requests in at most 86400 seconds"));
            }
        }
    }
}
