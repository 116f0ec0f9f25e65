//! `loyalty_settings`: how a business's points are earned and what they are worth; without a row a point for each whole unit of money.

use crate::enums::LoyaltyEarn;
use crate::ids::TenantId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "loyalty_settings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    pub earn_by: LoyaltyEarn,
    /// Points for each whole unit of money, or for each visit.
    pub points: i32,
    /// So many points are one credit; null: they are not redeemed for credits.
    pub points_per_credit: Option<i32>,
    /// So many points are a coupon over one whole unit of money; null: not redeemed for coupons.
    pub points_per_unit: Option<i32>,
    /// How long what points were redeemed for is good; null: for ever.
    pub valid_days: Option<i32>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
