//! The platform: what operators do across tenants. Every step is in the audit log, looking included.
//!
//! Owns no table; changes `tenants.status`. Emits `TENANT_SUSPENDED` and `TENANT_RESUMED`.

mod api;
mod dto;
mod service;

use std::sync::Arc;

use crate::app::App;

/// The operations of this domain.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    api::PlatformTenantsApi::new(app)
}
