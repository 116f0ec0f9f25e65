//! `coupon_redemptions`: a coupon that went with a payment: from when the payment was begun, until it fails.

use crate::enums::RedemptionStatus;
use crate::ids::{BookingId, CouponId, CouponRedemptionId, CustomerId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "coupon_redemptions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CouponRedemptionId,
    pub coupon_id: CouponId,
    pub customer_id: CustomerId,
    pub payment_id: Uuid,
    pub booking_id: Option<BookingId>,
    pub amount_cents: i64,
    #[sea_orm(column_type = "Text")]
    pub currency: String,
    pub status: RedemptionStatus,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
