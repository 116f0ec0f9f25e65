//! `subscription_bills`: what a business was billed by the platform, as the provider tells it.

use crate::enums::BillStatus;
use crate::ids::{SubscriptionBillId, TenantId, TenantSubscriptionId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "subscription_bills")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SubscriptionBillId,
    pub subscription_id: TenantSubscriptionId,
    #[sea_orm(column_type = "Text")]
    pub provider_invoice_id: String,
    /// As it is written on the bill.
    #[sea_orm(column_type = "Text", nullable)]
    pub number: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub status: BillStatus,
    #[sea_orm(column_type = "Text")]
    pub currency: String,
    /// Below zero it is a credit.
    pub amount_due_cents: i64,
    pub amount_paid_cents: i64,
    #[sea_orm(column_type = "Text", nullable)]
    pub hosted_url: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub pdf_url: Option<String>,
    pub issued_at: DateTimeUtc,
    pub paid_at: Option<DateTimeUtc>,
    /// How often it was paid by hand, or tried.
    pub attempts: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
