//! `tenants`: a business.
//!
//! Requests may not write `slug`, `status` and `deleted_at`: a trigger mirrors them in `tenant_directory`.

use crate::enums::TenantStatus;
use crate::ids::TenantId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "tenants")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TenantId,
    #[sea_orm(column_type = "Text")]
    pub slug: String,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub email: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub category: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub logo_url: Option<String>,
    /// IANA zone.
    #[sea_orm(column_type = "Text")]
    pub tz: String,
    /// ISO 4217.
    #[sea_orm(column_type = "Text")]
    pub currency: String,
    #[sea_orm(column_type = "Text")]
    pub locale: String,
    pub status: TenantStatus,
    /// Texts shown before a booking, the policies among them.
    #[sea_orm(column_type = "JsonBinary")]
    pub trust_copy_json: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub settings_json: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub billing_json: Json,
    pub is_public_directory: bool,
    #[sea_orm(column_type = "Text", nullable)]
    pub public_blurb: Option<String>,
    /// Hundredths of a percent: 300 is 3.00 %.
    pub default_no_show_fee_bps: i32,
    /// Whether its account at the provider may be charged on. Follows the account.
    pub charges_enabled: bool,
    pub deleted_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
