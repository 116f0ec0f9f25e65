//! Time that is promised before it is booked: made, kept longer, given up, or made a booking of.
//!
//! A hold takes its time as a booking does, by the same decision and under the same constraint. It ends by its clock
//! alone: from then on the time is anybody's, whether or not somebody has written that down.

mod keep;
mod make;
mod redeem;
mod strangers;

pub use keep::{HoldFilter, Kept, extend, find, list, release};
pub use make::{NewHold, make};
pub(super) use make::{Promised, keep};
pub(super) use redeem::{claim, redeem, too_late};
pub use strangers::Stranger;
