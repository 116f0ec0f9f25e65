//! Tenancy: businesses, their settings, and what the public sees of them.
//!
//! Owns `tenants`, `tenant_directory`, `memberships`, `themes`, `branding`; emits `TENANT_ONBOARDED` and
//! `TENANT_UPDATED`; asks for `tenant.read` and `tenant.write`. A tenant is `active`, `suspended` or `closed`,
//! and only the platform moves it between them. Others may call [`make`], [`membership_of`], [`members`], [`settings`], [`letterhead`] and
//! [`Settings`], and name [`Tenant`]; the row itself stays in here.

mod api;
pub mod dto;
mod events;
mod letterhead;
mod make;
mod membership;
mod policies;
mod profile;
mod public;
pub mod rules;
mod service;
mod settings;
mod tenant;
mod timezone;
mod wire;

use std::sync::Arc;

pub use dto::{PoliciesUpdate, Status};
pub use letterhead::{Letterhead, letterhead};
pub use make::{Made, NewTenant, make};
pub use membership::{members, membership_of};
pub use policies::Policies;
pub use settings::{BookingDefaults, Invoicing, PaymentDefaults, Settings, settings};
pub use tenant::{Tenant, current};

use crate::app::App;

/// The operations of this domain.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    (
        api::TenantsApi::new(app),
        api::TenantApi::new(app),
        public::PublicTenantApi::new(app),
        public::DirectoryApi::new(app),
        timezone::TimezoneApi::new(app),
    )
}
