//! `waitlist_entries`: who waits for a time of a service. An offer is a hold.

use crate::enums::{BookingSource, WaitlistStatus};
use crate::ids::{BookingHoldId, BookingId, CustomerId, ResourceId, ServiceId, TenantId, WaitlistEntryId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "waitlist_entries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WaitlistEntryId,
    pub customer_id: CustomerId,
    pub service_id: ServiceId,
    /// `None`: whoever gives the service.
    pub resource_id: Option<ResourceId>,
    /// Starts from here on are wanted ..
    pub from_at: DateTimeUtc,
    /// .. and before here.
    pub until_at: DateTimeUtc,
    pub attendee_count: i32,
    pub status: WaitlistStatus,
    pub source: BookingSource,
    #[sea_orm(column_type = "Text", nullable)]
    pub notes: Option<String>,
    /// How many offers there were.
    pub offers: i32,
    pub offered_at: Option<DateTimeUtc>,
    pub offer_expires_at: Option<DateTimeUtc>,
    /// The present offer, or the last one.
    pub hold_id: Option<BookingHoldId>,
    pub booking_id: Option<BookingId>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
