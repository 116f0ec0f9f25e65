//! `gift_card_transactions`: every movement of a card's money. Only grows.

use crate::enums::GiftCardMove;
use crate::ids::{GiftCardId, GiftCardTransactionId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "gift_card_transactions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GiftCardTransactionId,
    pub gift_card_id: GiftCardId,
    pub kind: GiftCardMove,
    /// Above zero into the card, below out of it.
    pub amount_cents: i64,
    pub balance_cents: i64,
    pub payment_id: Option<Uuid>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
