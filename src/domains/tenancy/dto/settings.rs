//! Settings on the wire: how bookings work, and a business's own rate limits.

use std::collections::BTreeMap;

use poem_openapi::Object;
use poem_openapi::types::Example;

use crate::domains::tenancy::BookingDefaults;
use crate::guard::Patch;

/// How bookings work where a service says nothing of its own.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
#[oai(example)]
pub struct BookingSettings {
    /// Minutes between now and the earliest start that the public may book.
    #[oai(validator(minimum(value = "0"), maximum(value = "525600")))]
    pub notice_min: i32,
    /// Days ahead that the public may book; null is without end.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "3650")))]
    pub horizon_days: Option<i32>,
    /// Minutes between two starts; null is the service's duration.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "1440")))]
    pub interval_min: Option<i32>,
    /// Whether a public booking is confirmed at once.
    pub auto_confirm: bool,
}

impl From<BookingDefaults> for BookingSettings {
    fn from(own: BookingDefaults) -> Self {
        let BookingDefaults { notice_min, horizon_days, interval_min, auto_confirm } = own;
        Self { notice_min, horizon_days, interval_min, auto_confirm }
    }
}

impl From<BookingSettings> for BookingDefaults {
    fn from(wire: BookingSettings) -> Self {
        let BookingSettings { notice_min, horizon_days, interval_min, auto_confirm } = wire;
        Self { notice_min, horizon_days, interval_min, auto_confirm }
    }
}

/// A business's own rate limits, as `REQUESTS/SECONDS`; null is the platform's. Only an owner changes
/// them: downwards at will, upwards to ten times the platform's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[oai(example)]
pub struct RateLimits {
    /// Everything that has no class of its own.
    #[oai(nullable, validator(pattern = "^[1-9][0-9]{0,6}/[1-9][0-9]{0,4}$"))]
    pub default: Option<String>,
    /// Writing bookings.
    #[oai(nullable, validator(pattern = "^[1-9][0-9]{0,6}/[1-9][0-9]{0,4}$"))]
    pub bookings: Option<String>,
    /// Payments.
    #[oai(nullable, validator(pattern = "^[1-9][0-9]{0,6}/[1-9][0-9]{0,4}$"))]
    pub payments: Option<String>,
    /// Callers without a login.
    #[oai(nullable, validator(pattern = "^[1-9][0-9]{0,6}/[1-9][0-9]{0,4}$"))]
    pub anonymous: Option<String>,
}

impl From<&BTreeMap<String, String>> for RateLimits {
    fn from(own: &BTreeMap<String, String>) -> Self {
        let get = |class: &str| own.get(class).cloned();
        Self {
            default: get("default"),
            bookings: get("bookings"),
            payments: get("payments"),
            anonymous: get("anonymous"),
        }
    }
}

impl From<RateLimits> for BTreeMap<String, String> {
    fn from(wire: RateLimits) -> Self {
        let RateLimits { default, bookings, payments, anonymous } = wire;
        let all = [("default", default), ("bookings", bookings), ("payments", payments), ("anonymous", anonymous)];
        all.into_iter().filter_map(|(class, limit)| Some((class.to_owned(), limit?))).collect()
    }
}

/// Changes to how bookings work.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, rename = "BookingSettingsUpdate", skip_serializing_if_is_none, example)]
pub struct BookingUpdate {
    #[oai(validator(minimum(value = "0"), maximum(value = "525600")))]
    pub notice_min: Option<i32>,
    #[oai(validator(minimum(value = "1"), maximum(value = "3650")))]
    pub horizon_days: Patch<i32>,
    #[oai(validator(minimum(value = "1"), maximum(value = "1440")))]
    pub interval_min: Patch<i32>,
    pub auto_confirm: Option<bool>,
}

/// Changes to a business's own rate limits; null goes back to the platform's.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct RateLimitsUpdate {
    #[oai(validator(pattern = "^[1-9][0-9]{0,6}/[1-9][0-9]{0,4}$"))]
    pub default: Patch<String>,
    #[oai(validator(pattern = "^[1-9][0-9]{0,6}/[1-9][0-9]{0,4}$"))]
    pub bookings: Patch<String>,
    #[oai(validator(pattern = "^[1-9][0-9]{0,6}/[1-9][0-9]{0,4}$"))]
    pub payments: Patch<String>,
    #[oai(validator(pattern = "^[1-9][0-9]{0,6}/[1-9][0-9]{0,4}$"))]
    pub anonymous: Patch<String>,
}

impl Example for BookingSettings {
    fn example() -> Self {
        Self { notice_min: 60, horizon_days: Some(90), interval_min: Some(15), auto_confirm: true }
    }
}

impl Example for RateLimits {
    fn example() -> Self {
        Self { default: Some("200/60".into()), ..Self::default() }
    }
}

impl Example for BookingUpdate {
    fn example() -> Self {
        Self { notice_min: Some(120), horizon_days: Patch::Clear, interval_min: Patch::Keep, auto_confirm: None }
    }
}

impl Example for RateLimitsUpdate {
    fn example() -> Self {
        let keep = || Patch::Keep;
        Self { default: Patch::Set("200/60".into()), bookings: Patch::Clear, payments: keep(), anonymous: keep() }
    }
}
