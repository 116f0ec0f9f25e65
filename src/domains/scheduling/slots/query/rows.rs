//! What the read answers, row by row.

use ::entity::enums::{GroupPick, PaymentMode, ResourceType, SlotGrid};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::domains::scheduling::rules::{ExceptionRow, RuleRow};

/// What was found.
#[derive(Clone, Debug)]
pub struct Found {
    pub service: Option<ServiceRow>,
    /// `tenants.settings_json`
    pub settings: Value,
    pub money: MoneyRow,
    pub resources: Vec<ResourceRow>,
    pub links: Vec<LinkRow>,
    pub groups: Vec<GroupRow>,
    pub rules: Vec<RuleRow>,
    pub exceptions: Vec<ExceptionRow>,
    pub busy: Vec<BusyRow>,
    pub counted: Vec<CountedRow>,
    /// Whether some hold of the business has expired and was not taken over yet.
    pub lapsed: bool,
    /// When the next hold of the business expires: until then all this is as it was read.
    pub lapses_at: Option<DateTime<Utc>>,
}

/// A service, as far as time and price are concerned.
#[derive(Clone, Debug, Deserialize)]
pub struct ServiceRow {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub category: Option<String>,
    pub duration_min: u32,
    pub buffer_before_min: u32,
    pub buffer_after_min: u32,
    pub interval_min: Option<u32>,
    pub notice_min: u32,
    pub horizon_days: Option<u32>,
    pub grid: SlotGrid,
    pub capacity: u32,
    pub price_cents: i64,
    pub currency: String,
    pub requires_confirmation: bool,
    pub active: bool,
    pub limits: Vec<LimitRow>,
    pub payment_mode: PaymentMode,
    pub deposit_bps: Option<u32>,
    pub deposit_cents: Option<i64>,
    pub tax_bps: Option<u32>,
    pub no_show_fee_bps: Option<u32>,
    pub no_show_fee_cents: Option<i64>,
}

/// What the business says of payments, beside its settings.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct MoneyRow {
    /// Whether cards can be charged for it.
    pub charges_enabled: bool,
    /// The share of the price that not coming costs.
    pub no_show_fee_bps: u32,
}

/// So many bookings a period.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct LimitRow {
    pub per: LimitPeriod,
    pub max_bookings: Option<u32>,
    pub max_minutes: Option<u32>,
    /// Of one customer, not in all.
    #[serde(default)]
    pub per_customer: bool,
}

/// The period of a limit; weeks begin on Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitPeriod {
    Day,
    Week,
    Month,
}

/// Somebody or something that can be booked.
#[derive(Clone, Debug, Deserialize)]
pub struct ResourceRow {
    pub id: Uuid,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: ResourceType,
    pub tz: Option<String>,
    pub capacity: u32,
    pub limits: Vec<LimitRow>,
    /// Whether it has weekly hours of its own, valid at some time.
    pub has_hours: bool,
    /// When it was last booked, and last chosen by a rule; read where a group picks by it.
    pub assigned_at: Option<DateTime<Utc>>,
    pub picked_at: Option<DateTime<Utc>>,
}

/// A resource in a group of the service.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct LinkRow {
    pub position: i16,
    pub resource_id: Uuid,
    pub priority: i32,
    pub weight: u32,
}

/// What is taken of a group, and of whom.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct GroupRow {
    pub position: i16,
    pub pick: GroupPick,
    pub count: u32,
    pub units: Option<u32>,
}

/// Time that is taken, buffers included.
#[derive(Clone, Debug, Deserialize)]
pub struct BusyRow {
    pub resource_id: Uuid,
    pub start_at: DateTime<Utc>,
    pub end_at: DateTime<Utc>,
    /// Units that are out; all of them when `None`.
    pub units: Option<u32>,
    pub held: bool,
    pub class: Option<ClassRow>,
    /// The appointment without its buffers, where that was asked for.
    pub bare: Option<BareRow>,
}

/// An appointment's own time.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct BareRow {
    pub start_at: DateTime<Utc>,
    pub end_at: DateTime<Utc>,
}

/// The class that took it: its seats may be shared.
#[derive(Clone, Debug, Deserialize)]
pub struct ClassRow {
    pub service_id: Uuid,
    pub start_at: DateTime<Utc>,
    pub end_at: DateTime<Utc>,
    pub taken: u32,
}

/// A booking that counts towards a limit: of the service, of a resource, or both. A class counts once.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct CountedRow {
    /// `None`: it counts for the service.
    pub resource_id: Option<Uuid>,
    pub start_at: DateTime<Utc>,
    pub end_at: DateTime<Utc>,
}
