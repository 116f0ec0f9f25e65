//! `bookings`: an appointment, or a seat in a class.
//!
//! `canceled_at` and `no_show_flag` follow `status` by a trigger, and so do the states of its allocations.

use crate::enums::{
    BookingPaymentStatus, BookingSource, BookingStatus, CanceledBy, CoverageKind, NoShowFeeStatus, PaymentMode,
};
use crate::ids::{BookingId, BookingSeriesId, ClassSessionId, CustomerId, ResourceId, ServiceId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "bookings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BookingId,
    pub customer_id: CustomerId,
    pub service_id: ServiceId,
    pub resource_id: ResourceId,
    pub class_session_id: Option<ClassSessionId>,
    #[sea_orm(column_type = "Text", nullable)]
    pub client_generated_id: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub service_snapshot: Json,
    pub start_at: DateTimeUtc,
    pub end_at: DateTimeUtc,
    /// Leave unset on insert and it is filled: the resource's zone, else the tenant's.
    #[sea_orm(column_type = "Text")]
    pub booking_tz: String,
    /// Moves along the arrows of `app.booking_transition()` only.
    pub status: BookingStatus,
    pub source: BookingSource,
    pub attendee_count: i32,
    pub total_cents: i64,
    /// ISO 4217.
    #[sea_orm(column_type = "Text")]
    pub currency: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub notes: Option<String>,
    pub confirmed_at: Option<DateTimeUtc>,
    pub checked_in_at: Option<DateTimeUtc>,
    pub completed_at: Option<DateTimeUtc>,
    pub canceled_at: Option<DateTimeUtc>,
    pub canceled_by: Option<CanceledBy>,
    #[sea_orm(column_type = "Text", nullable)]
    pub cancel_reason: Option<String>,
    pub no_show_flag: bool,
    pub no_show_fee_status: NoShowFeeStatus,
    pub rescheduled_from: Option<BookingId>,
    /// The rule of repetition that it came of, and its place there.
    pub series_id: Option<BookingSeriesId>,
    pub series_index: Option<i32>,
    /// Shared by the bookings of one visit.
    pub itinerary_id: Option<Uuid>,
    /// What pays for it instead of money.
    pub covered_by: Option<CoverageKind>,
    /// Made over somebody else's time, on purpose.
    pub overbooked: bool,
    /// It was booked at a time that is not listed, on purpose.
    pub unlisted: bool,
    /// What was agreed upon by the clock on the wall, and where that wall is.
    pub wall_start: Option<DateTime>,
    #[sea_orm(column_type = "Text", nullable)]
    pub wall_tz: Option<String>,
    /// The release of the zone rules that made `start_at` of it.
    #[sea_orm(column_type = "Text", nullable)]
    pub tzdata: Option<String>,
    /// What is paid before it is confirmed, as the service said when it was booked.
    pub payment_mode: PaymentMode,
    pub payment_status: BookingPaymentStatus,
    /// Until when it must be paid, or it fails.
    pub payment_due_at: Option<DateTimeUtc>,
    /// How much must be paid for it to be confirmed.
    pub payment_due_cents: i64,
    /// All that was paid, gift cards too, tips not.
    pub paid_cents: i64,
    /// What coupons have taken off its price.
    pub discount_cents: i64,
    pub refunded_cents: i64,
    /// What is to be given back of it.
    pub refund_due_cents: i64,
    pub tax_bps: i32,
    pub tax_included: bool,
    /// The most that not coming costs, as it was when it was booked.
    pub no_show_fee_cents: i64,
    /// Paid, it waits for the business all the same.
    pub confirm_by_hand: bool,
    #[sea_orm(column_type = "Text", nullable)]
    pub payment_intent_id: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
