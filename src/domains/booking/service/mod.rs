//! The verbs on bookings: one file each.

mod cancel;
mod create;
mod insert;
mod list;
mod seats;
mod step;

pub use cancel::cancel;
pub use create::{NewBooking, Who, create};
pub use list::{BookingFilter, get, list};
pub use step::step;
