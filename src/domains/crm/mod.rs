//! CRM: the people who book, as one business knows them.
//!
//! Owns `customers`, `customer_notes`, `customer_segments`, `segment_memberships`; the permissions `customer.*`,
//! `note.*`, `segment.*`; the events `CUSTOMER_*`, `SEGMENT_*`, whose payloads name nobody: what is personal stays in
//! the row, where it can be erased. One e-mail address is one customer of a business; one who was made unknown stays so.
//! Others come through [`find_or_create`], [`known`], [`card`], [`has_come`] and [`hold_quietly`].

mod api;
mod card;
mod contact;
mod dto;
mod events;
mod notes;
mod pseudonymize;
mod rules;
mod segments;
mod service;

use std::sync::Arc;

use ::entity::customers::{Column, Entity, Model};
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::db::row::Row;
use crate::error::Code;
use crate::guard::Sortable;

pub use card::{Card, card};
pub use contact::{NewContact, find_or_create};
pub use service::{has_come, hold_quietly, known};

/// All operations of the domain.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    (api::CustomersApi::new(app), notes::api(app), segments::api(app))
}

impl Row for Entity {
    const TENANT: Column = Column::TenantId;
    const ID: Column = Column::Id;
    const DELETED_AT: Option<Column> = Some(Column::DeletedAt);
    const MISSING: Code = Code::CustomerNotFound;

    fn updated_at(model: &Model) -> DateTime<Utc> {
        model.updated_at
    }
}

impl Sortable for Entity {
    type Key = Column;
    const KEYS: &'static [(&'static str, Column)] =
        &[("created_at", Column::CreatedAt), ("updated_at", Column::UpdatedAt), ("display_name", Column::DisplayName)];
    const NEWEST_FIRST: bool = true;
}
