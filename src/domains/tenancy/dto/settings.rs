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
    /// Minutes before the start until which customers may cancel by themselves; 0 is until it begins, null is never.
    #[oai(nullable, validator(minimum(value = "0"), maximum(value = "525600")))]
    pub cancel_window_min: Option<i32>,
    /// Minutes before the start until which customers may move a booking by themselves; 0 is until it begins, null
    /// is never.
    #[oai(nullable, validator(minimum(value = "0"), maximum(value = "525600")))]
    pub reschedule_window_min: Option<i32>,
}

impl From<BookingDefaults> for BookingSettings {
    fn from(own: BookingDefaults) -> Self {
        let BookingDefaults {
            notice_min,
            horizon_days,
            interval_min,
            auto_confirm,
            cancel_window_min,
            reschedule_window_min,
        } = own;
        Self { notice_min, horizon_days, interval_min, auto_confirm, cancel_window_min, reschedule_window_min }
    }
}

/// How bookings work, anew. A window that is absent is the default; null means that customers never may.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, rename = "BookingSettingsReplace", skip_serializing_if_is_none, example)]
pub struct BookingReplace {
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
    /// Minutes before the start until which customers may cancel by themselves; 1440 when absent.
    #[oai(validator(minimum(value = "0"), maximum(value = "525600")))]
    pub cancel_window_min: Patch<i32>,
    /// Minutes before the start until which customers may move a booking by themselves; 1440 when absent.
    #[oai(validator(minimum(value = "0"), maximum(value = "525600")))]
    pub reschedule_window_min: Patch<i32>,
}

impl From<BookingReplace> for BookingDefaults {
    fn from(wire: BookingReplace) -> Self {
        let usual = Self::default();
        Self {
            notice_min: wire.notice_min,
            horizon_days: wire.horizon_days,
            interval_min: wire.interval_min,
            auto_confirm: wire.auto_confirm,
            cancel_window_min: wire.cancel_window_min.over(usual.cancel_window_min),
            reschedule_window_min: wire.reschedule_window_min.over(usual.reschedule_window_min),
        }
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
    /// Writing bookings without a login.
    #[oai(nullable, validator(pattern = "^[1-9][0-9]{0,6}/[1-9][0-9]{0,4}$"))]
    pub public_bookings: Option<String>,
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
            public_bookings: get("public_bookings"),
            payments: get("payments"),
            anonymous: get("anonymous"),
        }
    }
}

impl From<RateLimits> for BTreeMap<String, String> {
    fn from(wire: RateLimits) -> Self {
        let RateLimits { default, bookings, public_bookings, payments, anonymous } = wire;
        let all = [
            ("default", default),
            ("bookings", bookings),
            ("public_bookings", public_bookings),
            ("payments", payments),
            ("anonymous", anonymous),
        ];
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
    /// Null is never.
    #[oai(validator(minimum(value = "0"), maximum(value = "525600")))]
    pub cancel_window_min: Patch<i32>,
    /// Null is never.
    #[oai(validator(minimum(value = "0"), maximum(value = "525600")))]
    pub reschedule_window_min: Patch<i32>,
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
    pub public_bookings: Patch<String>,
    #[oai(validator(pattern = "^[1-9][0-9]{0,6}/[1-9][0-9]{0,4}$"))]
    pub payments: Patch<String>,
    #[oai(validator(pattern = "^[1-9][0-9]{0,6}/[1-9][0-9]{0,4}$"))]
    pub anonymous: Patch<String>,
}

impl Example for BookingSettings {
    fn example() -> Self {
        Self {
            notice_min: 60,
            horizon_days: Some(90),
            interval_min: Some(15),
            auto_confirm: true,
            cancel_window_min: Some(1440),
            reschedule_window_min: Some(720),
        }
    }
}

impl Example for BookingReplace {
    fn example() -> Self {
        Self {
            notice_min: 60,
            horizon_days: Some(90),
            interval_min: Some(15),
            auto_confirm: true,
            cancel_window_min: Patch::Set(1440),
            reschedule_window_min: Patch::Keep,
        }
    }
}

impl Example for RateLimits {
    fn example() -> Self {
        Self { default: Some("200/60".into()), ..Self::default() }
    }
}

impl Example for BookingUpdate {
    fn example() -> Self {
        Self {
            notice_min: Some(120),
            horizon_days: Patch::Clear,
            interval_min: Patch::Keep,
            auto_confirm: None,
            cancel_window_min: Patch::Set(2880),
            reschedule_window_min: Patch::Clear,
        }
    }
}

impl Example for RateLimitsUpdate {
    fn example() -> Self {
        let keep = || Patch::Keep;
        Self {
            default: Patch::Set("200/60".into()),
            bookings: Patch::Clear,
            public_bookings: keep(),
            payments: keep(),
            anonymous: keep(),
        }
    }
}
