//! Catalogue: what can be booked, and who and what performs it.
//!
//! Owns `services`, `service_resources`, `resources`, `staff_profiles`; the permissions `service.*`,
//! `resource.*`, `staff.*`; the events `SERVICE_*`, `RESOURCE_*`, `STAFF_*`. Deleting is soft everywhere: a booking
//! keeps what it was made for.

mod resources;
mod services;

use std::sync::Arc;

use poem_openapi::OpenApi;

use crate::app::App;

/// All operations of the domain.
pub fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    services::api(app)
}
