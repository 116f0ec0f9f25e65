//! Held times on the wire.

use ::entity::booking_holds::Entity;
use ::entity::enums;
use chrono::{DateTime, Utc};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use super::{Booking, TokenText, Website, example_id};
use crate::domains::booking::service::Kept;
use crate::guard::{Sort, Timestamp};

/// The orders of a list of holds.
pub type HoldSort = Sort<Entity>;

/// What became of a held time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum HoldStatus {
    /// It is kept until `expires_at`.
    Held,
    /// It was booked.
    Redeemed,
    /// It was given up.
    Released,
    /// Its time is over: somebody else may have it.
    Expired,
}

/// A time to be held: by the token of a listed time, or field by field. What is given beside a token must agree with it.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct HoldCreate {
    /// The token of a listed time: its resources and its price are promised.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub slot_token: Option<TokenText>,
    /// The service, without a token.
    #[oai(nullable)]
    pub service_id: Option<Uuid>,
    /// Who or what gives it; whoever is free when absent.
    #[oai(nullable)]
    pub resource_id: Option<Uuid>,
    /// One of the listed free times, without a token.
    #[oai(nullable)]
    pub start_at: Option<Timestamp>,
    /// How many come; 1, or what the token says, when absent.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "10000")))]
    pub attendee_count: Option<u32>,
    /// Leave it empty. On a page it is there and hidden from people: whoever fills it in is a program, and nothing comes of
    /// it.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub website: Option<Website>,
}

impl Example for HoldCreate {
    fn example() -> Self {
        Self {
            slot_token: None,
            service_id: Some(example_id(1)),
            resource_id: None,
            start_at: Some(Timestamp::example()),
            attendee_count: Some(1),
            website: None,
        }
    }
}

/// A time that is kept for somebody.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct Hold {
    /// The hold's id.
    pub id: Uuid,
    /// Whoever has it may book the time, keep it longer or give it up.
    pub hold_token: String,
    /// What became of it.
    pub status: HoldStatus,
    /// The service.
    pub service_id: Uuid,
    /// Who or what gives it.
    pub resource_id: Uuid,
    /// All that is kept for it; the first is `resource_id`.
    pub resource_ids: Vec<Uuid>,
    /// When it begins.
    pub start_at: Timestamp,
    /// When the customer is done.
    pub end_at: Timestamp,
    /// How many come.
    pub attendee_count: i32,
    /// What it will cost, in the currency's minor unit.
    pub total_amount_cents: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// Until when it is kept.
    pub expires_at: Timestamp,
    /// How often it was kept longer.
    pub extensions: i32,
    /// Who waited for it, when it is an offer.
    #[oai(nullable)]
    pub waitlist_entry_id: Option<Uuid>,
    /// The booking that it became.
    #[oai(nullable)]
    pub booking_id: Option<Uuid>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Hold {
    /// The hold as it is at an instant.
    pub fn of(kept: Kept, hold_token: String, now: DateTime<Utc>) -> Self {
        let Kept { row, resources } = kept;
        Self {
            id: row.id.0,
            hold_token,
            status: match row.status {
                enums::HoldStatus::Held if row.expires_at > now => HoldStatus::Held,
                enums::HoldStatus::Held | enums::HoldStatus::Expired => HoldStatus::Expired,
                enums::HoldStatus::Redeemed => HoldStatus::Redeemed,
                enums::HoldStatus::Released => HoldStatus::Released,
            },
            service_id: row.service_id.0,
            resource_id: row.resource_id.0,
            resource_ids: resources,
            start_at: Timestamp::new(row.start_at),
            end_at: Timestamp::new(row.end_at),
            attendee_count: row.attendee_count,
            total_amount_cents: row.total_cents,
            currency: row.currency,
            expires_at: Timestamp::new(row.expires_at),
            extensions: row.extensions,
            waitlist_entry_id: row.waitlist_entry_id.map(|entry| entry.0),
            booking_id: row.booking_id.map(|booking| booking.0),
            created_at: Timestamp::new(row.created_at),
        }
    }
}

impl Example for Hold {
    fn example() -> Self {
        let booking = Booking::example();
        Self {
            id: example_id(5),
            hold_token: "AZnEkTlqfTCbUjwfCm1-hA.3q2-7wAAAAA".into(),
            status: HoldStatus::Held,
            service_id: booking.service_id,
            resource_id: booking.resource_id,
            resource_ids: vec![booking.resource_id],
            start_at: booking.start_at,
            end_at: booking.end_at,
            attendee_count: 1,
            total_amount_cents: booking.total_amount_cents,
            currency: booking.currency,
            expires_at: Timestamp::example(),
            extensions: 0,
            waitlist_entry_id: None,
            booking_id: None,
            created_at: Timestamp::example(),
        }
    }
}
