//! `invoices`: invoices and the credit notes that take from them. Amounts are minor units of `currency`.

use crate::enums::{InvoiceKind, InvoiceStatus};
use crate::ids::{BookingId, CustomerId, InvoiceId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "invoices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvoiceId,
    #[sea_orm(column_type = "Text")]
    pub kind: InvoiceKind,
    #[sea_orm(column_type = "Text")]
    pub status: InvoiceStatus,
    /// The place in the series; none while it is a draft.
    pub year: Option<i32>,
    pub number: Option<i64>,
    /// The same as it is written: `INV-2026-000001`.
    #[sea_orm(column_type = "Text", nullable)]
    pub reference: Option<String>,
    pub customer_id: Option<CustomerId>,
    pub booking_id: Option<BookingId>,
    pub payment_id: Option<Uuid>,
    pub refund_id: Option<Uuid>,
    /// The invoice that a credit note takes from.
    pub invoice_id: Option<InvoiceId>,
    #[sea_orm(column_type = "Text")]
    pub currency: String,
    /// Without tax.
    pub subtotal_cents: i64,
    pub tax_cents: i64,
    pub total_cents: i64,
    /// What credit notes have taken from it.
    pub credited_cents: i64,
    /// Both sides as they were.
    #[sea_orm(column_type = "JsonBinary")]
    pub seller: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub buyer: Json,
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    /// The day in the business's own zone.
    pub issued_on: Option<Date>,
    pub issued_at: Option<DateTimeUtc>,
    pub due_at: Option<DateTimeUtc>,
    pub paid_at: Option<DateTimeUtc>,
    pub voided_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
