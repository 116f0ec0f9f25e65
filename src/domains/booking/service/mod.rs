//! The verbs on bookings: one file each.

mod cancel;
mod create;
mod customer_limits;
mod decoy;
mod insert;
mod lapse;
mod list;
mod moved;
mod notes;
mod reschedule;
mod seats;
mod step;
mod take;
mod visitor;

pub use cancel::cancel;
pub use create::{NewBooking, Terms, Who, create};
pub use decoy::pretend;
pub use list::{BookingFilter, get, items, list};
pub use moved::moved;
pub use notes::write_notes;
pub use reschedule::{NewTime, reschedule};
pub use step::step;
pub use visitor::{LONGEST_CHAIN, cancel_own, newest, own, reschedule_own};
