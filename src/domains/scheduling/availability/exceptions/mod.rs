//! Dates that differ from the weekly hours, of one resource or of the whole business. A range is a row a date, which
//! share its id; rows that follow from a schedule of a member of staff are changed there.

mod api;
mod dto;
pub mod rules;
mod service;

use std::sync::Arc;

use ::entity::availability_exceptions::{Column, Entity, Model};
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::db::row::Row;
use crate::error::Code;
use crate::guard::Sortable;

pub use service::{Dates, insert};

/// All operations on exceptions.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    api::AvailabilityExceptionsApi::new(app)
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
    const KEYS: &'static [(&'static str, Column)] =
        &[("exception_date", Column::ExceptionDate), ("created_at", Column::CreatedAt)];
}
