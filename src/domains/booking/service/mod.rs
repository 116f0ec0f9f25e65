//! The verbs on bookings: one file each.

mod cancel;
mod cover;
mod create;
mod customer;
mod customer_limits;
mod decoy;
mod hold;
mod insert;
pub mod itinerary;
mod lapse;
mod list;
mod moved;
mod notes;
mod payment;
mod referral;
mod reschedule;
mod seats;
pub mod series;
mod step;
mod take;
mod visitor;
mod visits;
mod waitlist;

pub use cancel::cancel;
pub use cover::{Pay, coverage, give_back};
pub use create::{NewBooking, Promise, Terms, Who, create};
pub use customer::{ahead, forget_words, has_come, leave_lines};
pub use decoy::pretend;
pub use hold::{
    HoldFilter, Kept, NewHold, Stranger, extend as extend_hold, find as find_hold, list as list_holds,
    make as make_hold, release as release_hold,
};
pub use list::{BookingFilter, get, items, list};
pub use moved::moved;
pub use notes::write_notes;
pub use payment::{
    Credit, account, fail_unpaid, hold_for_payment, no_show_fee, note_intent, of_status, paid, refund_asked, refunded,
    refunds_due, unpaid,
};
pub use reschedule::{NewTime, reschedule, shift};
pub use step::step;
pub use visitor::{LONGEST_CHAIN, cancel_own, chain, newest, own, reschedule_own};
pub use visits::Visits;
pub use waitlist::{
    NewEntry, WaitlistFilter, find as find_entry, join as join_waitlist, leave as leave_waitlist,
    list as list_waitlist, tend,
};
