//! `service_resource_groups`: how one is chosen out of a group of a service's resources, and what of it is taken.
//!
//! A group is the resources of one `position` in `service_resources`; without a row here it has the defaults.

use crate::enums::GroupPick;
use crate::ids::{ServiceId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "service_resource_groups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub service_id: ServiceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i16,
    #[sea_orm(column_type = "Text", nullable)]
    pub name: Option<String>,
    pub pick: GroupPick,
    /// How many different ones are needed.
    pub count: i32,
    /// What is taken of each; `None` is one of equipment, and a member of staff or a room as a whole.
    pub units: Option<i32>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
