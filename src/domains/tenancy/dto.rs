//! Tenants on the wire.

use std::collections::BTreeMap;

use ::entity::enums::{MembershipRole, TenantStatus};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use super::{BookingDefaults, Policies};
use crate::guard::{Email, Patch, Prose, Text, Timestamp};

/// Whether a business is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "TenantStatus", rename_all = "snake_case")]
pub enum Status {
    Active,
    Suspended,
    Closed,
}

impl From<TenantStatus> for Status {
    fn from(status: TenantStatus) -> Self {
        match status {
            TenantStatus::Active => Self::Active,
            TenantStatus::Suspended => Self::Suspended,
            TenantStatus::Closed => Self::Closed,
        }
    }
}

/// What a member is in a business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "TenantRole", rename_all = "snake_case")]
pub enum Role {
    Owner,
    Admin,
    Staff,
    Viewer,
}

impl From<MembershipRole> for Role {
    fn from(role: MembershipRole) -> Self {
        match role {
            MembershipRole::Owner => Self::Owner,
            MembershipRole::Admin => Self::Admin,
            MembershipRole::Staff => Self::Staff,
            MembershipRole::Viewer => Self::Viewer,
        }
    }
}

/// A business of the caller's.
#[derive(Clone, Debug, Object)]
#[oai(rename = "TenantSummary")]
pub struct Summary {
    pub id: Uuid,
    /// Label of its subdomain and part of its public path.
    #[oai(validator(max_length = 63))]
    pub slug: String,
    /// The address of its subdomain.
    #[oai(validator(max_length = 2048))]
    pub url: String,
    #[oai(validator(max_length = 255))]
    pub name: String,
    #[oai(nullable, validator(max_length = 100))]
    pub category: Option<String>,
    #[oai(nullable, validator(max_length = 500))]
    pub logo_url: Option<String>,
    /// IANA time zone.
    #[oai(validator(max_length = 50))]
    pub timezone: String,
    /// ISO 4217 code.
    #[oai(validator(pattern = "^[A-Z]{3}$"))]
    pub currency: String,
    pub status: Status,
    /// What the caller is in it.
    pub role: Role,
    pub created_at: Timestamp,
}

/// What a business is made of, in short; `POST /onboarding/register` takes all of it.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct TenantCreate {
    /// What the business is called. The subdomain is made of it.
    pub name: Text<1, 255>,
    /// The subdomain that is wished for: 3 to 63 lower-case letters, digits and inner hyphens.
    #[oai(validator(max_length = 63))]
    pub subdomain: Option<String>,
    /// Such as `Hair and beauty`.
    pub category: Option<Text<1, 100>>,
    /// Where customers write to.
    pub email: Option<Email>,
    /// IANA time zone of the business; UTC when absent.
    pub timezone: Option<Text<1, 50>>,
    /// ISO 4217 code; USD when absent.
    #[oai(validator(pattern = "^[A-Z]{3}$"))]
    pub currency: Option<String>,
    /// Language and country of its texts; en_US when absent.
    #[oai(validator(max_length = 16, pattern = "^[a-z]{2,3}([_-][A-Z][a-z]{3})?([_-]([A-Z]{2}|[0-9]{3}))?$"))]
    pub locale: Option<String>,
}

impl Example for TenantCreate {
    fn example() -> Self {
        Self {
            name: Text::of("Salon Aurora"),
            subdomain: None,
            category: Some(Text::of("Hair and beauty")),
            email: Some(Email::of("hello@aurora.example")),
            timezone: Some(Text::of("America/New_York")),
            currency: Some("USD".into()),
            locale: Some("en_US".into()),
        }
    }
}

