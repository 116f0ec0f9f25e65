//! How much may be given back, and how a sum is spread over several payments: pure.

/// What is left of a payment: captured, less what was given back or is on its way.
#[must_use]
pub fn refundable(captured: i64, given_back: i64) -> i64 {
    captured.saturating_sub(given_back).max(0)
}

/// Spreads what is due back over what is left of several payments, in their order. Gives each its part; what no payment
/// has is left out.
#[must_use]
pub fn spread(due: i64, left: &[i64]) -> Vec<i64> {
    let mut due = due.max(0);
    let parts = left.iter().map(|left| {
        let part = due.min((*left).max(0));
        due -= part;
        part
    });
    parts.collect()
}

/// What of a payment's part of a booking was given back, when `refunded` of `captured` went back to the payer. Tips go
/// back last; a gift card's part comes back with the last of it.
#[must_use]
pub fn credit(captured: i64, refunded: i64, tip: i64, gift: i64) -> i64 {
    let credited = captured.saturating_sub(tip).max(0);
    if captured > 0 && refunded >= captured { credited.saturating_add(gift) } else { refunded.clamp(0, credited) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_gives_what_it_has() {
        assert_eq!(spread(100, &[60, 60]), [60, 40]);
        assert_eq!(spread(100, &[0, 30]), [0, 30]);
        assert_eq!(spread(-1, &[10]), [0]);
    }

    #[test]
    fn the_tip_goes_back_last_and_the_gift_card_with_all_of_it() {
        assert_eq!(credit(110, 50, 10, 0), 50);
        assert_eq!(credit(110, 105, 10, 0), 100);
        assert_eq!(credit(110, 110, 10, 40), 140);
        assert_eq!(credit(0, 0, 0, 40), 0);
    }

    proptest! {
        #[test]
        fn no_more_is_spread_than_is_due_or_there(due in 0_i64..1_000_000, left in prop::collection::vec(0_i64..1_000_000, 0..6)) {
            let parts = spread(due, &left);
            prop_assert!(parts.iter().zip(&left).all(|(part, left)| (0..=*left).contains(part)));
            prop_assert_eq!(parts.iter().sum::<i64>(), due.min(left.iter().sum()));
        }
    }
}
