//! The front desk on the wire.

mod bulk;
mod list;
mod message;
mod update;

pub use bulk::{BookingActionData, BookingBulkAction, BookingBulkDone, BookingBulkVerb};
pub use list::{AdminBooking, AdminBookings, BookingFilters};
pub use message::{BookingMessageCreate, BookingMessagesQueued, MessageSkipped, SkipReason};
pub use update::{AdminBookingUpdate, BookingUpdateFields};
