//! `themes`: versions of a tenant's look, one of them published.
//!
//! To publish, set the published one back to draft first: the database allows no two at any moment.

use crate::enums::ThemeStatus;
use crate::ids::{TenantId, ThemeId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "themes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ThemeId,
    pub version: i32,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// `#rrggbb`
    #[sea_orm(column_type = "Text", nullable)]
    pub brand_color: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub logo_url: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub theme_json: Json,
    pub status: ThemeStatus,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
