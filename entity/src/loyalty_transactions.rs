//! `loyalty_transactions`: every movement of points. Only grows.

use crate::ids::{BookingId, LoyaltyAccountId, LoyaltyTransactionId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "loyalty_transactions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LoyaltyTransactionId,
    pub loyalty_account_id: LoyaltyAccountId,
    /// Above zero when they were earned, below when they were redeemed.
    pub points_change: i64,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// The booking that earned them: each earns once.
    pub booking_id: Option<BookingId>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
