//! Schedules of a member of staff: a season's weekly hours, other hours on some dates, time off.
//!
//! What recurs is written through to the rules of their resource, the rest to its exceptions: a row a window or a date,
//! which goes with the schedule. Seasons do not lie over each other or over other weekly hours: the windows of a
//! resource never overlap, whoever set them.

mod api;
mod dto;
mod rules;
mod service;

use std::sync::Arc;

use ::entity::work_schedules::{Column, Entity, Model};
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::db::row::Row;
use crate::error::Code;
use crate::guard::Sortable;

/// All operations on schedules.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    api::WorkSchedulesApi::new(app)
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

impl Sortable for Entity {
    type Key = Column;
    const KEYS: &'static [(&'static str, Column)] = &[("created_at", Column::CreatedAt)];
}
