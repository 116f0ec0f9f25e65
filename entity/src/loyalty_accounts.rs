//! `loyalty_accounts`: a customer's points.

use crate::enums::LoyaltyTier;
use crate::ids::{CustomerId, LoyaltyAccountId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "loyalty_accounts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LoyaltyAccountId,
    pub customer_id: CustomerId,
    /// The sum of the account's transactions; never below zero.
    pub points_balance: i64,
    pub total_earned: i64,
    pub total_redeemed: i64,
    /// Follows from `total_earned`.
    #[sea_orm(column_type = "Text")]
    pub tier: LoyaltyTier,
    /// Points of an account that is not active do not move.
    pub is_active: bool,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
