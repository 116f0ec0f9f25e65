//! `invoice_series`: where each series of numbers is, a year at a time.

use crate::enums::InvoiceKind;
use crate::ids::TenantId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "invoice_series")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub series: InvoiceKind,
    /// Of the calendar in the business's own zone.
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    /// The last one that was given.
    pub last_number: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
