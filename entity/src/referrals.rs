//! `referrals`: who brought whom; each customer is brought once.

use crate::enums::{ReferralReward, ReferralStatus};
use crate::ids::{BookingId, CustomerId, ReferralId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "referrals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReferralId,
    pub referrer_customer_id: CustomerId,
    pub referee_customer_id: CustomerId,
    /// The first booking.
    pub booking_id: BookingId,
    pub status: ReferralStatus,
    /// What was given, in which unit.
    pub reward: Option<ReferralReward>,
    pub referrer_reward: Option<i64>,
    pub referee_reward: Option<i64>,
    pub rewarded_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
