//! One change of many services.

use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use crate::guard::{Patch, Text};

/// What is to change of each: absent keeps, null clears.
#[derive(Debug, Clone, Default, Object)]
#[oai(example, deny_unknown_fields)]
pub struct ServiceBulkFields {
    /// Whether the public sees and books it.
    #[oai(skip_serializing_if_is_none)]
    pub active: Option<bool>,
    /// The heading it stands under.
    pub category: Patch<Text<1, 100>>,
    /// The price in the currency's minor unit.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0"), maximum(value = "100000000000")))]
    pub price_cents: Option<i64>,
    /// Instead of `price_cents`: by how many per cent each price rises, or falls with a minus; at most two decimals.
    /// Rounded to the minor unit, half of one up.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "-100"), maximum(value = "1000")))]
    pub price_change_percent: Option<f64>,
    /// Minutes before the start in which nobody else can be booked.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0"), maximum(value = "1439")))]
    pub buffer_before_min: Option<i32>,
    /// Minutes after the end in which nobody else can be booked.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0"), maximum(value = "1439")))]
    pub buffer_after_min: Option<i32>,
    /// Minutes from one possible start to the next; null is the duration.
    #[oai(validator(minimum(value = "1"), maximum(value = "1440")))]
    pub interval_min: Patch<i32>,
    /// How many minutes ahead it must be booked.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0"), maximum(value = "525600")))]
    pub notice_min: Option<i32>,
    /// How many days ahead it can be booked; null is any number.
    #[oai(validator(minimum(value = "1"), maximum(value = "3650")))]
    pub horizon_days: Patch<i32>,
    /// Whether a booking waits until staff confirm it.
    #[oai(skip_serializing_if_is_none)]
    pub requires_confirmation: Option<bool>,
}

/// One change of many services: of all of them, or of none.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct ServiceBulkUpdate {
    /// The services, each once.
    #[oai(validator(min_items = 1, max_items = 100, unique_items))]
    pub service_ids: Vec<Uuid>,
    /// What is to change of each.
    pub update_fields: ServiceBulkFields,
    /// Go ahead although services that become inactive have bookings to come.
    #[oai(default)]
    pub force: bool,
}

/// What was done.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct ServiceBulkUpdated {
    /// How many services were changed.
    pub updated_count: u32,
}

impl Example for ServiceBulkFields {
    fn example() -> Self {
        Self { active: Some(true), price_change_percent: Some(2.5), ..Self::default() }
    }
}

impl Example for ServiceBulkUpdate {
    fn example() -> Self {
        Self {
            service_ids: vec![Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0001)],
            update_fields: ServiceBulkFields::example(),
            force: false,
        }
    }
}

impl Example for ServiceBulkUpdated {
    fn example() -> Self {
        Self { updated_count: 1 }
    }
}
