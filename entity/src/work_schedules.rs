//! `work_schedules`: hours of a member of staff for a season or for some dates, and time off; written through to
//! `availability_rules` and `availability_exceptions`.

use crate::enums::ScheduleType;
use crate::ids::{StaffProfileId, TenantId, WorkScheduleId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "work_schedules")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WorkScheduleId,
    pub staff_profile_id: StaffProfileId,
    pub schedule_type: ScheduleType,
    /// Null only where it recurs: always.
    pub valid_from: Option<Date>,
    /// Included. Null only where it recurs: for ever.
    pub valid_until: Option<Date>,
    /// A list of windows: `start_time`, `end_time`, and `weekday` where it recurs.
    #[sea_orm(column_type = "JsonBinary")]
    pub work_hours: Json,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
