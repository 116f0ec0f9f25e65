//! A message to the customers of bookings.

use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::domains::booking::dto::{BookingStatus, example_id};
use crate::guard::{Date, Prose, Text};

/// Which bookings are meant.
#[derive(Debug, Clone, Default, Object)]
#[oai(example, deny_unknown_fields)]
pub struct BookingMessageFilter {
    /// Only these states; all of them when it is empty.
    #[oai(default, validator(max_items = 7))]
    pub status: Vec<BookingStatus>,
    /// The first date of the start, in the business's zone.
    #[oai(nullable)]
    pub start_date: Option<Date>,
    /// The last date of the start, in the business's zone.
    #[oai(nullable)]
    pub end_date: Option<Date>,
    /// Only those of this customer.
    #[oai(nullable)]
    pub customer_id: Option<Uuid>,
    /// Only those of this service.
    #[oai(nullable)]
    pub service_id: Option<Uuid>,
    /// Only those with this resource.
    #[oai(nullable)]
    pub resource_id: Option<Uuid>,
}

/// A message to the customer of each booking: of those that are named, or of those that pass a filter.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct BookingMessageCreate {
    /// The bookings, each once.
    #[oai(nullable, validator(min_items = 1, max_items = 100, unique_items))]
    pub booking_ids: Option<Vec<Uuid>>,
    /// Which bookings are meant, instead of `booking_ids`. At most 500 may pass.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub filter: Option<BookingMessageFilter>,
    /// The subject.
    #[oai(nullable)]
    pub subject: Option<Text<1, 200>>,
    /// The text.
    pub message: Prose<1, 2000>,
}

/// Why somebody is not written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum SkipReason {
    /// The customer has no e-mail address.
    NoAddress,
    /// The customer was deleted.
    CustomerDeleted,
}

/// A booking whose customer is not written to.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct MessageSkipped {
    /// The booking.
    pub booking_id: Uuid,
    /// Why.
    pub reason: SkipReason,
}

/// What became of a message. Nothing has been sent yet.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct BookingMessagesQueued {
    /// How many wait to be sent.
    pub queued: u32,
    /// The bookings whose customer cannot be written to.
    #[oai(validator(max_items = 500))]
    pub skipped: Vec<MessageSkipped>,
}

impl Example for BookingMessageFilter {
    fn example() -> Self {
        Self { status: vec![BookingStatus::Confirmed], start_date: Some(Date::example()), ..Self::default() }
    }
}

impl Example for BookingMessageCreate {
    fn example() -> Self {
        Self {
            booking_ids: Some(vec![example_id(4)]),
            filter: None,
            subject: Some(Text::of("Another entrance")),
            message: Prose::of("Please use the door in the yard on that day."),
        }
    }
}

impl Example for MessageSkipped {
    fn example() -> Self {
        Self { booking_id: example_id(5), reason: SkipReason::NoAddress }
    }
}

impl Example for BookingMessagesQueued {
    fn example() -> Self {
        Self { queued: 12, skipped: vec![MessageSkipped::example()] }
    }
}
