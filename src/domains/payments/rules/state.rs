//! Where a payment may go. What comes later in a payment's life outranks what came before: word of an older state never
//! moves it back, so that it does not matter in which order words arrive, or how often. The trigger
//! `app.payment_transition` has the last word; a test holds both together.

use ::entity::enums::PaymentStatus::{
    self, Authorized, Canceled, Captured, Failed, PartiallyRefunded, Pending, Processing, Refunded, RequiresAction,
};

/// States in which money may still come.
pub const OPEN: [PaymentStatus; 5] = [Pending, RequiresAction, Processing, Failed, Authorized];

/// How far a state is. Those before the money is there are equal: an attempt may fail and be made again.
const fn rank(status: PaymentStatus) -> u8 {
    match status {
        Pending | RequiresAction | Processing | Failed => 0,
        Authorized => 1,
        Canceled => 2,
        Captured => 3,
        PartiallyRefunded => 4,
        Refunded => 5,
    }
}

/// Whether money may still come.
#[must_use]
pub fn is_open(status: PaymentStatus) -> bool {
    OPEN.contains(&status)
}

/// Whether the money came, whatever became of it since.
#[must_use]
pub fn is_captured(status: PaymentStatus) -> bool {
    rank(status) >= rank(Captured)
}

/// Where word of `seen` leads a payment; `None` when it stays. Nothing leads back to pending, and only refunds lead
/// beyond captured (see [`refunded`]).
#[must_use]
pub fn next(now: PaymentStatus, seen: PaymentStatus) -> Option<PaymentStatus> {
    if now == seen || seen == Pending || rank(seen) > rank(Captured) {
        return None;
    }
    let further = rank(seen) > rank(now) || (rank(seen) == 0 && rank(now) == 0);
    further.then_some(seen)
}

/// The state of a payment that was captured, by what of it was given back.
#[must_use]
pub fn refunded(captured: i64, refunded: i64) -> PaymentStatus {
    match refunded {
        ..=0 => Captured,
        _ if refunded < captured => PartiallyRefunded,
        _ => Refunded,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any() -> impl Strategy<Value = PaymentStatus> {
        prop::sample::select(PaymentStatus::ALL)
    }

    #[test]
    fn an_attempt_may_fail_and_be_made_again() {
        assert_eq!(next(Pending, Failed), Some(Failed));
        assert_eq!(next(Failed, RequiresAction), Some(RequiresAction));
        assert_eq!(next(RequiresAction, Captured), Some(Captured));
    }

    #[test]
    fn what_came_stays() {
        for late in [Pending, RequiresAction, Processing, Failed, Authorized, Canceled] {
            assert_eq!(next(Captured, late), None, "{late}");
            assert_eq!(next(Refunded, late), None, "{late}");
        }
        assert_eq!(next(Canceled, Captured), Some(Captured), "the provider has the money after all");
        assert_eq!(next(Canceled, Failed), None);
    }

    #[test]
    fn the_sum_decides_about_refunds() {
        assert_eq!(
            [0, 1, 99, 100].map(|sum| refunded(100, sum)),
            [Captured, PartiallyRefunded, PartiallyRefunded, Refunded]
        );
    }

    proptest! {
        #[test]
        fn no_word_moves_it_back(words in prop::collection::vec(any(), 0..12)) {
            let mut now = Pending;
            for word in words {
                let before = rank(now);
                now = next(now, word).unwrap_or(now);
                prop_assert!(rank(now) >= before);
            }
        }

        /// Whatever else is said, and in whatever order: once it was captured it is captured.
        #[test]
        fn the_order_of_words_does_not_matter(words in prop::collection::vec(any(), 0..8), at in 0_usize..8) {
            let mut words = words;
            words.insert(at.min(words.len()), Captured);
            let end = words.into_iter().fold(Pending, |now, word| next(now, word).unwrap_or(now));
            prop_assert_eq!(end, Captured);
        }
    }
}
