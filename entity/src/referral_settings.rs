//! `referral_settings`: what a business gives for bringing somebody along; without a row nothing.

use crate::enums::ReferralReward;
use crate::ids::TenantId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "referral_settings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    pub enabled: bool,
    pub reward: ReferralReward,
    /// Credits, points, minor units or basis points, as the reward says; 0 is nothing.
    pub referrer_reward: i64,
    pub referee_reward: i64,
    /// How long a coupon or credits are good; null is for ever.
    pub valid_days: Option<i32>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
