//! Whether our row and the provider's object say the same. Pure.

use ::entity::enums::{PaymentStatus, RefundStatus};

/// What we have written of a payment or a refund, or what the provider says of it, in the same words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Something may still come.
    Open,
    /// Reserved with the payer's bank.
    Authorized,
    /// So much has moved, in minor units.
    Moved(i64),
    /// Nothing moves any more.
    Over,
}

/// Where a payment of ours stands.
#[must_use]
pub fn payment(status: PaymentStatus, captured: i64) -> Standing {
    match status {
        PaymentStatus::Captured | PaymentStatus::PartiallyRefunded | PaymentStatus::Refunded => {
            Standing::Moved(captured)
        }
        PaymentStatus::Authorized => Standing::Authorized,
        PaymentStatus::Canceled => Standing::Over,
        PaymentStatus::Pending | PaymentStatus::RequiresAction | PaymentStatus::Processing | PaymentStatus::Failed => {
            Standing::Open
        }
    }
}

/// Where a refund of ours stands.
#[must_use]
pub fn refund(status: RefundStatus, amount: i64) -> Standing {
    match status {
        RefundStatus::Succeeded => Standing::Moved(amount),
        RefundStatus::Failed | RefundStatus::Canceled => Standing::Over,
        RefundStatus::Pending => Standing::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_given_back_was_taken_before() {
        for status in [PaymentStatus::Captured, PaymentStatus::PartiallyRefunded, PaymentStatus::Refunded] {
            assert_eq!(payment(status, 4_500), Standing::Moved(4_500));
        }
        assert_eq!(payment(PaymentStatus::Failed, 0), Standing::Open);
        assert_ne!(refund(RefundStatus::Succeeded, 1), refund(RefundStatus::Succeeded, 2));
    }
}
