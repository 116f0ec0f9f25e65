//! `tenant_billing`: the account on which a business is paid, and how it pays the platform; one row.

use crate::ids::{TenantBillingId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "tenant_billing")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TenantBillingId,
    /// `acct_..`
    #[sea_orm(column_type = "Text", nullable)]
    pub stripe_account_id: Option<String>,
    pub charges_enabled: bool,
    pub payouts_enabled: bool,
    pub details_submitted: bool,
    /// When the provider was asked for that.
    pub account_seen_at: Option<DateTimeUtc>,
    /// Since when the account is closed to us.
    pub deauthorized_at: Option<DateTimeUtc>,
    pub account_attempts: i32,
    pub link_attempts: i32,
    /// Hundredths of a percent.
    pub application_fee_bps: i32,
    /// `cus_..`
    #[sea_orm(column_type = "Text", nullable)]
    pub stripe_customer_id: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub subscription_status: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
