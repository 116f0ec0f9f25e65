//! Credits: units that a customer has, whatever for. What a service costs in them is the business's to say.

mod api;
mod dto;
mod events;
mod examples;
mod prices;
mod service;

use std::sync::Arc;

use ::entity::credit_transactions::{Column, Entity, Model};
use chrono::{DateTime, Utc};
use poem_openapi::OpenApi;

use crate::app::App;
use crate::db::row::Row;
use crate::error::Code;
use crate::guard::Sortable;

pub(super) use events::{consumed, expired, returned};
pub(super) use prices::price_of;
pub use service::grant_credits;

/// All operations on credits.
pub fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    api::CreditsApi::new(app)
}

impl Row for Entity {
    const TENANT: Column = Column::TenantId;
    const ID: Column = Column::Id;
    const DELETED_AT: Option<Column> = None;
    const MISSING: Code = Code::NotFound;

    /// An entry stays as it was made.
    fn updated_at(model: &Model) -> DateTime<Utc> {
        model.created_at
    }
}

impl Sortable for Entity {
    type Key = Column;
    const KEYS: &'static [(&'static str, Column)] = &[("created_at", Column::CreatedAt)];
    const NEWEST_FIRST: bool = true;
}
