//! `availability_rules`: a resource's weekly hours.

use crate::enums::RuleType;
use crate::ids::{AvailabilityRuleId, ResourceId, StaffAvailabilityId, TenantId, WorkScheduleId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "availability_rules")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AvailabilityRuleId,
    pub resource_id: ResourceId,
    pub rule_type: RuleType,
    /// Monday = 0 .. Sunday = 6.
    pub weekday: i16,
    pub starts: Time,
    /// Wall time in the zone of the resource. Not after `starts`: the next day. 00:00 to 00:00 is the whole day.
    pub ends: Time,
    pub valid_from: Option<Date>,
    /// Included.
    pub valid_until: Option<Date>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// What it follows from, at most one of the two; null: it was written as a rule.
    pub staff_availability_id: Option<StaffAvailabilityId>,
    pub work_schedule_id: Option<WorkScheduleId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
