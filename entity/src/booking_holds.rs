//! `booking_holds`: time that is promised until `expires_at`, before it is booked.
//!
//! Its time stands in `booking_allocations.hold_id`, or as seats of a class. Once expired it blocks nobody: whoever
//! takes the time takes it over.

use crate::enums::{BookingSource, HoldStatus};
use crate::ids::{BookingHoldId, BookingId, ClassSessionId, ResourceId, ServiceId, TenantId, WaitlistEntryId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "booking_holds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BookingHoldId,
    pub service_id: ServiceId,
    pub resource_id: ResourceId,
    pub class_session_id: Option<ClassSessionId>,
    pub waitlist_entry_id: Option<WaitlistEntryId>,
    pub start_at: DateTimeUtc,
    pub end_at: DateTimeUtc,
    pub attendee_count: i32,
    /// The price of all seats, as promised.
    pub total_cents: i64,
    #[sea_orm(column_type = "Text")]
    pub currency: String,
    pub status: HoldStatus,
    pub source: BookingSource,
    pub expires_at: DateTimeUtc,
    pub extensions: i32,
    pub booking_id: Option<BookingId>,
    /// The stranger who holds it: their network, hashed; only while it is held.
    #[sea_orm(column_type = "Text", nullable)]
    pub visitor_hash: Option<String>,
    /// The line was not asked about its time yet.
    pub offer_due: bool,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
