//! `loyalty_tiers`: where a business's tiers begin, and how much more they earn; without rows 0, 500, 2000, 5000 and no more.

use crate::enums::LoyaltyTier;
use crate::ids::TenantId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "loyalty_tiers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub tier: LoyaltyTier,
    /// Points ever earned.
    pub threshold: i64,
    /// Basis points of what is earned: 10000 is once.
    pub multiplier_bps: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
