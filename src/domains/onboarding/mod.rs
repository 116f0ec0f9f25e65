//! Onboarding: how a business begins, before any tenant is known.
//!
//! Owns no table. It makes tenants through `tenancy::make` (event `TENANT_ONBOARDED`), answers whether a
//! subdomain is free, and says how far a new business has come. It works in the platform's Scope, because
//! what it asks (is this name taken, which business is the caller's newest) is asked across tenants.

mod api;
mod dto;
mod home;
mod rules;
mod service;

use std::sync::Arc;

pub use home::{HomeTaken, ensure_home};

use crate::app::App;

/// The operations of this domain.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    api::OnboardingApi::new(app)
}
