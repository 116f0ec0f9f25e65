//! The verbs on bookings: one file each.

mod cancel;
mod create;
mod customer;
mod customer_limits;
mod decoy;
mod insert;
pub mod itinerary;
mod lapse;
mod list;
mod moved;
mod reschedule;
mod seats;
pub mod series;
mod step;
mod take;
mod visitor;
mod visits;

pub use cancel::cancel;
pub use create::{NewBooking, Terms, Who, create};
pub use customer::{ahead, forget_words};
pub use decoy::pretend;
pub use list::{BookingFilter, get, items, list};
pub use moved::moved;
pub use reschedule::{NewTime, reschedule};
pub use step::step;
pub use visitor::{LONGEST_CHAIN, cancel_own, newest, own, reschedule_own};
pub use visits::Visits;
