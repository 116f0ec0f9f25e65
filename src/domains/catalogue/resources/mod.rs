//! Resources: who and what performs services: staff, rooms, equipment.
//!
//! A resource keeps its type for life. One on which a staff profile stands is deleted through the profile.

mod api;
mod dto;
mod events;
mod rules;
mod service;

use std::sync::Arc;

use ::entity::resources::{Column, Entity, Model};
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::db::row::Row;
use crate::error::Code;
use crate::guard::Sortable;

pub use service::{delete_for_staff, follow_staff, hold, live, make_for_staff};

/// All operations on resources.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    api::ResourcesApi::new(app)
}

impl Row for Entity {
    const TENANT: Column = Column::TenantId;
    const ID: Column = Column::Id;
    const DELETED_AT: Option<Column> = Some(Column::DeletedAt);
    const MISSING: Code = Code::ResourceNotFound;

    fn updated_at(model: &Model) -> DateTime<Utc> {
        model.updated_at
    }
}

impl Sortable for Entity {
    type Key = Column;
    const KEYS: &'static [(&'static str, Column)] = &[("name", Column::Name), ("created_at", Column::CreatedAt)];
}
