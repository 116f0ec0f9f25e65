//! Onboarding on the wire.

use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::domains::tenancy::{PoliciesUpdate, Status};
use crate::guard::{Email, Text, Timestamp};

/// Everything that a business begins with.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct OnboardingRegister {
    /// What the business is called. The subdomain is made of it.
    pub business_name: Text<1, 255>,
    /// Such as `Hair and beauty`.
    pub category: Option<Text<1, 100>>,
    /// Address of its logo.
    #[oai(validator(max_length = 500, pattern = r"^https?://[^\s]+$"))]
    pub logo: Option<String>,
    /// Its own texts; the others are the defaults.
    pub policies: Option<PoliciesUpdate>,
    /// Where customers write to: kept as the business's address, which need not be the caller's own.
    pub owner_email: Email,
    /// Whom customers ask for.
    pub owner_name: Text<1, 255>,
    /// IANA time zone of the business; UTC when absent.
    pub timezone: Option<Text<1, 50>>,
    /// ISO 4217 code; USD when absent.
    #[oai(validator(pattern = "^[A-Z]{3}$"))]
    pub currency: Option<String>,
    /// Language and country of its texts; en_US when absent.
    #[oai(validator(max_length = 16, pattern = "^[a-z]{2,3}([_-][A-Z][a-z]{3})?([_-]([A-Z]{2}|[0-9]{3}))?$"))]
    pub locale: Option<String>,
    /// The subdomain that is wished for. It is given or refused, never changed.
    #[oai(validator(max_length = 63))]
    pub subdomain: Option<String>,
}

impl Example for OnboardingRegister {
    fn example() -> Self {
        Self {
            business_name: Text::of("Salon Aurora"),
            category: Some(Text::of("Hair and beauty")),
            logo: None,
            policies: None,
            owner_email: Email::of("hello@aurora.example"),
            owner_name: Text::of("Olivia Hart"),
            timezone: Some(Text::of("America/New_York")),
            currency: Some("USD".into()),
            locale: Some("en_US".into()),
            subdomain: None,
        }
    }
}

/// A business that has begun.
#[derive(Clone, Debug, Object)]
pub struct OnboardedTenant {
    pub id: Uuid,
    #[oai(validator(max_length = 255))]
    pub business_name: String,
    #[oai(validator(max_length = 63))]
    pub slug: String,
    /// Label before the platform's domain; the same word as the slug.
    #[oai(validator(max_length = 63))]
    pub subdomain: String,
    /// The address at which it is live.
    #[oai(validator(max_length = 2048))]
    pub url: String,
    #[oai(nullable, validator(max_length = 100))]
    pub category: Option<String>,
    #[oai(nullable, validator(max_length = 500))]
    pub logo: Option<String>,
    /// IANA time zone.
    #[oai(validator(max_length = 50))]
    pub timezone: String,
    /// ISO 4217 code.
    #[oai(validator(max_length = 3))]
    pub currency: String,
    #[oai(validator(max_length = 35))]
    pub locale: String,
    pub status: Status,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// True when this owner had made a business of that name before: it is the one shown.
    pub is_existing: bool,
}

/// Why a subdomain cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "SubdomainReason", rename_all = "snake_case")]
pub enum Reason {
    /// A business has it, or had it.
    Taken,
    /// The platform needs it for itself.
    Reserved,
    /// Not 3 to 63 characters.
    Length,
    /// Something else than lower-case letters, digits and inner hyphens.
    Characters,
}

/// Whether a subdomain can be had.
#[derive(Clone, Debug, Object)]
pub struct SubdomainCheck {
    /// What was asked for, in lower case.
    #[oai(validator(max_length = 255))]
    pub subdomain: String,
    pub available: bool,
    /// Why not; null when it is available.
    #[oai(nullable)]
    pub reason: Option<Reason>,
    /// The address that the business would have: of the wish, or of the first suggestion.
    #[oai(nullable, validator(max_length = 2048))]
    pub suggested_url: Option<String>,
    /// Free ones that are near; empty when the wish is available.
    #[oai(validator(max_items = 5))]
    pub suggestions: Vec<String>,
}

/// A step of a new business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "OnboardingStep", rename_all = "snake_case")]
pub enum Step {
    /// The business exists.
    Business,
    /// It offers something.
    Services,
    /// Somebody or something gives it.
    Staff,
    /// It has opening hours.
    Hours,
    /// Somebody booked.
    FirstBooking,
}

/// A step and whether it is done.
#[derive(Clone, Debug, Object)]
#[oai(rename = "OnboardingStepState")]
pub struct StepState {
    pub step: Step,
    pub done: bool,
}

/// How far the caller's newest business has come.
#[derive(Clone, Debug, Object)]
pub struct OnboardingStatus {
    /// The business; null when the caller has none yet.
    #[oai(nullable)]
    pub tenant_id: Option<Uuid>,
    #[oai(nullable, validator(max_length = 63))]
    pub slug: Option<String>,
    #[oai(nullable, validator(max_length = 255))]
    pub business_name: Option<String>,
    /// In the order in which they are best done.
    #[oai(validator(max_items = 10))]
    pub steps: Vec<StepState>,
    /// The first step that is left; null when all are done.
    #[oai(nullable)]
    pub next: Option<Step>,
    pub complete: bool,
}
