//! The provider's words, taken in: by the webhook's inbox, by whoever asked the provider, by reconciling. Each may come
//! in any order and any number of times; all of them end in the same state.

mod checkout;
mod dispute;
mod intent;
mod refund;
mod setup;

use ::entity::payments::Model;

pub use checkout::apply_checkout;
pub use dispute::{Dispute, apply_dispute};
pub use intent::apply_intent;
pub(super) use intent::{Word, advance, of_intent};
pub use refund::apply_refund;
pub(super) use refund::record as record_refund;
pub use setup::apply_setup;

/// What became of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// Something changed.
    Changed,
    /// It was known already, or outdated.
    Same,
    /// It is about nothing of this business's.
    Unknown,
}

impl Applied {
    fn of(before: &Model, after: &Model) -> Self {
        if before == after { Self::Same } else { Self::Changed }
    }
}
