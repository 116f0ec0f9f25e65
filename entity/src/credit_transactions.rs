//! `credit_transactions`: the entries of the ledger. Only grows.

use crate::enums::CreditMove;
use crate::ids::{BookingId, CreditAccountId, CreditTransactionId, PurchaseId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "credit_transactions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CreditTransactionId,
    /// What belongs together and sums to nothing.
    pub movement_id: Uuid,
    pub account_id: CreditAccountId,
    pub kind: CreditMove,
    /// Above zero into the account, below out of it.
    pub amount: i64,
    pub booking_id: Option<BookingId>,
    pub purchase_id: Option<PurchaseId>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
