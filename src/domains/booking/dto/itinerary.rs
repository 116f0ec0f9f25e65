//! Visits of several services on the wire, as they are booked.

use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use super::{Booking, BookingCustomer, PublicBooking, Website, example_id, one};
use crate::guard::{Prose, Timestamp};

/// One service of a visit.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct BookingLeg {
    /// The service.
    pub service_id: Uuid,
    /// One of the listed free times.
    pub start_at: Timestamp,
    /// Who or what gives it, as the option named it; whoever is free when absent.
    #[oai(nullable)]
    pub resource_id: Option<Uuid>,
    /// What else it takes, as the option named it; whatever is free when empty.
    #[oai(default, validator(max_items = 20))]
    pub with_resource_ids: Vec<Uuid>,
}

impl Example for BookingLeg {
    fn example() -> Self {
        Self {
            service_id: example_id(1),
            start_at: Timestamp::example(),
            resource_id: Some(example_id(2)),
            with_resource_ids: Vec::new(),
        }
    }
}

fn legs() -> Vec<BookingLeg> {
    let first = BookingLeg::example();
    let next = Timestamp::new(first.start_at.get() + chrono::TimeDelta::minutes(45));
    vec![first.clone(), BookingLeg { start_at: next, ..first }]
}

/// A visit to be booked: all of it or nothing.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct BookingItineraryCreate {
    /// The services, each at its time.
    #[oai(validator(min_items = 2, max_items = 5))]
    pub legs: Vec<BookingLeg>,
    /// A customer that exists. Members only.
    #[oai(nullable)]
    pub customer_id: Option<Uuid>,
    /// The details of who books, instead of `customer_id`.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub customer: Option<BookingCustomer>,
    /// How many come, to each of the services.
    #[oai(default = "one", validator(minimum(value = "1"), maximum(value = "10000")))]
    pub attendee_count: u32,
    /// What the business should know.
    #[oai(nullable)]
    pub notes: Option<Prose<0, 5000>>,
    /// Leave it empty. On a page it is there and hidden from people: whoever fills it in is a program, and nothing comes of
    /// it.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub website: Option<Website>,
}

impl Example for BookingItineraryCreate {
    fn example() -> Self {
        Self {
            legs: legs(),
            customer_id: Some(example_id(3)),
            customer: None,
            attendee_count: 1,
            notes: None,
            website: None,
        }
    }
}

/// A visit to be booked by a visitor: all of it or nothing.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct PublicItineraryCreate {
    /// The services, each at its time.
    #[oai(validator(min_items = 2, max_items = 5))]
    pub legs: Vec<BookingLeg>,
    /// Who books.
    pub customer: BookingCustomer,
    /// How many come, to each of the services.
    #[oai(default = "one", validator(minimum(value = "1"), maximum(value = "10000")))]
    pub attendee_count: u32,
    /// What the business should know.
    #[oai(nullable)]
    pub notes: Option<Prose<0, 5000>>,
    /// Leave it empty. On a page it is there and hidden from people: whoever fills it in is a program, and nothing comes of
    /// it.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub website: Option<Website>,
}

impl Example for PublicItineraryCreate {
    fn example() -> Self {
        Self { legs: legs(), customer: BookingCustomer::example(), attendee_count: 1, notes: None, website: None }
    }
}

/// A visit that was booked.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct BookingItinerary {
    /// What its bookings have in common.
    pub itinerary_id: Uuid,
    /// The bookings, in the order of their time.
    pub bookings: Vec<Booking>,
    /// For a visitor: what opens each of the bookings again, in the same order. Empty for members.
    pub manage_tokens: Vec<String>,
}

impl Example for BookingItinerary {
    fn example() -> Self {
        Self { itinerary_id: example_id(6), bookings: vec![Booking::example()], manage_tokens: Vec::new() }
    }
}

/// A visit that a visitor booked.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct PublicItinerary {
    /// What its bookings have in common.
    pub itinerary_id: Uuid,
    /// The bookings, in the order of their time.
    pub bookings: Vec<PublicBooking>,
}

impl Example for PublicItinerary {
    fn example() -> Self {
        Self { itinerary_id: example_id(6), bookings: vec![PublicBooking::example()] }
    }
}
