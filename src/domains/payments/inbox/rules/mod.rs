//! What is decided about an event without asking anybody. Pure.

mod backoff;
mod event;
mod place;
mod signature;

pub use backoff::{ATTEMPTS, LEASE, wait};
pub use event::Event;
pub use place::{Known, place};
pub use signature::{Fault, verify};
