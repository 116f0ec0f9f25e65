//! What the business does, one domain a folder, the same rooms in each.

pub mod catalogue;
pub mod crm;
pub mod identity;
pub mod scheduling;
pub mod tenancy;

use std::sync::Arc;

use poem_openapi::OpenApi;

use crate::app::App;

/// The operations of all domains.
pub fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    (catalogue::api(app), scheduling::availability::api(app), crm::api(app))
}
