//! `payments`: money that comes in, for exactly one of a booking, a purchase and a gift card.
//!
//! `status` moves along the arrows of `app.payment_transition()` only.

use crate::enums::{FeeType, PaymentMethod, PaymentProvider, PaymentStatus};
use crate::ids::{BookingId, CustomerId, PaymentId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "payments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PaymentId,
    /// Moves along when another booking takes its place.
    pub booking_id: Option<BookingId>,
    pub purchase_id: Option<Uuid>,
    pub gift_card_id: Option<Uuid>,
    pub customer_id: Option<CustomerId>,
    pub status: PaymentStatus,
    pub method: PaymentMethod,
    /// ISO 4217.
    #[sea_orm(column_type = "Text")]
    pub currency_code: String,
    /// What the payer gives; a gift card's part stands beside it.
    pub amount_cents: i64,
    pub amount_captured_cents: i64,
    pub amount_refunded_cents: i64,
    /// Part of what the payer gives.
    pub tip_cents: i64,
    pub tax_cents: i64,
    pub discount_cents: i64,
    pub gift_card_cents: i64,
    /// The platform's share.
    pub application_fee_cents: i64,
    pub no_show_fee_cents: i64,
    pub fee_type: FeeType,
    pub related_payment_id: Option<PaymentId>,
    pub provider: PaymentProvider,
    /// The account on which it is made: later calls name the same one.
    #[sea_orm(column_type = "Text", nullable)]
    pub provider_account_id: Option<String>,
    /// `pi_..`
    #[sea_orm(column_type = "Text", nullable)]
    pub provider_payment_id: Option<String>,
    /// `ch_..`
    #[sea_orm(column_type = "Text", nullable)]
    pub provider_charge_id: Option<String>,
    /// `cs_..`
    #[sea_orm(column_type = "Text", nullable)]
    pub provider_checkout_id: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub provider_setup_intent_id: Option<String>,
    /// `pm_..`
    #[sea_orm(column_type = "Text", nullable)]
    pub provider_method_id: Option<String>,
    /// The provider's own word.
    #[sea_orm(column_type = "Text", nullable)]
    pub provider_status: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub provider_metadata: Json,
    /// The key of the first call to the provider.
    #[sea_orm(column_type = "Text")]
    pub idempotency_key: String,
    /// What was asked for, as one value.
    #[sea_orm(column_type = "Text")]
    pub terms: String,
    /// Attempts that the provider has declined.
    pub declines: i32,
    #[sea_orm(column_type = "Text", nullable)]
    pub failure_code: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub failure_message: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub backup_setup_intent_id: Option<String>,
    /// The payer agreed to later charges: the card is kept.
    pub explicit_consent_flag: bool,
    #[sea_orm(column_type = "Text", nullable)]
    pub consent_text: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub consent_version: Option<String>,
    pub consent_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub consent_ip: Option<String>,
    pub disputed_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub dispute_status: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub provider_dispute_id: Option<String>,
    pub royalty_applied: bool,
    #[sea_orm(column_type = "Text", nullable)]
    pub royalty_basis: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub metadata_json: Json,
    pub captured_at: Option<DateTimeUtc>,
    /// When it was canceled, or failed for good.
    pub closed_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
