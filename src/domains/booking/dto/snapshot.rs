//! What was booked, as the service was when it was booked.

use poem_openapi::Object;
use poem_openapi::types::Example;
use serde::Deserialize;
use uuid::Uuid;

use super::example_id;

/// The service as it was when it was booked: later changes do not reach what was arranged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Object, Deserialize)]
#[oai(example)]
#[serde(default)]
pub struct ServiceSnapshot {
    /// The service.
    #[oai(nullable)]
    pub id: Option<Uuid>,
    /// Its name in addresses.
    #[oai(nullable)]
    pub slug: Option<String>,
    /// What it was called.
    #[oai(nullable)]
    pub name: Option<String>,
    /// Its category.
    #[oai(nullable)]
    pub category: Option<String>,
    /// How long it took.
    #[oai(nullable)]
    pub duration_min: Option<u32>,
    /// Kept free before it.
    #[oai(nullable)]
    pub buffer_before_min: Option<u32>,
    /// Kept free after it.
    #[oai(nullable)]
    pub buffer_after_min: Option<u32>,
    /// What a seat cost, in the currency's minor unit.
    #[oai(nullable)]
    pub price_cents: Option<i64>,
    /// ISO 4217 code.
    #[oai(nullable)]
    pub currency: Option<String>,
}

impl ServiceSnapshot {
    /// What stands in the row. Bookings of other times or brought along from elsewhere say less.
    pub fn of(row: &serde_json::Value) -> Self {
        Self::deserialize(row).unwrap_or_else(|_| Self {
            name: row.get("name").and_then(serde_json::Value::as_str).map(ToOwned::to_owned),
            ..Self::default()
        })
    }
}

impl Example for ServiceSnapshot {
    fn example() -> Self {
        Self {
            id: Some(example_id(1)),
            slug: Some("haircut".into()),
            name: Some("Haircut".into()),
            category: Some("Hair".into()),
            duration_min: Some(45),
            buffer_before_min: Some(0),
            buffer_after_min: Some(10),
            price_cents: Some(4_500),
            currency: Some("USD".into()),
        }
    }
}
