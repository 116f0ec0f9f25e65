//! Purchases: what somebody buys ahead, on the terms of when they bought it.
//!
//! States: pending -> paid -> undone, or pending -> canceled. What a purchase gives is granted when it is paid, in the
//! same transaction, and once.

mod api;
mod dto;
mod events;
mod make;
mod pay;
mod public;
mod token;

use std::sync::Arc;

use ::entity::purchases::{Column, Entity, Model};
use chrono::{DateTime, Utc};
use poem_openapi::OpenApi;

use crate::app::App;
use crate::db::row::Row;
use crate::error::Code;
use crate::guard::Sortable;

pub use dto::{PaidWith, Purchase};
pub use make::{NewPurchase, cancel as call_off, make};
pub use pay::{purchase_due, purchase_paid, purchase_undone};
pub use token::open_purchase;

/// All operations on purchases.
pub fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    (api::PurchasesApi::new(app), public::PublicPurchasesApi::new(app))
}

impl Row for Entity {
    const TENANT: Column = Column::TenantId;
    const ID: Column = Column::Id;
    const DELETED_AT: Option<Column> = None;
    const MISSING: Code = Code::PurchaseNotFound;

    fn updated_at(model: &Model) -> DateTime<Utc> {
        model.updated_at
    }
}

impl Sortable for Entity {
    type Key = Column;
    const KEYS: &'static [(&'static str, Column)] = &[("created_at", Column::CreatedAt)];
    const NEWEST_FIRST: bool = true;
}
