//! Free times on the wire.

mod days;

use chrono::SecondsFormat;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use serde::Serialize;
use uuid::Uuid;

pub use days::{AvailabilityDay, AvailabilityDays, NextAvailable};

use super::query::{ResourceRow, ServiceRow};
use super::rules::Audience;
use crate::domains::scheduling::rules::Offer;
use crate::guard::{Date, Timestamp};
use crate::kernel::zone::Zone;

/// A time that can be booked.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(example)]
pub struct SlotOffer {
    /// When it begins.
    pub start: Timestamp,
    /// When the customer is done; buffers are not shown.
    pub end: Timestamp,
    /// The beginning on the clock of the resource's zone.
    pub local_start: String,
    /// Who or what gives it if the booking names nobody: the one whose turn it is.
    pub resource_id: Uuid,
    /// The name of that resource.
    pub resource_name: String,
    /// Everybody who could give it, whose turn it is first.
    pub resource_ids: Vec<Uuid>,
    /// What else it takes, such as a room.
    pub with_resource_ids: Vec<Uuid>,
    /// Always true: what cannot be booked is not listed.
    pub available: bool,
    /// The price in the currency's minor unit.
    pub price_cents: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// Seats left, where several share a start.
    #[oai(nullable)]
    pub seats_left: Option<u32>,
    /// Books or holds this time on these terms, with these resources and at this price, for ten minutes.
    pub token: String,
}

impl SlotOffer {
    /// With whom the customer would meet; who else could, and what else it takes, is for the caller to say.
    pub(super) fn new(offer: &Offer<'_>, met: &ResourceRow, service: &ServiceRow, zone: Option<&Zone>) -> Self {
        Self {
            start: Timestamp::new(offer.start),
            end: Timestamp::new(offer.end),
            local_start: zone.map_or_else(
                || offer.start.to_rfc3339_opts(SecondsFormat::Secs, true),
                |zone| zone.local(offer.start).format("%Y-%m-%dT%H:%M").to_string(),
            ),
            resource_id: met.id,
            resource_name: met.name.clone(),
            resource_ids: Vec::new(),
            with_resource_ids: Vec::new(),
            available: true,
            price_cents: service.price_cents,
            currency: service.currency.clone(),
            seats_left: offer.seats_left,
            token: String::new(),
        }
    }
}

impl Example for SlotOffer {
    fn example() -> Self {
        let start = Timestamp::example();
        Self {
            start,
            end: Timestamp::new(start.get() + chrono::TimeDelta::minutes(45)),
            local_start: "2026-03-02T04:30".into(),
            resource_id: Uuid::from_u128(0x0199_a4c2_8f1e_7d30_9b52_3c1f_0a6d_7e84),
            resource_name: "Ana".into(),
            resource_ids: vec![Uuid::from_u128(0x0199_a4c2_8f1e_7d30_9b52_3c1f_0a6d_7e84)],
            with_resource_ids: vec![Uuid::from_u128(0x0199_a4c2_8f1e_7d30_9b52_3c1f_0a6d_7e85)],
            available: true,
            price_cents: 4_500,
            currency: "USD".into(),
            seats_left: None,
            token: "dG9rZW4gb2YgYSB0aW1lIA.AZnEkTlqfTCbUjwfCm1-hA".into(),
        }
    }
}

/// Free times of a service.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(example)]
pub struct Availability {
    /// The free times, in order of their beginning.
    pub data: Vec<SlotOffer>,
    /// The zone in which dates were counted: the business's.
    pub timezone: String,
    /// The service that was asked for.
    pub service_id: Uuid,
    /// The first date, in that zone.
    pub start_date: Date,
    /// The last date, in that zone.
    pub end_date: Date,
}

impl Example for Availability {
    fn example() -> Self {
        let date = Date::example();
        let service_id = Uuid::from_u128(0x0199_a4c2_8f1e_7d30_9b52_3c1f_0a6d_0001);
        Self {
            data: vec![SlotOffer::example()],
            timezone: "America/New_York".into(),
            service_id,
            start_date: date,
            end_date: date,
        }
    }
}

/// Free times of one resource.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(example)]
pub struct ResourceSlots {
    /// The resource that was asked for.
    pub resource_id: Uuid,
    /// The service that was asked for.
    pub service_id: Uuid,
    /// The free times, in order of their beginning.
    pub slots: Vec<SlotOffer>,
    /// The zone in which dates were counted: the business's.
    pub timezone: String,
}

