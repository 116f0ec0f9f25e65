//! `services`: what can be booked.

use crate::enums::{PaymentMode, SlotGrid};
use crate::ids::{ServiceId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "services")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ServiceId,
    #[sea_orm(column_type = "Text")]
    pub slug: String,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub category: Option<String>,
    pub duration_min: i32,
    pub buffer_before_min: i32,
    pub buffer_after_min: i32,
    /// Null: the duration.
    pub interval_min: Option<i32>,
    pub notice_min: i32,
    /// Null: no end.
    pub horizon_days: Option<i32>,
    pub grid: SlotGrid,
    /// Seats of one start; 1 takes the resource for itself.
    pub capacity: i32,
    pub price_cents: i64,
    /// ISO 4217.
    #[sea_orm(column_type = "Text")]
    pub currency: String,
    pub requires_confirmation: bool,
    pub active: bool,
    pub sort_order: i32,
    #[sea_orm(column_type = "JsonBinary")]
    pub metadata_json: Json,
    /// How many bookings a day, week or month take.
    #[sea_orm(column_type = "JsonBinary")]
    pub limits_json: Json,
    /// What the public pays before a booking is confirmed.
    pub payment_mode: PaymentMode,
    /// One of the two for a deposit.
    pub deposit_bps: Option<i32>,
    pub deposit_cents: Option<i64>,
    /// Null: what the business says.
    pub tax_bps: Option<i32>,
    pub no_show_fee_bps: Option<i32>,
    pub no_show_fee_cents: Option<i64>,
    pub deleted_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
