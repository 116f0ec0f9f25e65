//! `gift_cards`: money that was paid ahead, for whoever has the code.

use crate::enums::{BookingSource, GiftCardStatus};
use crate::ids::{CustomerId, GiftCardId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "gift_cards")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GiftCardId,
    /// SHA-256 of the code, whose 80 bits are as good as random; its last letters, so that people can tell cards apart.
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub code_hash: Vec<u8>,
    #[sea_orm(column_type = "Text")]
    pub code_hint: String,
    pub status: GiftCardStatus,
    pub initial_cents: i64,
    /// The sum of the card's transactions.
    pub balance_cents: i64,
    #[sea_orm(column_type = "Text")]
    pub currency: String,
    pub purchaser_customer_id: Option<CustomerId>,
    pub recipient_customer_id: Option<CustomerId>,
    #[sea_orm(column_type = "Text", nullable)]
    pub message: Option<String>,
    pub source: BookingSource,
    /// The payment that bought it.
    pub payment_id: Option<Uuid>,
    pub expires_at: Option<DateTimeUtc>,
    pub activated_at: Option<DateTimeUtc>,
    pub sent_at: Option<DateTimeUtc>,
    pub voided_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
