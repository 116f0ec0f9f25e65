//! Refunds on the wire.

use ::entity::{enums, refunds};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::domains::payments::dto::example_id;
use crate::guard::{Prose, Timestamp};

/// How much is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum RefundType {
    /// All that is left.
    Full,
    /// As much as is said.
    Partial,
    /// The fee for not coming, and nothing else.
    NoShowFeeOnly,
}

impl From<enums::RefundType> for RefundType {
    fn from(kind: enums::RefundType) -> Self {
        match kind {
            enums::RefundType::Full => Self::Full,
            enums::RefundType::Partial => Self::Partial,
            enums::RefundType::NoShowFeeOnly => Self::NoShowFeeOnly,
        }
    }
}

/// Where a refund is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum RefundStatus {
    /// On its way.
    Pending,
    /// Done.
    Succeeded,
    /// The bank did not take it: the money is still here.
    Failed,
    /// Called back.
    Canceled,
}

impl From<enums::RefundStatus> for RefundStatus {
    fn from(status: enums::RefundStatus) -> Self {
        match status {
            enums::RefundStatus::Pending => Self::Pending,
            enums::RefundStatus::Succeeded => Self::Succeeded,
            enums::RefundStatus::Failed => Self::Failed,
            enums::RefundStatus::Canceled => Self::Canceled,
        }
    }
}

/// Money to be given back. `refund_type` alone is enough for all that is left.
#[derive(Debug, Clone, Default, Object)]
#[oai(example, deny_unknown_fields)]
pub struct RefundCreate {
    /// How much; `partial` with an amount and `full` without one when absent.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub refund_type: Option<RefundType>,
    /// In the minor unit of the payment's currency.
    #[oai(nullable, skip_serializing_if_is_none, validator(minimum(value = "1"), maximum(value = "100000000000")))]
    pub amount_cents: Option<i64>,
    /// Why, for the record.
    #[oai(nullable)]
    pub reason: Option<Prose<0, 1000>>,
}

/// Money that is given back.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct Refund {
    pub id: Uuid,
    /// The same id.
    pub refund_id: Uuid,
    pub payment_id: Uuid,
    #[oai(nullable)]
    pub booking_id: Option<Uuid>,
    pub amount_cents: i64,
    /// ISO 4217 code.
    #[oai(validator(max_length = 3))]
    pub currency: String,
    pub refund_type: RefundType,
    pub status: RefundStatus,
    #[oai(nullable, validator(max_length = 1000))]
    pub reason: Option<String>,
    /// The provider's id of it.
    #[oai(nullable, validator(max_length = 255))]
    pub provider_refund_id: Option<String>,
    /// What can still be given back of the payment.
    pub refundable_cents: i64,
    pub created_at: Timestamp,
}

impl Refund {
    pub fn of(row: refunds::Model, currency: String, refundable_cents: i64) -> Self {
        Self {
            id: row.id.0,
            refund_id: row.id.0,
            payment_id: row.payment_id.0,
            booking_id: row.booking_id.map(|id| id.0),
            amount_cents: row.amount_cents,
            currency,
            refund_type: row.refund_type.into(),
            status: row.status.into(),
            reason: row.reason,
            // one of which nobody outside knows has a name of ours
            provider_refund_id: row.provider_refund_id.filter(|id| !id.starts_with("own:")),
            refundable_cents,
            created_at: row.created_at.into(),
        }
    }
}

impl Example for RefundCreate {
    fn example() -> Self {
        Self { amount_cents: Some(100), reason: Some(Prose::of("The colour was wrong")), ..Self::default() }
    }
}

impl Example for Refund {
    fn example() -> Self {
        Self {
            id: example_id(4),
            refund_id: example_id(4),
            payment_id: example_id(1),
            booking_id: Some(example_id(2)),
            amount_cents: 1_000,
            currency: "USD".into(),
            refund_type: RefundType::Partial,
            status: RefundStatus::Succeeded,
            reason: Some("The colour was wrong".into()),
            provider_refund_id: Some("re_3PqX2eLkdIwHu7ix0a1b2c3d".into()),
            refundable_cents: 3_800,
            created_at: Timestamp::example(),
        }
    }
}
