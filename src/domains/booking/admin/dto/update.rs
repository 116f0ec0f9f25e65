//! Several changes of one booking at once.

use poem_openapi::Object;
use poem_openapi::types::Example;

use crate::domains::booking::dto::BookingStatus;
use crate::guard::{Patch, Prose, Timestamp};

/// What is to change: absent keeps.
#[derive(Debug, Clone, Default, Object)]
#[oai(example, deny_unknown_fields)]
pub struct BookingUpdateFields {
    /// Where it is to be in its life: one step on from where it is.
    #[oai(skip_serializing_if_is_none)]
    pub status: Option<BookingStatus>,
    /// Another start: one of the listed free times. A new booking takes the place of this one.
    #[oai(skip_serializing_if_is_none)]
    pub start_at: Option<Timestamp>,
    /// The end, for checking: it follows from the service.
    #[oai(skip_serializing_if_is_none)]
    pub end_at: Option<Timestamp>,
    /// What the business should know; null clears.
    pub notes: Patch<Prose<0, 5000>>,
}

/// Several changes of one booking: all of them are made, or none.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct AdminBookingUpdate {
    /// What is to change.
    pub update_fields: BookingUpdateFields,
}

impl Example for BookingUpdateFields {
    fn example() -> Self {
        Self {
            status: Some(BookingStatus::Confirmed),
            notes: Patch::Set(Prose::of("Comes with a child")),
            ..Self::default()
        }
    }
}

impl Example for AdminBookingUpdate {
    fn example() -> Self {
        Self { update_fields: BookingUpdateFields::example() }
    }
}
