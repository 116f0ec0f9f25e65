//! `coupons`: codes that make something cheaper.

use crate::enums::CouponKind;
use crate::ids::{CouponId, CustomerId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "coupons")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CouponId,
    /// As it was written, and as it is compared: in capitals.
    #[sea_orm(column_type = "Text")]
    pub code: String,
    #[sea_orm(column_type = "Text")]
    pub code_normalized: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub name: Option<String>,
    pub kind: CouponKind,
    pub percent_bps: Option<i32>,
    pub amount_cents: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub currency: String,
    pub min_amount_cents: i64,
    pub first_visit_only: bool,
    /// Null: as often as they like.
    pub max_per_customer: Option<i32>,
    pub max_redemptions: Option<i32>,
    /// How many redemptions stand.
    pub redeemed: i32,
    pub starts_at: Option<DateTimeUtc>,
    pub ends_at: Option<DateTimeUtc>,
    pub active: bool,
    /// Null: whoever has the code.
    pub customer_id: Option<CustomerId>,
    pub deleted_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
