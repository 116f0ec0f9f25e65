//! When resources work: weekly hours and the dates that differ.
//!
//! Owns `availability_rules`, `availability_exceptions`, and what members of staff set for themselves and is written
//! through to these: `staff_availability`, `work_schedules`. Owns the permissions `availability.*` and the event
//! `STAFF_AVAILABILITY_UPDATED`, which comes with every change. Times are wall time in the resource's zone;
//! what they mean is the engine's matter (`scheduling::rules`).

mod events;
mod exceptions;
mod person;
mod schedules;
mod staff;
mod wall;
mod weekly;

use std::sync::Arc;

use poem_openapi::OpenApi;

use crate::app::App;

/// All operations on hours.
pub fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    (weekly::api(app), exceptions::api(app), staff::api(app), schedules::api(app))
}
