//! What is sent to make or change a tenant.

use poem_openapi::Object;
use poem_openapi::types::Example;

use super::{
    BookingReplace, BookingUpdate, InvoicingSettings, InvoicingUpdate, PaymentSettings, PaymentUpdate, RateLimits,
    RateLimitsUpdate,
};
use crate::domains::tenancy::Policies;
use crate::guard::{Email, Patch, Prose, Text};

/// What a business is made of, in short; `POST /onboarding/register` takes all of it.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
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

/// A business in whole: what is absent becomes empty or the default.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
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
    pub booking: Option<BookingReplace>,
    pub payments: Option<PaymentSettings>,
    pub invoicing: Option<InvoicingSettings>,
    /// Only owners may change it.
    pub rate_limits: Option<RateLimits>,
    #[oai(default, validator(max_items = 20))]
    pub cors_origins: Vec<Text<1, 300>>,
}

/// Changes to a business: absent keeps, null clears.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
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
    pub payments: Option<PaymentUpdate>,
    pub invoicing: Option<InvoicingUpdate>,
    /// Only owners may change it.
    pub rate_limits: Option<RateLimitsUpdate>,
    #[oai(validator(max_items = 20))]
    pub cors_origins: Option<Vec<Text<1, 300>>>,
}

/// Texts to set; those that are absent stay.
#[derive(Clone, Debug, Default, Object)]
#[oai(deny_unknown_fields, rename = "TenantPoliciesUpdate", skip_serializing_if_is_none, example)]
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

impl Example for TenantReplace {
    fn example() -> Self {
        Self {
            name: Text::of("Salon Aurora"),
            email: Some(Email::of("hello@aurora.example")),
            contact_name: Some(Text::of("Olivia Hart")),
            category: Some(Text::of("Hair and beauty")),
            logo_url: Some("https://cdn.example/aurora.png".into()),
            timezone: Text::of("America/New_York"),
            currency: "USD".into(),
            locale: "en_US".into(),
            public_blurb: Some(Prose::of("Cuts, colour and quiet hours.")),
            is_public_directory: true,
            no_show_fee_bps: Some(300),
            policies: Some(PoliciesUpdate::example()),
            booking: Some(BookingReplace::example()),
            payments: Some(PaymentSettings::example()),
            invoicing: Some(InvoicingSettings::example()),
            rate_limits: None,
            cors_origins: vec![Text::of("https://aurora.example")],
        }
    }
}

impl Example for TenantUpdate {
    fn example() -> Self {
        Self {
            name: Some(Text::of("Salon Nova")),
            email: Patch::Keep,
            contact_name: Patch::Keep,
            category: Patch::Keep,
            logo_url: Patch::Clear,
            timezone: None,
            currency: None,
            locale: None,
            public_blurb: Patch::Set(Prose::of("New name, same chairs.")),
            is_public_directory: None,
            no_show_fee_bps: None,
            policies: Some(PoliciesUpdate::example()),
            booking: Some(BookingUpdate::example()),
            payments: Some(PaymentUpdate::example()),
            invoicing: None,
            rate_limits: None,
            cors_origins: None,
        }
    }
}

impl Example for PoliciesUpdate {
    fn example() -> Self {
        Self { refund_policy: Some(Prose::of("Refunded within five days.")), ..Self::default() }
    }
}
