//! Cash on the wire.

use ::entity::payments;
use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use crate::domains::payments::dto::{PaymentStatus, example_id};

/// Cash that a customer hands over.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct CashCreate {
    pub booking_id: Uuid,
    /// In the minor unit of the booking's currency; at most what is left to pay.
    #[oai(validator(minimum(value = "1"), maximum(value = "100000000000")))]
    pub amount_cents: i64,
    /// ISO 4217 code: the booking's.
    #[oai(validator(pattern = "^[A-Z]{3}$", max_length = 3))]
    pub currency: String,
}

/// A cash payment that waits to be marked as paid.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct CashPayment {
    pub payment_id: Uuid,
    #[oai(nullable)]
    pub booking_id: Option<Uuid>,
    pub status: PaymentStatus,
    pub amount_cents: i64,
    /// ISO 4217 code.
    #[oai(validator(max_length = 3))]
    pub currency: String,
}

impl From<payments::Model> for CashPayment {
    fn from(row: payments::Model) -> Self {
        Self {
            payment_id: row.id.0,
            booking_id: row.booking_id.map(|id| id.0),
            status: row.status.into(),
            amount_cents: row.amount_cents,
            currency: row.currency_code,
        }
    }
}

impl Example for CashCreate {
    fn example() -> Self {
        Self { booking_id: example_id(2), amount_cents: 4_500, currency: "USD".into() }
    }
}

impl Example for CashPayment {
    fn example() -> Self {
        Self {
            payment_id: example_id(1),
            booking_id: Some(example_id(2)),
            status: PaymentStatus::Pending,
            amount_cents: 4_500,
            currency: "USD".into(),
        }
    }
}
