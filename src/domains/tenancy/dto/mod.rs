//! Tenants on the wire: what is shown here, what is sent in `write`, settings in `settings`.

mod invoicing;
mod payments;
mod settings;
mod write;

use ::entity::enums::{MembershipRole, TenantStatus};
use poem_openapi::{Enum, Object};
use uuid::Uuid;

pub use invoicing::{InvoicingSettings, InvoicingUpdate};
pub use payments::{PaymentSettings, PaymentUpdate};
pub use settings::{BookingReplace, BookingSettings, BookingUpdate, RateLimits, RateLimitsUpdate};
pub use write::{PoliciesUpdate, TenantCreate, TenantReplace, TenantUpdate};

use super::Policies;
use crate::guard::Timestamp;

/// Whether a business is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "TenantStatus", rename_all = "snake_case")]
pub enum Status {
    Active,
    Suspended,
    Closed,
}

impl From<Status> for TenantStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Active => Self::Active,
            Status::Suspended => Self::Suspended,
            Status::Closed => Self::Closed,
        }
    }
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
    #[oai(validator(max_length = 3))]
    pub currency: String,
    pub status: Status,
    /// What the caller is in it.
    pub role: Role,
    pub created_at: Timestamp,
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
    #[oai(validator(max_length = 3))]
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
    pub payments: PaymentSettings,
    pub invoicing: InvoicingSettings,
    pub rate_limits: RateLimits,
    /// Origins beside its own subdomain that may call its API from a browser.
    #[oai(validator(max_items = 20))]
    pub cors_origins: Vec<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
