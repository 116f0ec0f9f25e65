//! Weekly hours. A resource has one rule, which is known by the resource's id and holds all of its windows:
//! a row each. So a PUT replaces the whole week at once, and windows can be held against each other.

mod api;
mod dto;
mod rules;
mod service;

use std::sync::Arc;

use crate::app::App;

/// All operations on weekly hours.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    api::AvailabilityRulesApi::new(app)
}
