//! Loyalty: the points that customers earn and redeem.
//!
//! Owns `loyalty_accounts`, `loyalty_transactions`, `loyalty_settings`, `loyalty_tiers`; the permissions `loyalty.*`; the
//! events `LOYALTY_POINTS_*`. An account comes into being with its first points. Its balance is the sum of its
//! transactions and never below zero, its tier follows from all that was ever earned, by where the business's tiers
//! begin (`program`). The booking domain comes through [`award`], others give points through [`give`].

mod api;
mod dto;
mod events;
mod program;
mod rules;
mod service;

use std::sync::Arc;

use ::entity::loyalty_transactions::{Column, Entity, Model};
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::db::row::Row;
use crate::error::Code;
use crate::guard::Sortable;

pub use service::{award, give};

/// All operations of the domain.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    (api::LoyaltyApi::new(app), program::api(app))
}

impl Row for Entity {
    const TENANT: Column = Column::TenantId;
    const ID: Column = Column::Id;
    const DELETED_AT: Option<Column> = None;
    const MISSING: Code = Code::NotFound;

    /// A movement of points stays as it was made.
    fn updated_at(model: &Model) -> DateTime<Utc> {
        model.created_at
    }
}

impl Sortable for Entity {
    type Key = Column;
    const KEYS: &'static [(&'static str, Column)] = &[("created_at", Column::CreatedAt)];
    const NEWEST_FIRST: bool = true;
}
