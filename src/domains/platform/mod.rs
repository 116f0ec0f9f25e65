//! The platform: what operators do across tenants. Every step is in the audit log, looking included.
//!
//! Owns `connected_accounts`, which says whose an account at a payment provider is; changes `tenants.status`. Emits
//! `TENANT_SUSPENDED` and `TENANT_RESUMED`.

mod accounts;
mod api;
mod dto;
mod service;

use std::sync::Arc;

use crate::app::App;

pub use accounts::claim as claim_account;
pub use service::note;

/// The operations of this domain.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    api::PlatformTenantsApi::new(app)
}
