//! Weekly hours that a member of staff has set: a window a row, each written through to one rule of their resource.

mod api;
mod dto;
mod service;

use std::sync::Arc;

use ::entity::staff_availability::{Column, Entity, Model};
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::db::row::Row;
use crate::error::Code;

/// All operations on the weekly hours of staff.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    api::StaffAvailabilityApi::new(app)
}

impl Row for Entity {
    const TENANT: Column = Column::TenantId;
    const ID: Column = Column::Id;
    const DELETED_AT: Option<Column> = None;
    const MISSING: Code = Code::NotFound;

    fn updated_at(model: &Model) -> DateTime<Utc> {
        model.updated_at
    }
}
