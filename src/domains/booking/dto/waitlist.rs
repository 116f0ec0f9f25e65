//! The waiting list on the wire.

use ::entity::enums;
use ::entity::waitlist_entries::{Entity, Model};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use super::{BookingCustomer, BookingSource, Website, example_id};
use crate::guard::{Prose, Sort, Timestamp};

/// The orders of a waiting list.
pub type WaitlistSort = Sort<Entity>;

/// Where somebody is who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum WaitlistStatus {
    /// Stands in line.
    Waiting,
    /// Has been offered a time, until `offer_expires_at`.
    Offered,
    /// Has booked the time that was offered.
    Booked,
    /// Waits no more by their own wish.
    Left,
    /// Let three offers pass, or all the times are over.
    Expired,
}

impl From<enums::WaitlistStatus> for WaitlistStatus {
    fn from(status: enums::WaitlistStatus) -> Self {
        match status {
            enums::WaitlistStatus::Waiting => Self::Waiting,
            enums::WaitlistStatus::Offered => Self::Offered,
            enums::WaitlistStatus::Booked => Self::Booked,
            enums::WaitlistStatus::Left => Self::Left,
            enums::WaitlistStatus::Expired => Self::Expired,
        }
    }
}

impl From<WaitlistStatus> for enums::WaitlistStatus {
    fn from(status: WaitlistStatus) -> Self {
        match status {
            WaitlistStatus::Waiting => Self::Waiting,
            WaitlistStatus::Offered => Self::Offered,
            WaitlistStatus::Booked => Self::Booked,
            WaitlistStatus::Left => Self::Left,
            WaitlistStatus::Expired => Self::Expired,
        }
    }
}

/// Somebody who wants to wait: a customer that exists (`customer_id`, members only), or their details (`customer`).
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct WaitlistJoin {
    /// The service.
    pub service_id: Uuid,
    /// Only with this resource; with whoever gives the service when absent.
    #[oai(nullable)]
    pub resource_id: Option<Uuid>,
    /// The earliest start.
    pub from_at: Timestamp,
    /// Before this the appointment begins. At most 92 days after `from_at`.
    pub until_at: Timestamp,
    /// A customer that exists. Members only.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub customer_id: Option<Uuid>,
    /// The details of who waits, instead of `customer_id`.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub customer: Option<BookingCustomer>,
    /// How many come.
    #[oai(default = "super::one", validator(minimum(value = "1"), maximum(value = "10000")))]
    pub attendee_count: u32,
    /// What the business should know.
    #[oai(nullable)]
    pub notes: Option<Prose<0, 1000>>,
    /// Leave it empty. On a page it is there and hidden from people: whoever fills it in is a program, and nothing comes of
    /// it.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub website: Option<Website>,
}

impl Example for WaitlistJoin {
    fn example() -> Self {
        let from = Timestamp::new(Timestamp::example().get() + chrono::TimeDelta::days(3_650));
        Self {
            service_id: example_id(1),
            resource_id: None,
            from_at: from,
            until_at: Timestamp::new(from.get() + chrono::TimeDelta::days(14)),
            customer_id: None,
            customer: Some(BookingCustomer::example()),
            attendee_count: 1,
            notes: Some(Prose::of("Mornings, please")),
            website: None,
        }
    }
}

/// Somebody who waits for a time.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct WaitlistEntry {
    /// The entry's id.
    pub id: Uuid,
    /// By it whoever waits looks where they stand, and leaves.
    pub entry_token: String,
    /// Where they are.
    pub status: WaitlistStatus,
    /// Who waits; only members are told.
    #[oai(nullable)]
    pub customer_id: Option<Uuid>,
    /// The service.
    pub service_id: Uuid,
    /// Only with this resource.
    #[oai(nullable)]
    pub resource_id: Option<Uuid>,
    /// The earliest start.
    pub from_at: Timestamp,
    /// Before this the appointment begins.
    pub until_at: Timestamp,
    /// How many come.
    pub attendee_count: i32,
    /// Where it came from.
    pub source: BookingSource,
    /// What the business should know.
    #[oai(nullable)]
    pub notes: Option<String>,
    /// How many times were offered so far.
    pub offers: i32,
    /// When a time was offered last.
    #[oai(nullable)]
    pub offered_at: Option<Timestamp>,
    /// Until when the offered time is kept; null when none is.
    #[oai(nullable)]
    pub offer_expires_at: Option<Timestamp>,
    /// Books the offered time; null when there is none.
    #[oai(nullable)]
    pub hold_token: Option<String>,
    /// The booking that came of it.
    #[oai(nullable)]
    pub booking_id: Option<Uuid>,
    /// When they joined.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

impl WaitlistEntry {
    /// The entry with its tokens.
    pub fn of(row: Model, entry_token: String, hold_token: Option<String>) -> Self {
        Self {
            id: row.id.0,
            entry_token,
            status: row.status.into(),
            customer_id: Some(row.customer_id.0),
            service_id: row.service_id.0,
            resource_id: row.resource_id.map(|resource| resource.0),
            from_at: Timestamp::new(row.from_at),
            until_at: Timestamp::new(row.until_at),
            attendee_count: row.attendee_count,
            source: row.source.into(),
            notes: row.notes,
            offers: row.offers,
            offered_at: row.offered_at.map(Timestamp::new),
            offer_expires_at: row.offer_expires_at.map(Timestamp::new),
            hold_token,
            booking_id: row.booking_id.map(|booking| booking.0),
            created_at: Timestamp::new(row.created_at),
            updated_at: Timestamp::new(row.updated_at),
        }
    }
}

impl Example for WaitlistEntry {
    fn example() -> Self {
        let wish = WaitlistJoin::example();
        Self {
            id: example_id(6),
            entry_token: "AZnEkTlqfTCbUjwfCm1-hA.3q2-7wAAAAA".into(),
            status: WaitlistStatus::Waiting,
            customer_id: Some(example_id(3)),
            service_id: wish.service_id,
            resource_id: None,
            from_at: wish.from_at,
            until_at: wish.until_at,
            attendee_count: 1,
            source: BookingSource::Public,
            notes: Some("Mornings, please".into()),
            offers: 0,
            offered_at: None,
            offer_expires_at: None,
            hold_token: None,
            booking_id: None,
            created_at: Timestamp::example(),
            updated_at: Timestamp::example(),
        }
    }
}
