//! Bookings that are paid with sessions or credits, in their own transaction.
//!
//! What a booking used goes along when the booking moves, comes back when it is canceled in time, and is forfeited when
//! it is not; staff may give it back all the same. It comes back once.

mod cover;
mod usable;

pub use cover::{Cover, PayWith, consume, coverage_of, follow, forfeit, give_back};
pub use usable::{Usable, usable};
