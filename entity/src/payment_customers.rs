//! `payment_customers`: who a customer is at the provider, on each account of the business.

use crate::enums::PaymentProvider;
use crate::ids::{CustomerId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "payment_customers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub customer_id: CustomerId,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub provider_account_id: String,
    pub provider: PaymentProvider,
    /// `cus_..`
    #[sea_orm(column_type = "Text")]
    pub provider_customer_id: String,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
