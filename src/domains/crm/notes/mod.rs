//! Notes: what the staff wrote down about a customer.
//!
//! Whoever wrote a note may change it, and so may who has `note.manage`. Its words stand in its row alone: neither the
//! audit log nor an event holds them, so that they can be forgotten with the customer.

mod api;
mod dto;
mod events;
mod service;

use std::sync::Arc;

use ::entity::customer_notes::{Column, Entity, Model};
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::db::row::Row;
use crate::error::Code;
use crate::guard::Sortable;

pub(super) use service::forget;

/// All operations on notes.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    api::NotesApi::new(app)
}

impl Row for Entity {
    const TENANT: Column = Column::TenantId;
    const ID: Column = Column::Id;
    const DELETED_AT: Option<Column> = None;
    const MISSING: Code = Code::NoteNotFound;

    fn updated_at(model: &Model) -> DateTime<Utc> {
        model.updated_at
    }
}

impl Sortable for Entity {
    type Key = Column;
    const KEYS: &'static [(&'static str, Column)] =
        &[("created_at", Column::CreatedAt), ("updated_at", Column::UpdatedAt)];
    const NEWEST_FIRST: bool = true;
}
