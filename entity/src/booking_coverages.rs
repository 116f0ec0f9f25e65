//! `booking_coverages`: what a booking is paid with instead of money. It goes along when the booking moves.

use crate::enums::{CoverageKind, CoverageStatus};
use crate::ids::{BookingCoverageId, BookingId, CustomerId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "booking_coverages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BookingCoverageId,
    pub booking_id: BookingId,
    pub customer_id: CustomerId,
    pub kind: CoverageKind,
    /// Sessions or credits.
    pub units: i64,
    pub movement_id: Uuid,
    pub status: CoverageStatus,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
