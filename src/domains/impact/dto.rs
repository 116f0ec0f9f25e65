//! The report on the wire.

use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use super::query::BookingRow;
use crate::guard::Timestamp;

/// Bookings that a report names; the count tells of all.
const NAMED: usize = 100;

/// Which bookings a change leaves outside of the hours, or without what they need.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct Impact {
    /// The first of them, by their time.
    #[oai(validator(max_items = 100))]
    pub breaks: Vec<BrokenBooking>,
    /// How many there are, of the next two years and at most 10,000.
    pub count: u32,
}

/// A booking that no longer lies inside the hours, or has not what it needs any more.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct BrokenBooking {
    pub id: Uuid,
    pub start: Timestamp,
    pub end: Timestamp,
    /// Whom or what the customer meets.
    pub resource_id: Uuid,
    #[oai(validator(max_length = 255))]
    pub resource: String,
    pub service_id: Uuid,
    #[oai(validator(max_length = 255))]
    pub service: String,
    /// Who booked; null for a caller who may not read customers.
    #[oai(nullable, validator(max_length = 255))]
    pub customer: Option<String>,
}

impl Impact {
    /// The report of these bookings, in their order.
    pub fn of(broken: Vec<&BookingRow>, names: bool) -> Self {
        let count = u32::try_from(broken.len()).unwrap_or(u32::MAX);
        let breaks = broken.into_iter().take(NAMED).map(|row| BrokenBooking {
            id: row.id,
            start: row.start_at.into(),
            end: row.end_at.into(),
            resource_id: row.resource_id,
            resource: row.resource.clone(),
            service_id: row.service_id,
            service: row.service.clone(),
            customer: names.then(|| row.customer.clone()),
        });
        Self { breaks: breaks.collect(), count }
    }
}

impl Example for Impact {
    fn example() -> Self {
        Self { breaks: vec![BrokenBooking::example()], count: 1 }
    }
}

impl Example for BrokenBooking {
    fn example() -> Self {
        let id = |last: u128| Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0000 + last);
        Self {
            id: id(6),
            start: Timestamp::example(),
            end: Timestamp::example(),
            resource_id: id(2),
            resource: "Mia Stone".into(),
            service_id: id(1),
            service: "Massage".into(),
            customer: Some("Ana Torres".into()),
        }
    }
}
