//! Staff profiles: the person behind a resource of type staff.
//!
//! A profile is the face of its resource: the resource's name and activity follow it, and it leaves with it.
//! What slots are computed from is the resource; somebody without a membership never logs in.

mod api;
mod dto;
mod events;
mod service;

use std::sync::Arc;

use ::entity::staff_profiles::{Column, Entity, Model};
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::db::row::Row;
use crate::error::Code;
use crate::guard::Sortable;

pub use service::{get as find, hold};

/// All operations on staff profiles.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    api::StaffApi::new(app)
}

impl Row for Entity {
    const TENANT: Column = Column::TenantId;
    const ID: Column = Column::Id;
    const DELETED_AT: Option<Column> = Some(Column::DeletedAt);
    const MISSING: Code = Code::StaffNotFound;

    fn updated_at(model: &Model) -> DateTime<Utc> {
        model.updated_at
    }
}

impl Sortable for Entity {
    type Key = Column;
    const KEYS: &'static [(&'static str, Column)] =
        &[("display_name", Column::DisplayName), ("created_at", Column::CreatedAt)];
}
