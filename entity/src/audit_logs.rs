//! `audit_logs`: who changed what. Only grows; written by triggers.

use crate::ids::{AuditLogId, TenantId, UserId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "audit_logs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditLogId,
    /// Null: outside every tenant.
    pub tenant_id: Option<TenantId>,
    #[sea_orm(column_type = "Text")]
    pub table_name: String,
    #[sea_orm(column_type = "Text")]
    pub operation: String,
    /// Null where the row has no `id` of its own.
    pub record_id: Option<Uuid>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub old_data: Option<Json>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub new_data: Option<Json>,
    pub user_id: Option<UserId>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
