//! A business's points: how they are earned, where tiers begin, and what points can be exchanged for. Without a word of
//! the business it is a point for each whole unit of money, tiers from 500, 2000 and 5000 on, and no exchange.

mod api;
mod dto;
mod exchange;
mod service;

use std::sync::Arc;

use crate::app::App;

pub use api::LoyaltyProgramApi;
pub use service::program;

/// All operations on the program.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    LoyaltyProgramApi::new(app)
}