impl Example for ResourceSlots {
    fn example() -> Self {
        let offer = SlotOffer::example();
        let service_id = Uuid::from_u128(0x0199_a4c2_8f1e_7d30_9b52_3c1f_0a6d_0001);
        Self { resource_id: offer.resource_id, service_id, slots: vec![offer], timezone: "America/New_York".into() }
    }
}

/// For whom a time is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum SlotAudience {
    /// As a visitor would see it: notice and horizon are kept.
    Public,
    /// As the front desk sees it.
    Staff,
}

impl From<SlotAudience> for Audience {
    fn from(audience: SlotAudience) -> Self {
        match audience {
            SlotAudience::Public => Self::Public,
            SlotAudience::Staff => Self::Staff,
        }
    }
}

/// What keeps a time from being offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum SlotReasonCode {
    /// It has passed.
    Past,
    /// The service is not active.
    Inactive,
    /// Nobody who is active gives the service.
    NoResource,
    /// Too soon: `earliest` keeps the notice.
    Notice,
    /// Too far ahead.
    Window,
    /// No more bookings are taken in this period.
    Limit,
    /// Outside the weekly hours.
    Closed,
    /// Other hours hold on that date, or there is an absence.
    Exception,
    /// An appointment or a class is there.
    Booked,
    /// Somebody is about to book it.
    Held,
    /// Free itself, but not with the buffers around it.
    Buffer,
    /// An outside calendar is busy.
    Outside,
    /// Not enough seats are left.
    Capacity,
    /// One resource would be needed twice.
    Shared,
    /// Free, but no appointment of this service begins at this time.
    OffGrid,
}

/// Time that is taken. By whom is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object)]
#[oai(example)]
pub struct TakenTime {
    /// When the appointment begins.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// From when on the resource is taken, buffers included.
    pub occupied_start: Timestamp,
    /// Until when.
    pub occupied_end: Timestamp,
}

impl Example for TakenTime {
    fn example() -> Self {
        let at = |minutes| Timestamp::new(Timestamp::example().get() + chrono::TimeDelta::minutes(minutes));
        Self { start: at(-45), end: at(-10), occupied_start: at(-45), occupied_end: at(5) }
    }
}

/// One thing that keeps a time from being offered.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct SlotReason {
    /// What it is.
    pub code: SlotReasonCode,
    /// Whose matter it is, where it is one resource's.
    #[oai(nullable)]
    pub resource_id: Option<Uuid>,
    /// The name of that resource.
    #[oai(nullable)]
    pub resource_name: Option<String>,
    /// The time that is taken, with `booked`, `buffer` and `outside`.
    #[oai(nullable)]
    pub taken: Option<TakenTime>,
    /// The first instant that keeps the notice, with `notice`.
    #[oai(nullable)]
    pub earliest: Option<Timestamp>,
}

impl From<SlotReasonCode> for SlotReason {
    fn from(code: SlotReasonCode) -> Self {
        Self { code, resource_id: None, resource_name: None, taken: None, earliest: None }
    }
}

impl Example for SlotReason {
    fn example() -> Self {
        let offer = SlotOffer::example();
        Self {
            resource_id: Some(offer.resource_id),
            resource_name: Some(offer.resource_name),
            taken: Some(TakenTime::example()),
            ..SlotReasonCode::Buffer.into()
        }
    }
}

/// Why a time is offered or not.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct SlotExplanation {
    /// Whether it can be booked.
    pub available: bool,
    /// All that keeps it from being offered; of several resources each has its own reasons. Empty when it is
    /// available.
    pub reasons: Vec<SlotReason>,
    /// The service that was asked for.
    pub service_id: Uuid,
    /// The time that was asked for.
    pub start: Timestamp,
    /// When the customer would be done.
    pub end: Timestamp,
    /// For whom it was judged.
    pub audience: SlotAudience,
    /// The business's zone.
    pub timezone: String,
}

impl Example for SlotExplanation {
    fn example() -> Self {
        let offer = SlotOffer::example();
        Self {
            available: false,
            reasons: vec![SlotReason::example()],
            service_id: Uuid::from_u128(0x0199_a4c2_8f1e_7d30_9b52_3c1f_0a6d_0001),
            start: offer.start,
            end: offer.end,
            audience: SlotAudience::Public,
            timezone: "America/New_York".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use poem_openapi::types::{Example, ToJSON};

    use super::*;

    #[test]
    fn what_is_written_at_once_is_what_the_document_says() {
        let availability = Availability::example();
        assert_eq!(Some(serde_json::to_value(&availability).unwrap()), availability.to_json());
        let slots = ResourceSlots::example();
        assert_eq!(Some(serde_json::to_value(&slots).unwrap()), slots.to_json());
    }
}
