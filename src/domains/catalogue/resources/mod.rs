//! Resources: who and what performs services: staff, rooms, equipment.

use ::entity::resources::{Column, Entity, Model};
use chrono::{DateTime, Utc};

use crate::db::row::Row;
use crate::error::Code;
use crate::guard::Sortable;

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
