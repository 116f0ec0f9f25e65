//! `packages`: so many sessions at one price.

use crate::enums::PackageType;
use crate::ids::{PackageId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "packages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PackageId,
    #[sea_orm(column_name = "type")]
    pub r#type: PackageType,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    pub sessions: i32,
    pub price_cents: i64,
    #[sea_orm(column_type = "Text")]
    pub currency: String,
    /// Null: for ever.
    pub valid_days: Option<i32>,
    pub active: bool,
    pub sort_order: i32,
    pub deleted_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
