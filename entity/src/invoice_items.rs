//! `invoice_items`: the lines of an invoice or a credit note.

use crate::ids::{InvoiceId, InvoiceItemId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "invoice_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvoiceItemId,
    pub invoice_id: InvoiceId,
    /// From 1.
    pub position: i32,
    #[sea_orm(column_type = "Text")]
    pub description: String,
    pub quantity: i32,
    /// Of one piece, with its tax.
    pub unit_cents: i64,
    pub discount_cents: i64,
    /// Hundredths of a percent.
    pub tax_bps: i32,
    pub net_cents: i64,
    pub tax_cents: i64,
    pub total_cents: i64,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
