//! `booking_items`: the parts of a booking, each with its resource and price.

use crate::ids::{BookingId, BookingItemId, ResourceId, ServiceId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "booking_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BookingItemId,
    pub booking_id: BookingId,
    pub resource_id: ResourceId,
    pub service_id: ServiceId,
    pub start_at: DateTimeUtc,
    pub end_at: DateTimeUtc,
    pub buffer_before_min: i32,
    pub buffer_after_min: i32,
    pub price_cents: i64,
    /// The place of its resource in the booking; the first is the one that the customer meets.
    pub position: i16,
    /// Nobody asked for this resource: the rule of its group chose it.
    pub picked: bool,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
