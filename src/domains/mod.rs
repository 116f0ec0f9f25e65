//! What the business does, one domain a folder, the same rooms in each.

pub mod catalogue;
pub mod identity;
pub mod onboarding;
pub mod scheduling;
pub mod tenancy;

use std::sync::Arc;

use poem_openapi::OpenApi;

use crate::app::App;

/// The operations of all domains.
pub fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    (catalogue::api(app), onboarding::api(app), tenancy::api(app))
}
