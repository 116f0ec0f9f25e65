//! Packages that can be bought: so many sessions of these services at one price.
//!
//! What a package is stays as it was made, since it was sold as that; its name, its price and whether it is sold change.
//! A deleted one is sold no more, and its sessions stay good.

mod api;
mod dto;
mod events;
mod public;
mod service;

use std::sync::Arc;

use ::entity::packages::{Column, Entity, Model};
use chrono::{DateTime, Utc};
use poem_openapi::OpenApi;

use crate::app::App;
use crate::db::row::Row;
use crate::error::Code;
use crate::guard::Sortable;

pub(super) use service::{services_of, sold};

/// All operations on packages.
pub fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    (api::PackagesApi::new(app), public::PublicPackagesApi::new(app))
}

impl Row for Entity {
    const TENANT: Column = Column::TenantId;
    const ID: Column = Column::Id;
    const DELETED_AT: Option<Column> = Some(Column::DeletedAt);
    const MISSING: Code = Code::PackageNotFound;

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
        ("created_at", Column::CreatedAt),
    ];
}
