//! `booking_series`: a rule of repetition; its bookings name it.

use crate::enums::SeriesStatus;
use crate::ids::{BookingSeriesId, CustomerId, ResourceId, ServiceId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "booking_series")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BookingSeriesId,
    pub customer_id: CustomerId,
    pub service_id: ServiceId,
    /// `None`: whoever is free, each time.
    pub resource_id: Option<ResourceId>,
    /// RFC 5545, without DTSTART.
    #[sea_orm(column_type = "Text")]
    pub rrule: String,
    /// The first time, by the clock on the wall of `tz`.
    pub starts_local: DateTime,
    #[sea_orm(column_type = "Text")]
    pub tz: String,
    pub attendee_count: i32,
    pub status: SeriesStatus,
    /// How many times the rule names.
    pub occurrences: i32,
    /// How many of them were booked.
    pub booked: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
