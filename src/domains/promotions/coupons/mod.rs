//! Coupons: codes that make something cheaper.
//!
//! A code is unique in the business, however it is spelt. What a coupon is worth never changes: whoever was promised
//! ten per cent gets ten. A redemption goes with a payment and stands until that payment fails.

mod api;
mod dto;
mod events;
mod give;
mod public;
mod redeem;
mod rules;
mod service;
mod trial;

use std::sync::Arc;

use ::entity::{coupon_redemptions, coupons};
use chrono::{DateTime, Utc};
use poem_openapi::OpenApi;

use crate::app::App;
use crate::db::row::Row;
use crate::error::Code;
use crate::guard::Sortable;

pub(super) use give::code;
pub use give::{GivenCoupon, give_coupon};
pub use redeem::{CouponUse, Discount, coupon_quote, coupon_redeem, coupon_release};
pub use rules::Worth;

/// All operations on coupons.
pub fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    (api::CouponsApi::new(app), public::PublicCouponsApi::new(app))
}

impl Row for coupons::Entity {
    const TENANT: coupons::Column = coupons::Column::TenantId;
    const ID: coupons::Column = coupons::Column::Id;
    const DELETED_AT: Option<coupons::Column> = Some(coupons::Column::DeletedAt);
    const MISSING: Code = Code::CouponNotFound;

    fn updated_at(model: &coupons::Model) -> DateTime<Utc> {
        model.updated_at
    }
}

impl Sortable for coupons::Entity {
    type Key = coupons::Column;
    const KEYS: &'static [(&'static str, coupons::Column)] =
        &[("created_at", coupons::Column::CreatedAt), ("code", coupons::Column::CodeNormalized)];
    const NEWEST_FIRST: bool = true;
}

impl Row for coupon_redemptions::Entity {
    const TENANT: coupon_redemptions::Column = coupon_redemptions::Column::TenantId;
    const ID: coupon_redemptions::Column = coupon_redemptions::Column::Id;
    const DELETED_AT: Option<coupon_redemptions::Column> = None;
    const MISSING: Code = Code::NotFound;

    fn updated_at(model: &coupon_redemptions::Model) -> DateTime<Utc> {
        model.updated_at
    }
}

impl Sortable for coupon_redemptions::Entity {
    type Key = coupon_redemptions::Column;
    const KEYS: &'static [(&'static str, coupon_redemptions::Column)] =
        &[("created_at", coupon_redemptions::Column::CreatedAt)];
    const NEWEST_FIRST: bool = true;
}
