//! `resources`: who or what gives a service: staff, rooms, equipment.

use crate::enums::ResourceType;
use crate::ids::{ResourceId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "resources")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ResourceId,
    /// Column and wire name: `type`.
    #[sea_orm(column_name = "type")]
    pub kind: ResourceType,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// IANA zone; null: the tenant's.
    #[sea_orm(column_type = "Text", nullable)]
    pub tz: Option<String>,
    pub capacity: i32,
    pub is_active: bool,
    #[sea_orm(column_type = "JsonBinary")]
    pub metadata_json: Json,
    /// How many bookings a day, week or month take.
    #[sea_orm(column_type = "JsonBinary")]
    pub limits_json: Json,
    pub deleted_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
