//! The verbs on bookings: one file each.

mod cancel;
mod confirm;
mod create;
mod insert;
mod list;
mod seats;

pub use cancel::cancel;
pub use confirm::confirm;
pub use create::{NewBooking, Who, create};
pub use list::{BookingFilter, get, list};
