//! Weekly hours. A resource has one rule, which is known by the resource's id and holds all of its windows:
//! a row each. So a PUT replaces the whole week at once, and windows can be held against each other.
//!
//! Windows that follow from the hours of a member of staff are among them; they are changed where they come from.

mod api;
mod dto;
pub mod rules;
mod service;

use std::sync::Arc;

use crate::app::App;

pub use service::{Origin, change, insert, overlap, room_for, stored, window};

/// All operations on weekly hours.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    api::AvailabilityRulesApi::new(app)
}
