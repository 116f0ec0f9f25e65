//! Analytics: the figures of a business.
//!
//! Owns no table: it reads those of bookings, customers, services and resources in statements of its own, and writes
//! nowhere. Asks for `report.read`.
//!
//! What must stay true: figures are counted when they are asked for, in the tenant's own transaction; nothing is kept
//! between requests, so that nobody is shown another business's figures or those of before a change. The caller's own
//! cache may keep an answer for five minutes. A booking that was rescheduled counts once, where it went.

mod api;
mod dto;
mod query;
mod rules;
mod service;

use std::sync::Arc;

use crate::app::App;

/// All operations of the domain.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    api::DashboardApi::new(app)
}
