//! `purchases`: something that somebody buys, on the terms of when they bought it: worth something once it is paid.

use crate::enums::{BookingSource, PaidWith, PurchaseKind, PurchaseStatus};
use crate::ids::{CustomerId, CustomerMembershipId, PackageId, PurchaseId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "purchases")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PurchaseId,
    pub customer_id: CustomerId,
    pub kind: PurchaseKind,
    pub package_id: Option<PackageId>,
    pub membership_id: Option<CustomerMembershipId>,
    /// Sessions or credits.
    pub quantity: i64,
    /// Days from when it is paid; null: for ever, or to the end of a membership's period.
    pub valid_days: Option<i32>,
    /// Which of a membership's periods it is for.
    pub period: Option<i32>,
    #[sea_orm(column_type = "Text")]
    pub description: String,
    pub amount_cents: i64,
    #[sea_orm(column_type = "Text")]
    pub currency: String,
    pub status: PurchaseStatus,
    pub paid_with: Option<PaidWith>,
    pub payment_id: Option<Uuid>,
    pub source: BookingSource,
    pub paid_at: Option<DateTimeUtc>,
    pub undone_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
