//! `branding`: a tenant's logo, colours and type; one row.

use crate::ids::{BrandingId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "branding")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BrandingId,
    #[sea_orm(column_type = "Text", nullable)]
    pub logo_url: Option<String>,
    /// `#rrggbb`
    #[sea_orm(column_type = "Text", nullable)]
    pub primary_color: Option<String>,
    /// `#rrggbb`
    #[sea_orm(column_type = "Text", nullable)]
    pub secondary_color: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub font_family: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub custom_css: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
