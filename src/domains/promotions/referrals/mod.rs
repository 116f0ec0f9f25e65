//! Referrals: who brought whom along, and what both get for it.
//!
//! Each customer has a code and is brought along once, with their first booking. When the first booking of theirs is
//! completed both are rewarded, once, in that booking's transaction, as the business says at that time.

mod api;
mod claim;
mod dto;
mod events;
mod service;

use std::sync::Arc;

use ::entity::referrals::{Column, Entity, Model};
use chrono::{DateTime, Utc};
use poem_openapi::OpenApi;

use crate::app::App;
use crate::db::row::Row;
use crate::error::Code;
use crate::guard::Sortable;

pub use claim::{Claimed, booking_completed, referral_claim};
pub use service::referral_code;

/// All operations on referrals.
pub fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    api::ReferralsApi::new(app)
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
    const NEWEST_FIRST: bool = true;
}
