//! The verbs on bookings: one file each.

mod cancel;
mod create;
mod customer_limits;
mod insert;
mod lapse;
mod list;
mod notes;
mod reschedule;
mod seats;
mod step;
mod take;

pub use cancel::cancel;
pub use create::{NewBooking, Promise, Terms, Who, create};
pub use list::{BookingFilter, get, list};
pub use notes::write_notes;
pub use reschedule::{NewTime, reschedule};
pub use step::step;
