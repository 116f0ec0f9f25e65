//! `service_resources`: which resource may give which service, and in which of its groups.

use crate::ids::{ResourceId, ServiceId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "service_resources")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub service_id: ServiceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub resource_id: ResourceId,
    /// The group of the service in which it stands: one of each group is needed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i16,
    /// The highest comes first, where the group picks by priority.
    pub priority: i32,
    /// One of weight 2 takes twice as many bookings, where the group picks by number.
    pub weight: i32,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
