//! The verbs on bookings: one file each.

mod cancel;
mod create;
mod customer;
mod customer_limits;
mod insert;
mod lapse;
mod list;
mod reschedule;
mod seats;
mod step;
mod take;
mod visits;

pub use cancel::cancel;
pub use create::{NewBooking, Promise, Terms, Who, create};
pub use customer::{ahead, forget_words};
pub use list::{BookingFilter, get, list};
pub use reschedule::{NewTime, reschedule};
pub use step::step;
pub use visits::Visits;
