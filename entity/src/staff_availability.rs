//! `staff_availability`: hours of a member of staff on one weekday, written through to `availability_rules`.

use crate::ids::{StaffAvailabilityId, StaffProfileId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "staff_availability")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StaffAvailabilityId,
    pub staff_profile_id: StaffProfileId,
    /// Monday = 0 .. Sunday = 6.
    pub weekday: i16,
    pub starts: Time,
    /// As in `availability_rules`.
    pub ends: Time,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
