//! Free times on the wire.

use chrono::{DateTime, SecondsFormat, Utc};
use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use super::query::{ResourceRow, ServiceRow};
use crate::guard::{Date, Timestamp};
use crate::kernel::zone::Zone;

/// A time that can be booked.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct SlotOffer {
    /// When it begins.
    pub start: Timestamp,
    /// When the customer is done; buffers are not shown.
    pub end: Timestamp,
    /// The beginning on the clock of the resource's zone.
    pub local_start: String,
    /// Who or what gives it if the booking names nobody: the one with the least to do.
    pub resource_id: Uuid,
    /// The name of that resource.
    pub resource_name: String,
    /// Everybody who could give it.
    pub resource_ids: Vec<Uuid>,
    /// Always true: what cannot be booked is not listed.
    pub available: bool,
    /// The price in the currency's minor unit.
    pub price_cents: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// Seats left, where several share a start.
    #[oai(nullable)]
    pub seats_left: Option<u32>,
}

impl SlotOffer {
    pub(super) fn new(
        start: DateTime<Utc>,
        end: DateTime<Utc>,
        resources: &[&ResourceRow],
        service: &ServiceRow,
        seats_left: Option<u32>,
        zone: Option<&Zone>,
    ) -> Self {
        let first = resources.first();
        Self {
            start: Timestamp::new(start),
            end: Timestamp::new(end),
            local_start: zone.map_or_else(
                || start.to_rfc3339_opts(SecondsFormat::Secs, true),
                |zone| zone.local(start).format("%Y-%m-%dT%H:%M").to_string(),
            ),
            resource_id: first.map_or(Uuid::nil(), |resource| resource.id),
            resource_name: first.map(|resource| resource.name.clone()).unwrap_or_default(),
            resource_ids: resources.iter().map(|resource| resource.id).collect(),
            available: true,
            price_cents: service.price_cents,
            currency: service.currency.clone(),
            seats_left,
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
            available: true,
            price_cents: 4_500,
            currency: "USD".into(),
            seats_left: None,
        }
    }
}

/// Free times of a service.
#[derive(Debug, Clone, Object)]
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
#[derive(Debug, Clone, Object)]
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
