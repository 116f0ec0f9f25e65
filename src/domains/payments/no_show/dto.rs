//! The fee for not coming on the wire.

use ::entity::payments;
use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use crate::domains::payments::dto::{PaymentStatus, example_id};

/// A fee to be charged.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct NoShowFeeCreate {
    /// A booking to which nobody came.
    pub booking_id: Uuid,
    /// In the minor unit of the booking's currency; the most that was agreed upon when absent, and never more.
    #[oai(nullable, skip_serializing_if_is_none, validator(minimum(value = "1"), maximum(value = "100000000000")))]
    pub no_show_fee_cents: Option<i64>,
}

/// A fee that the business does without.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct NoShowFeeWaive {
    /// A booking to which nobody came.
    pub booking_id: Uuid,
}

/// A fee that was charged.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct NoShowFee {
    pub id: Uuid,
    /// The same id.
    pub payment_id: Uuid,
    #[oai(nullable)]
    pub booking_id: Option<Uuid>,
    pub amount_cents: i64,
    /// ISO 4217 code.
    #[oai(validator(max_length = 3))]
    pub currency: String,
    pub status: PaymentStatus,
}

impl From<payments::Model> for NoShowFee {
    fn from(row: payments::Model) -> Self {
        Self {
            id: row.id.0,
            payment_id: row.id.0,
            booking_id: row.booking_id.map(|id| id.0),
            amount_cents: row.amount_cents,
            currency: row.currency_code,
            status: row.status.into(),
        }
    }
}

/// A fee that is not charged.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct NoShowFeeWaived {
    pub booking_id: Uuid,
    /// `waived`
    #[oai(validator(max_length = 20))]
    pub no_show_fee_status: String,
}

impl Example for NoShowFeeCreate {
    fn example() -> Self {
        Self { booking_id: example_id(2), no_show_fee_cents: None }
    }
}

impl Example for NoShowFeeWaive {
    fn example() -> Self {
        Self { booking_id: example_id(2) }
    }
}

impl Example for NoShowFee {
    fn example() -> Self {
        Self {
            id: example_id(6),
            payment_id: example_id(6),
            booking_id: Some(example_id(2)),
            amount_cents: 135,
            currency: "USD".into(),
            status: PaymentStatus::Captured,
        }
    }
}

impl Example for NoShowFeeWaived {
    fn example() -> Self {
        Self { booking_id: example_id(2), no_show_fee_status: "waived".into() }
    }
}
