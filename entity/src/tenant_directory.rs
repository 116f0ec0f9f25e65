//! `tenant_directory`: which tenant a slug leads to. Kept by a trigger on `tenants`; read by everybody, written by nobody.

use crate::enums::TenantStatus;
use crate::ids::TenantId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "tenant_directory")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub slug: String,
    pub tenant_id: TenantId,
    /// `closed` for a deleted tenant.
    pub status: TenantStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
