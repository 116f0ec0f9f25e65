//! Services: what can be booked, for how long and for how much.
//!
//! The public sees the active ones, without what is nobody's business (buffers, order, metadata). A service's
//! slug is made of its first name and stays, since addresses hang on it. Deleting a service leaves its bookings:
//! what was promised is kept, only no new booking can be made.

mod admin;
mod api;
mod dto;
mod events;
mod needs;
mod rules;
mod service;

use std::sync::Arc;

use ::entity::services::{Column, Entity, Model};
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::db::row::Row;
use crate::error::Code;
use crate::guard::Sortable;

pub use service::{all_exist, exists};

/// All operations on services.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    (api::ServicesApi::new(app), api::PublicCatalogueApi::new(app), admin::api(app))
}

impl Row for Entity {
    const TENANT: Column = Column::TenantId;
    const ID: Column = Column::Id;
    const DELETED_AT: Option<Column> = Some(Column::DeletedAt);
    const MISSING: Code = Code::ServiceNotFound;

    fn updated_at(model: &Model) -> DateTime<Utc> {
        model.updated_at
    }
}

impl Sortable for Entity {
    type Key = Column;
    const KEYS: &'static [(&'static str, Column)] = &[
        ("sort_order", Column::SortOrder),
        ("name", Column::Name),
        ("price_cents", Column::PriceCents),
        ("duration_min", Column::DurationMin),
        ("created_at", Column::CreatedAt),
    ];
}
