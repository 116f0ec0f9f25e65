//! `customer_memberships`: periods counted in the zone of the member, so that the 31st stays the 31st.

use crate::enums::MembershipStatus;
use crate::ids::{CustomerId, CustomerMembershipId, MembershipPlanId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "customer_memberships")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CustomerMembershipId,
    pub customer_id: CustomerId,
    pub plan_id: MembershipPlanId,
    pub status: MembershipStatus,
    #[sea_orm(column_type = "Text")]
    pub tz: String,
    /// The day from which periods are counted, once it has begun, and the number of the one that begins on it.
    pub anchor: Option<Date>,
    pub anchor_period: i32,
    /// The number of the present period.
    pub period: i32,
    pub period_ends: Option<DateTimeUtc>,
    pub paused_at: Option<DateTimeUtc>,
    /// It ends with its period.
    pub ends_then: bool,
    pub ended_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
