//! Visits of several services on the wire.

use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::guard::Timestamp;

/// The order of the services of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum ItineraryOrder {
    /// As they are named.
    Given,
    /// Whatever order fits best.
    Any,
}

/// A service of a visit.
#[derive(Debug, Clone, Copy, Object)]
#[oai(example, deny_unknown_fields)]
pub struct ItineraryService {
    /// The service.
    pub service_id: Uuid,
    /// Who or what gives it; whoever is free when absent.
    #[oai(nullable)]
    pub resource_id: Option<Uuid>,
}

impl Example for ItineraryService {
    fn example() -> Self {
        Self { service_id: example_id(1), resource_id: None }
    }
}

/// A visit of several services that somebody looks for.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct ItinerarySearch {
    /// The services.
    #[oai(validator(min_items = 2, max_items = 5))]
    pub services: Vec<ItineraryService>,
    /// The visit begins at or after this time.
    pub from: Timestamp,
    /// The visit is over by this time; at most 14 days after `from`.
    pub to: Timestamp,
    /// The order of the services.
    #[oai(default = "given")]
    pub order: ItineraryOrder,
    /// The longest wait between two services, in minutes.
    #[oai(default = "half_an_hour", validator(minimum(value = "0"), maximum(value = "480")))]
    pub max_gap_min: u32,
    /// The least time between two services, in minutes.
    #[oai(default, validator(minimum(value = "0"), maximum(value = "480")))]
    pub min_gap_min: u32,
    /// How many come, to each of the services.
    #[oai(default = "one", validator(minimum(value = "1"), maximum(value = "10000")))]
    pub attendee_count: u32,
    /// How many options are wanted.
    #[oai(default = "five", validator(minimum(value = "1"), maximum(value = "20")))]
    pub limit: u32,
}

impl Example for ItinerarySearch {
    fn example() -> Self {
        let from = Timestamp::example();
        Self {
            services: vec![ItineraryService::example(), ItineraryService::example()],
            from,
            to: Timestamp::new(from.get() + chrono::TimeDelta::days(7)),
            order: ItineraryOrder::Any,
            max_gap_min: 30,
            min_gap_min: 0,
            attendee_count: 1,
            limit: 5,
        }
    }
}

fn given() -> ItineraryOrder {
    ItineraryOrder::Given
}

fn half_an_hour() -> u32 {
    30
}

fn one() -> u32 {
    1
}

fn five() -> u32 {
    5
}

/// One service of a visit at its time.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct ItineraryLeg {
    /// The service.
    pub service_id: Uuid,
    /// The service's name.
    pub service_name: String,
    /// When it begins.
    pub start: Timestamp,
    /// When it is done; buffers are not shown.
    pub end: Timestamp,
    /// The beginning on the clock of the resource's zone.
    pub local_start: String,
    /// Who or what gives it.
    pub resource_id: Uuid,
    /// The name of that resource.
    pub resource_name: String,
    /// What else it takes, such as a room.
    pub with_resource_ids: Vec<Uuid>,
    /// The price for all who come, in the currency's minor unit.
    pub price_cents: i64,
    /// ISO 4217 code.
    pub currency: String,
}

impl Example for ItineraryLeg {
    fn example() -> Self {
        let start = Timestamp::example();
        Self {
            service_id: example_id(1),
            service_name: "Haircut".into(),
            start,
            end: Timestamp::new(start.get() + chrono::TimeDelta::minutes(45)),
            local_start: "2026-03-02T04:30".into(),
            resource_id: example_id(2),
            resource_name: "Ana".into(),
            with_resource_ids: vec![example_id(3)],
            price_cents: 4_500,
            currency: "USD".into(),
        }
    }
}

/// A visit that can be booked.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct ItineraryOption {
    /// When the visit begins.
    pub start: Timestamp,
    /// When it is over.
    pub end: Timestamp,
    /// Minutes between the services, in all.
    pub idle_min: i64,
    /// The price of all services; null where they have different currencies.
    #[oai(nullable)]
    pub total_cents: Option<i64>,
    /// ISO 4217 code of `total_cents`.
    #[oai(nullable)]
    pub currency: Option<String>,
    /// The services, one after the other.
    pub legs: Vec<ItineraryLeg>,
}

impl ItineraryOption {
    pub(in crate::domains::scheduling::slots) fn of(legs: Vec<ItineraryLeg>, idle_min: i64) -> Option<Self> {
        let (first, last) = (legs.first()?, legs.last()?);
        let same = legs.iter().all(|leg| leg.currency == first.currency);
        let total = legs.iter().fold(0, |sum: i64, leg| sum.saturating_add(leg.price_cents));
        Some(Self {
            start: first.start,
            end: last.end,
            idle_min,
            total_cents: same.then_some(total),
            currency: same.then(|| first.currency.clone()),
            legs,
        })
    }
}

impl Example for ItineraryOption {
    fn example() -> Self {
        let leg = ItineraryLeg::example();
        Self {
            start: leg.start,
            end: leg.end,
            idle_min: 0,
            total_cents: Some(leg.price_cents),
            currency: Some(leg.currency.clone()),
            legs: vec![leg],
        }
    }
}

/// Visits that can be booked, the best first.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct Itineraries {
    /// The least idle time first; of equal ones the earliest start.
    pub data: Vec<ItineraryOption>,
    /// The search was cut short: what is listed can be booked, and there may be better ones that begin later. Ask for
    /// fewer days.
    pub truncated: bool,
    /// The business's zone.
    pub timezone: String,
}

impl Example for Itineraries {
    fn example() -> Self {
        Self { data: vec![ItineraryOption::example()], truncated: false, timezone: "America/New_York".into() }
    }
}

fn example_id(number: u128) -> Uuid {
    Uuid::from_u128(0x0199_a4c2_8f1e_7d30_9b52_3c1f_0a6d_0000 + number)
}
