//! `booking_allocations`: the time that a booking, a hold or a class takes from a resource, buffers included.
//!
//! `booking_no_overlap` lets no two exclusive rows in a blocking state meet. The range column `occupied` is the database's
//! own and is left out: under row security no index serves it.

use crate::enums::AllocationState;
use crate::ids::{BookingAllocationId, BookingHoldId, BookingId, ClassSessionId, ResourceId, TenantId};
use sea_orm::entity::prelude::*;

/// The longest time that one row may occupy: `booking_allocations_length`. Busy times are read with
/// `start_at > from - MAX_OCCUPIED AND start_at < to AND end_at > from`, and the states as
/// `coalesce(state IN (..), false)`: written plainly they imply the constraint's own index, which the planner then
/// takes, and filters.
pub const MAX_OCCUPIED: chrono::TimeDelta = chrono::TimeDelta::hours(24);

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "booking_allocations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BookingAllocationId,
    /// Exactly one of this, `class_session_id` and `hold_id`.
    pub booking_id: Option<BookingId>,
    pub class_session_id: Option<ClassSessionId>,
    pub hold_id: Option<BookingHoldId>,
    /// Until when a hold keeps the time.
    pub held_until: Option<DateTimeUtc>,
    pub resource_id: ResourceId,
    /// Occupied from.
    pub start_at: DateTimeUtc,
    /// Occupied until.
    pub end_at: DateTimeUtc,
    pub state: AllocationState,
    /// Set by `app.guard_allocation()`: whether the resource takes one at a time.
    pub exclusive: bool,
    pub quantity: i32,
    /// Taken over somebody else's time, on purpose.
    pub overbooked: bool,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
