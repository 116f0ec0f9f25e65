//! `availability_exceptions`: a day that differs from the weekly hours.

use crate::ids::{AvailabilityExceptionId, ResourceId, TenantId, WorkScheduleId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "availability_exceptions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AvailabilityExceptionId,
    /// Null: the whole business.
    pub resource_id: Option<ResourceId>,
    pub exception_date: Date,
    pub is_available: bool,
    /// Null together with `ends`: the whole day.
    pub starts: Option<Time>,
    /// As in `availability_rules`.
    pub ends: Option<Time>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// What it follows from; null: it was written as an exception.
    pub work_schedule_id: Option<WorkScheduleId>,
    /// Dates that were made with one call share it.
    pub range_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
