//! What the business does, one domain a folder, the same rooms in each.

pub mod analytics;
pub mod audit;
pub mod billing;
pub mod booking;
pub mod catalogue;
pub mod crm;
pub mod identity;
pub mod impact;
pub mod invoices;
pub mod loyalty;
pub mod onboarding;
pub mod packages;
pub mod payments;
pub mod platform;
pub mod promotions;
pub mod scheduling;
pub mod tenancy;

use std::sync::Arc;

use poem_openapi::OpenApi;

use crate::app::App;

/// The operations of all domains.
pub fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    (
        identity::api(app),
        onboarding::api(app),
        tenancy::api(app),
        catalogue::api(app),
        crm::api(app),
        loyalty::api(app),
        (promotions::api(app), packages::api(app)),
        scheduling::api(app),
        booking::api(app),
        (payments::api(app), invoices::api(app), billing::api(app)),
        analytics::api(app),
        platform::api(app),
    )
}
