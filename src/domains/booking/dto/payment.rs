//! How a booking stands with the money.

use ::entity::bookings::Model;
use ::entity::enums;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};

use crate::domains::booking::service;
use crate::guard::Timestamp;

/// How far a booking is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum BookingPaymentStatus {
    /// Nothing was paid, and nothing is asked for before it takes place.
    None,
    /// It must be paid to be confirmed.
    Due,
    /// A part of it was paid.
    PartlyPaid,
    /// All of it was paid.
    Paid,
    /// A part of what was paid was given back.
    PartiallyRefunded,
    /// All that was paid was given back.
    Refunded,
}

impl From<enums::BookingPaymentStatus> for BookingPaymentStatus {
    fn from(status: enums::BookingPaymentStatus) -> Self {
        match status {
            enums::BookingPaymentStatus::None => Self::None,
            enums::BookingPaymentStatus::Due => Self::Due,
            enums::BookingPaymentStatus::PartlyPaid => Self::PartlyPaid,
            enums::BookingPaymentStatus::Paid => Self::Paid,
            enums::BookingPaymentStatus::PartiallyRefunded => Self::PartiallyRefunded,
            enums::BookingPaymentStatus::Refunded => Self::Refunded,
        }
    }
}

/// What became of the fee for not coming.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum NoShowFeeStatus {
    /// There is none.
    None,
    /// It can be charged.
    Due,
    /// It was charged.
    Charged,
    /// The business does without it.
    Waived,
    /// It could not be charged.
    Failed,
}

impl From<enums::NoShowFeeStatus> for NoShowFeeStatus {
    fn from(status: enums::NoShowFeeStatus) -> Self {
        match status {
            enums::NoShowFeeStatus::None => Self::None,
            enums::NoShowFeeStatus::Due => Self::Due,
            enums::NoShowFeeStatus::Charged => Self::Charged,
            enums::NoShowFeeStatus::Waived => Self::Waived,
            enums::NoShowFeeStatus::Failed => Self::Failed,
        }
    }
}

/// How a booking stands with the money. Amounts are in the minor unit of the booking's currency.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct BookingPayment {
    pub status: BookingPaymentStatus,
    /// What must be paid for it to be confirmed.
    pub due_cents: i64,
    /// Until when that must be paid; null when nobody waits for it.
    #[oai(nullable)]
    pub due_at: Option<Timestamp>,
    /// All that it costs: coupons taken off, tax added.
    pub owed_cents: i64,
    /// What was paid of it, gift cards too, tips not.
    pub paid_cents: i64,
    /// What was given back.
    pub refunded_cents: i64,
    /// The most that not coming costs.
    pub no_show_fee_cents: i64,
    pub no_show_fee_status: NoShowFeeStatus,
}

impl BookingPayment {
    pub fn of(row: &Model) -> Self {
        Self {
            status: row.payment_status.into(),
            due_cents: row.payment_due_cents,
            // whoever was confirmed by hand waits for nobody
            due_at: row.payment_due_at.filter(|_| row.status == enums::BookingStatus::Pending).map(Timestamp::new),
            owed_cents: service::account(row).owed,
            paid_cents: row.paid_cents,
            refunded_cents: row.refunded_cents,
            no_show_fee_cents: row.no_show_fee_cents,
            no_show_fee_status: row.no_show_fee_status.into(),
        }
    }
}

impl Example for BookingPayment {
    fn example() -> Self {
        Self {
            status: BookingPaymentStatus::PartlyPaid,
            due_cents: 900,
            due_at: None,
            owed_cents: 4_500,
            paid_cents: 900,
            refunded_cents: 0,
            no_show_fee_cents: 135,
            no_show_fee_status: NoShowFeeStatus::None,
        }
    }
}
