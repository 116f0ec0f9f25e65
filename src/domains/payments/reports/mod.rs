//! Reports: what came in, what went back and what was taxed, day by day in the business's zone.
//!
//! Reads `payments` and `refunds`, owns nothing. Every figure is a sum of rows and equal to them to the minor unit: what
//! a refund gives back of a fee or a tax is what the sum given back so far makes of it, less what it made of it before,
//! so that a payment that is given back in parts gives back its whole fee and tax and no more.

mod api;
mod dto;
mod query;
mod rules;
mod service;
mod sheet;

use std::sync::Arc;

use crate::app::App;

/// All reports.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    api::ReportsApi::new(app)
}
