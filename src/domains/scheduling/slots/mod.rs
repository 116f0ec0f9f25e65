//! Free times from the database: one statement, one engine, for whoever lists, books or explains.

mod api;
mod cache;
mod dto;
mod groups;
mod limits;
mod query;
mod rules;
mod service;

use std::sync::Arc;

pub use cache::BoardCache;
pub use dto::SlotOffer;
pub use limits::limit as engine_limit;
pub use query::{ResourceRow, ServiceRow};
pub use rules::Audience;
pub use service::{Assigned, Board, Chosen, Freedom, Wish, next_free};

use crate::app::App;

/// The operations on free times.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    (
        api::AvailabilityApi::new(app),
        api::DaysApi::new(app),
        api::NextApi::new(app),
        api::PublicAvailabilityApi::new(app),
        api::PublicDaysApi::new(app),
        api::PublicNextApi::new(app),
    )
}
