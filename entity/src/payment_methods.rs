//! `payment_methods`: a way to pay that a customer left with the provider.

use crate::enums::{PaymentProvider, StoredMethodStatus};
use crate::ids::{CustomerId, PaymentMethodId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "payment_methods")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PaymentMethodId,
    pub customer_id: CustomerId,
    pub provider: PaymentProvider,
    #[sea_orm(column_type = "Text")]
    pub provider_account_id: String,
    /// None until the customer has given it to the provider.
    #[sea_orm(column_type = "Text", nullable)]
    pub provider_payment_method_id: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub provider_setup_intent_id: Option<String>,
    /// `card`, ..
    #[sea_orm(column_name = "type", column_type = "Text")]
    pub kind: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub last4: Option<String>,
    pub exp_month: Option<i32>,
    pub exp_year: Option<i32>,
    #[sea_orm(column_type = "Text", nullable)]
    pub brand: Option<String>,
    /// One of a customer is.
    pub is_default: bool,
    pub status: StoredMethodStatus,
    /// The customer agreed to charges without them.
    pub explicit_consent_flag: bool,
    #[sea_orm(column_type = "Text", nullable)]
    pub consent_text: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub consent_version: Option<String>,
    pub consent_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub consent_ip: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
