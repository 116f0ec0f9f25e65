//! What a booking asks of whoever pays for it, and how it stands: pure. Amounts are minor units of the booking's
//! currency; each share is rounded once, half away from zero, on the line where it arises.

use ::entity::enums::{BookingPaymentStatus, CanceledBy, PaymentMode};

use crate::kernel::money::share;

/// What a service and its business say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asks {
    pub mode: PaymentMode,
    pub deposit_bps: Option<u32>,
    pub deposit_cents: Option<i64>,
    pub tax_bps: u32,
    /// Whether the price holds the tax already.
    pub tax_included: bool,
    pub no_show_fee_bps: u32,
    /// Instead of the share.
    pub no_show_fee_cents: Option<i64>,
}

/// What that is for a booking of some price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    pub mode: PaymentMode,
    /// What must be paid for it to be confirmed.
    pub due_cents: i64,
    /// The most that not coming costs: never more than all of it.
    pub no_show_fee_cents: i64,
    pub tax_bps: u32,
    pub tax_included: bool,
}

impl Asks {
    /// The terms of a booking that costs `total`, before an added tax.
    #[must_use]
    pub fn of(&self, total: i64) -> Terms {
        let gross = gross(total, self.tax_bps, self.tax_included);
        let due_cents = match self.mode {
            PaymentMode::None => 0,
            PaymentMode::Full => gross,
            PaymentMode::Deposit => {
                let deposit = self.deposit_cents.unwrap_or_else(|| share(gross, self.deposit_bps.unwrap_or(10_000)));
                deposit.clamp(0, gross)
            }
        };
        let fee = self.no_show_fee_cents.unwrap_or_else(|| share(total, self.no_show_fee_bps));
        Terms {
            mode: self.mode,
            due_cents,
            no_show_fee_cents: fee.clamp(0, gross),
            tax_bps: self.tax_bps,
            tax_included: self.tax_included,
        }
    }
}

/// A price with its tax.
#[must_use]
pub fn gross(net: i64, tax_bps: u32, included: bool) -> i64 {
    if included { net } else { net.saturating_add(share(net, tax_bps)) }
}

/// What was asked for and what came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// All that it costs, coupons taken off and tax added.
    pub owed: i64,
    /// What must be paid for it to be confirmed.
    pub due: i64,
    pub paid: i64,
    pub refunded: i64,
}

impl Account {
    #[must_use]
    pub fn status(self) -> BookingPaymentStatus {
        use BookingPaymentStatus::{Due, None, Paid, PartiallyRefunded, PartlyPaid, Refunded};
        match self {
            Self { paid, refunded, .. } if paid > 0 && refunded >= paid => Refunded,
            Self { refunded: 1.., .. } => PartiallyRefunded,
            Self { owed, paid, .. } if paid > 0 && paid >= owed => Paid,
            Self { paid: 1.., .. } => PartlyPaid,
            // a coupon may take off all of it
            Self { owed, due, .. } if due > 0 && owed > 0 => Due,
            _ => None,
        }
    }

    /// Whether enough came for it to be confirmed.
    #[must_use]
    pub fn suffices(self) -> bool {
        self.paid >= self.due.min(self.owed)
    }
}

/// What is given back of what is left of a booking's money when it is canceled. Whatever the business cancels is given
/// back in full.
#[must_use]
pub fn give_back(left: i64, by: CanceledBy, in_time: bool, in_time_bps: u32, late_bps: u32) -> i64 {
    let bps = match (by, in_time) {
        (CanceledBy::Staff | CanceledBy::System, _) => 10_000,
        (CanceledBy::Customer, true) => in_time_bps,
        (CanceledBy::Customer, false) => late_bps,
    };
    share(left.max(0), bps.min(10_000))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn asks(mode: PaymentMode) -> Asks {
        Asks {
            mode,
            deposit_bps: None,
            deposit_cents: None,
            tax_bps: 0,
            tax_included: true,
            no_show_fee_bps: 300,
            no_show_fee_cents: None,
        }
    }

    #[test]
    fn a_deposit_is_a_share_or_an_amount_and_never_more_than_all() {
        let share =
            Asks { deposit_bps: Some(2_000), tax_bps: 1_000, tax_included: false, ..asks(PaymentMode::Deposit) };
        assert_eq!(share.of(4_500).due_cents, 990, "a fifth of 49.50");
        let amount = Asks { deposit_cents: Some(5_000), ..asks(PaymentMode::Deposit) };
        assert_eq!((amount.of(4_500).due_cents, amount.of(9_000).due_cents), (4_500, 5_000));
        assert_eq!(
            (asks(PaymentMode::None).of(4_500).due_cents, asks(PaymentMode::Full).of(4_500).due_cents),
            (0, 4_500)
        );
    }

    #[test]
    fn the_fee_is_a_share_or_an_amount() {
        assert_eq!(asks(PaymentMode::None).of(4_500).no_show_fee_cents, 135);
        let fixed = Asks { no_show_fee_cents: Some(5_000), ..asks(PaymentMode::None) };
        assert_eq!((fixed.of(4_500).no_show_fee_cents, fixed.of(9_000).no_show_fee_cents), (4_500, 5_000));
    }

    #[test]
    fn the_status_follows_the_sums() {
        use BookingPaymentStatus::*;
        let of = |owed, due, paid, refunded| Account { owed, due, paid, refunded };
        for (account, status, suffices) in [
            (of(4_500, 0, 0, 0), None, true),
            (of(4_500, 900, 0, 0), Due, false),
            (of(4_500, 900, 900, 0), PartlyPaid, true),
            (of(4_500, 900, 899, 0), PartlyPaid, false),
            (of(4_500, 4_500, 4_500, 0), Paid, true),
            (of(4_500, 4_500, 4_500, 1), PartiallyRefunded, true),
            (of(4_500, 4_500, 4_500, 4_500), Refunded, true),
            // a coupon took off all of it
            (of(0, 4_500, 0, 0), None, true),
        ] {
            assert_eq!((account.status(), account.suffices()), (status, suffices), "{account:?}");
        }
    }

    proptest! {
        #[test]
        fn never_more_is_given_back_than_is_left(left in 0_i64..1_000_000_000, bps in 0_u32..=10_000, late in 0_u32..=10_000) {
            for by in [CanceledBy::Customer, CanceledBy::Staff, CanceledBy::System] {
                for in_time in [true, false] {
                    let back = give_back(left, by, in_time, bps, late);
                    prop_assert!((0..=left).contains(&back));
                }
            }
            prop_assert_eq!(give_back(left, CanceledBy::Staff, false, bps, late), left);
        }

        #[test]
        fn terms_stay_within_the_price(total in 0_i64..1_000_000_000, bps in 1_u32..=10_000, tax in 0_u32..=10_000, fee in 0_u32..=10_000) {
            let asks = Asks { deposit_bps: Some(bps), tax_bps: tax, tax_included: false, no_show_fee_bps: fee, ..asks(PaymentMode::Deposit) };
            let terms = asks.of(total);
            let all = gross(total, tax, false);
            prop_assert!((0..=all).contains(&terms.due_cents) && (0..=all).contains(&terms.no_show_fee_cents));
        }
    }
}