/// A business, as its members see it.
#[derive(Clone, Debug, Object)]
pub struct Tenant {
    pub id: Uuid,
    /// Label of its subdomain and part of its public path. Only the platform changes it.
    #[oai(validator(max_length = 63))]
    pub slug: String,
    /// The address of its subdomain.
    #[oai(validator(max_length = 2048))]
    pub url: String,
    #[oai(validator(max_length = 255))]
    pub name: String,
    /// Where customers write to.
    #[oai(nullable, validator(max_length = 255))]
    pub email: Option<String>,
    /// Whom to ask for.
    #[oai(nullable, validator(max_length = 255))]
    pub contact_name: Option<String>,
    #[oai(nullable, validator(max_length = 100))]
    pub category: Option<String>,
    #[oai(nullable, validator(max_length = 500))]
    pub logo_url: Option<String>,
    /// IANA time zone.
    #[oai(validator(max_length = 50))]
    pub timezone: String,
    /// ISO 4217 code.
    #[oai(validator(pattern = "^[A-Z]{3}$"))]
    pub currency: String,
    #[oai(validator(max_length = 35))]
    pub locale: String,
    pub status: Status,
    /// What the public reads about it.
    #[oai(nullable, validator(max_length = 5000))]
    pub public_blurb: Option<String>,
    /// Whether it stands in the public directory.
    pub is_public_directory: bool,
    /// Share of the price that a missed appointment costs, in hundredths of a percent: 300 is 3 %.
    #[oai(validator(minimum(value = "0"), maximum(value = "10000")))]
    pub no_show_fee_bps: i32,
    pub policies: Policies,
    pub booking: BookingSettings,
    pub rate_limits: RateLimits,
    /// Origins beside its own subdomain that may call its API from a browser.
    #[oai(validator(max_items = 20))]
    pub cors_origins: Vec<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// How bookings work where a service says nothing of its own.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
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

/// A business in whole: what is absent becomes empty or the default.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct TenantReplace {
    pub name: Text<1, 255>,
    #[oai(nullable)]
    pub email: Option<Email>,
    #[oai(nullable)]
    pub contact_name: Option<Text<1, 255>>,
    #[oai(nullable)]
    pub category: Option<Text<1, 100>>,
    #[oai(nullable, validator(max_length = 500, pattern = r"^https?://[^\s]+$"))]
    pub logo_url: Option<String>,
    /// IANA time zone.
    pub timezone: Text<1, 50>,
    /// ISO 4217 code.
    #[oai(validator(pattern = "^[A-Z]{3}$"))]
    pub currency: String,
    #[oai(validator(max_length = 16, pattern = "^[a-z]{2,3}([_-][A-Z][a-z]{3})?([_-]([A-Z]{2}|[0-9]{3}))?$"))]
    pub locale: String,
    #[oai(nullable)]
    pub public_blurb: Option<Prose<1, 5000>>,
    #[oai(default)]
    pub is_public_directory: bool,
    /// Hundredths of a percent; 300 when absent.
    #[oai(validator(minimum(value = "0"), maximum(value = "10000")))]
    pub no_show_fee_bps: Option<i32>,
    /// The default texts when absent.
    pub policies: Option<PoliciesUpdate>,
    pub booking: Option<BookingSettings>,
    /// Only owners may change it.
    pub rate_limits: Option<RateLimits>,
    #[oai(default, validator(max_items = 20))]
    pub cors_origins: Vec<Text<1, 300>>,
}

/// Changes to a business: absent keeps, null clears.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct TenantUpdate {
    pub name: Option<Text<1, 255>>,
    pub email: Patch<Email>,
    pub contact_name: Patch<Text<1, 255>>,
    pub category: Patch<Text<1, 100>>,
    #[oai(validator(max_length = 500, pattern = r"^https?://[^\s]+$"))]
    pub logo_url: Patch<String>,
    /// IANA time zone.
    pub timezone: Option<Text<1, 50>>,
    /// ISO 4217 code.
    #[oai(validator(pattern = "^[A-Z]{3}$"))]
    pub currency: Option<String>,
    #[oai(validator(max_length = 16, pattern = "^[a-z]{2,3}([_-][A-Z][a-z]{3})?([_-]([A-Z]{2}|[0-9]{3}))?$"))]
    pub locale: Option<String>,
    pub public_blurb: Patch<Prose<1, 5000>>,
    pub is_public_directory: Option<bool>,
    #[oai(validator(minimum(value = "0"), maximum(value = "10000")))]
    pub no_show_fee_bps: Option<i32>,
    pub policies: Option<PoliciesUpdate>,
    pub booking: Option<BookingUpdate>,
    /// Only owners may change it.
    pub rate_limits: Option<RateLimitsUpdate>,
    #[oai(validator(max_items = 20))]
    pub cors_origins: Option<Vec<Text<1, 300>>>,
}

/// Texts to set; those that are absent stay.
#[derive(Clone, Debug, Default, Object)]
#[oai(deny_unknown_fields, rename = "TenantPoliciesUpdate")]
pub struct PoliciesUpdate {
    /// Until when a customer may cancel.
    pub cancellation_policy: Option<Prose<0, 5000>>,
    /// What happens when a customer does not come.
    pub no_show_policy: Option<Prose<0, 5000>>,
    /// Until when a customer may move an appointment.
    pub rescheduling_policy: Option<Prose<0, 5000>>,
    /// When and how to pay.
    pub payment_policy: Option<Prose<0, 5000>>,
    /// What is given back.
    pub refund_policy: Option<Prose<0, 5000>>,
}

impl PoliciesUpdate {
    /// The texts after the change.
    #[must_use]
    pub fn over(self, before: Policies) -> Policies {
        let set = |new: Option<Prose<0, 5000>>, old: String| new.map_or(old, String::from);
        Policies {
            cancellation_policy: set(self.cancellation_policy, before.cancellation_policy),
            no_show_policy: set(self.no_show_policy, before.no_show_policy),
            rescheduling_policy: set(self.rescheduling_policy, before.rescheduling_policy),
            payment_policy: set(self.payment_policy, before.payment_policy),
            refund_policy: set(self.refund_policy, before.refund_policy),
        }
    }
}

/// Changes to how bookings work.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, rename = "BookingSettingsUpdate")]
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
#[oai(deny_unknown_fields)]
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
