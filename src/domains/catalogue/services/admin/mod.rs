//! The front desk on services: all of them, inactive ones too, and many changed at once.
//!
//! What must stay true: many at once are changed as one is, under the same rules and with the same events; one that
//! cannot be changed so leaves all as they were.

mod api;
mod dto;
mod rules;
mod service;

use std::sync::Arc;

use crate::app::App;

/// The operations of the front desk on services.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    api::AdminServicesApi::new(app)
}
