//! What a booking takes, item by item.

use ::entity::booking_items;
use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use super::example_id;
use crate::guard::Timestamp;

/// Somebody or something that a booking takes.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct BookingItem {
    /// The item's id.
    pub id: Uuid,
    /// Who or what it is.
    pub resource_id: Uuid,
    /// The service that it serves.
    pub service_id: Uuid,
    /// From when on, without buffers.
    pub start_at: Timestamp,
    /// Until when, without buffers.
    pub end_at: Timestamp,
    /// Minutes before in which nobody else has it.
    pub buffer_before_min: i32,
    /// Minutes after in which nobody else has it.
    pub buffer_after_min: i32,
    /// Its part of the price, in the currency's minor unit.
    pub price_cents: i64,
    /// Nobody asked for it: its turn had come.
    pub picked: bool,
}

impl From<booking_items::Model> for BookingItem {
    fn from(row: booking_items::Model) -> Self {
        Self {
            id: row.id.0,
            resource_id: row.resource_id.0,
            service_id: row.service_id.0,
            start_at: Timestamp::new(row.start_at),
            end_at: Timestamp::new(row.end_at),
            buffer_before_min: row.buffer_before_min,
            buffer_after_min: row.buffer_after_min,
            price_cents: row.price_cents,
            picked: row.picked,
        }
    }
}

impl Example for BookingItem {
    fn example() -> Self {
        let start = Timestamp::example();
        Self {
            id: example_id(5),
            resource_id: example_id(2),
            service_id: example_id(1),
            start_at: start,
            end_at: Timestamp::new(start.get() + chrono::TimeDelta::minutes(45)),
            buffer_before_min: 0,
            buffer_after_min: 15,
            price_cents: 4_500,
            picked: false,
        }
    }
}
