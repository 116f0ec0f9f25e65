//! `refunds`: money that is given back. Those that did not fail never sum up to more than was captured.

use crate::enums::{PaymentProvider, RefundStatus, RefundType};
use crate::ids::{BookingId, PaymentId, RefundId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "refunds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RefundId,
    pub payment_id: PaymentId,
    pub booking_id: Option<BookingId>,
    pub amount_cents: i64,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    pub refund_type: RefundType,
    pub provider: PaymentProvider,
    /// `re_..`
    #[sea_orm(column_type = "Text", nullable)]
    pub provider_refund_id: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub provider_metadata: Json,
    pub status: RefundStatus,
    #[sea_orm(column_type = "Text", nullable)]
    pub failure_reason: Option<String>,
    /// Who asks again with the same key finds this refund.
    #[sea_orm(column_type = "Text")]
    pub idempotency_key: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub metadata_json: Json,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
