//! Segments: groups of customers, by what they have in common or by hand.
//!
//! Who fulfils a segment's criteria is found out when it is read, never kept. Those who were picked by hand are in it
//! beside them. Nobody who was deleted or made unknown is in any.

mod api;
mod dto;
mod events;
mod find;
mod members;
mod rules;
mod service;

use std::sync::Arc;

use ::entity::customer_segments::{Column, Entity, Model};
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::db::row::Row;
use crate::error::Code;
use crate::guard::Sortable;

pub(super) use members::forget;

/// All operations on segments.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    api::api(app)
}

impl Row for Entity {
    const TENANT: Column = Column::TenantId;
    const ID: Column = Column::Id;
    const DELETED_AT: Option<Column> = None;
    const MISSING: Code = Code::SegmentNotFound;

    fn updated_at(model: &Model) -> DateTime<Utc> {
        model.updated_at
    }
}

impl Sortable for Entity {
    type Key = Column;
    const KEYS: &'static [(&'static str, Column)] =
        &[("name", Column::Name), ("created_at", Column::CreatedAt), ("updated_at", Column::UpdatedAt)];
}
