//! One decision about many bookings.

use std::collections::BTreeMap;

use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use super::message::MessageSkipped;
use crate::domains::booking::dto::example_id;
use crate::guard::{Prose, Text, Timestamp};

/// What is to be done to each booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum BookingBulkVerb {
    /// From pending.
    Confirm,
    /// From pending or confirmed. The times are free at once.
    Cancel,
    /// From pending or confirmed. Each is followed by a new booking.
    Reschedule,
    /// In any state. The messages are queued, not sent.
    Message,
}

/// What an action needs to know. What belongs to another action is refused.
#[derive(Debug, Clone, Default, Object)]
#[oai(example, deny_unknown_fields)]
pub struct BookingActionData {
    /// `cancel`: the reason, for the record.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub reason: Option<Prose<0, 1000>>,
    /// `reschedule`: by how many minutes each begins later, or earlier with a minus. Minutes that pass, not those of
    /// the clock on the wall: they differ where the clock is changed in between.
    #[oai(nullable, skip_serializing_if_is_none, validator(minimum(value = "-525600"), maximum(value = "525600")))]
    pub shift_minutes: Option<i32>,
    /// `reschedule`, instead of `shift_minutes`: the new start of each booking, by its id.
    #[oai(nullable, skip_serializing_if_is_none, validator(min_properties = 1, max_properties = 100))]
    pub start_at: Option<BTreeMap<Uuid, Timestamp>>,
    /// `message`: the subject.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub subject: Option<Text<1, 200>>,
    /// `message`: the text, which is required there.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub message: Option<Prose<1, 2000>>,
}

/// One decision about many bookings: all of it is done, or nothing.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct BookingBulkAction {
    /// What is to be done to each.
    pub action: BookingBulkVerb,
    /// The bookings, each once.
    #[oai(validator(min_items = 1, max_items = 100, unique_items))]
    pub booking_ids: Vec<Uuid>,
    /// What the action needs to know.
    #[oai(nullable)]
    pub action_data: Option<BookingActionData>,
}

/// What was done.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct BookingBulkDone {
    /// What was done, in a sentence.
    pub message: String,
    /// How many bookings it was done to; for `message`, how many messages were queued.
    pub updated_count: u32,
    /// What was to be done.
    pub action: BookingBulkVerb,
    /// The bookings as they stand now, in the order in which they were named: after `reschedule` the new ones.
    #[oai(validator(max_items = 100))]
    pub booking_ids: Vec<Uuid>,
    /// `message`: the bookings whose customer cannot be written to.
    #[oai(validator(max_items = 100))]
    pub skipped: Vec<MessageSkipped>,
}

impl BookingBulkVerb {
    /// The word for it on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Cancel => "cancel",
            Self::Reschedule => "reschedule",
            Self::Message => "message",
        }
    }
}

impl Example for BookingActionData {
    fn example() -> Self {
        Self { reason: Some(Prose::of("We are closed on that day")), ..Self::default() }
    }
}

impl Example for BookingBulkAction {
    fn example() -> Self {
        Self {
            action: BookingBulkVerb::Cancel,
            booking_ids: vec![example_id(4)],
            action_data: Some(BookingActionData::example()),
        }
    }
}

impl Example for BookingBulkDone {
    fn example() -> Self {
        Self {
            message: "1 booking was canceled.".into(),
            updated_count: 1,
            action: BookingBulkVerb::Cancel,
            booking_ids: vec![example_id(4)],
            skipped: Vec::new(),
        }
    }
}
