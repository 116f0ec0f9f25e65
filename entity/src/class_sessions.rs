//! `class_sessions`: one start of a service with several seats.

use crate::ids::{ClassSessionId, ResourceId, ServiceId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "class_sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ClassSessionId,
    pub service_id: ServiceId,
    pub resource_id: ResourceId,
    pub start_at: DateTimeUtc,
    pub end_at: DateTimeUtc,
    pub capacity: i32,
    /// Changed by `taken = taken + n` under a guard only.
    pub taken: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
