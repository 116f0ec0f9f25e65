//! Catalogue: what can be booked, and who and what performs it.
//!
//! Owns `services`, `service_resources`, `resources`, `staff_profiles`; the permissions `service.*`,
//! `resource.*`, `staff.*`; the events `SERVICE_*`, `RESOURCE_*`, `STAFF_*`. Deleting is soft everywhere: a booking
//! keeps what it was made for. Other domains ask for resources through [`live_resources`] and [`hold_resource`], for
//! members of staff through [`find_staff`] and [`hold_staff`], for services through [`service_exists`] and [`services_exist`]. What bookings
//! still need leaves only when it is forced (`impact`).

mod limits;
mod metadata;
mod payment;
mod resources;
mod services;
mod staff;

use std::sync::Arc;

use poem_openapi::OpenApi;

use crate::app::App;

pub use resources::{hold as hold_resource, live as live_resources};
pub use services::{all_exist as services_exist, exists as service_exists};
pub use staff::{find as find_staff, hold as hold_staff};

/// All operations of the domain.
pub fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    (services::api(app), resources::api(app), staff::api(app))
}
