//! Segments on the wire.

use ::entity::customer_segments;
use poem_openapi::Object;
use poem_openapi::types::{Example, ParseFromJSON, ToJSON};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::domains::crm::dto::Customer;
use crate::error::ApiError;
use crate::guard::{Patch, Prose, Sort, Text, Timestamp};

/// The orders of a list of segments.
pub type SegmentSort = Sort<customer_segments::Entity>;

/// What customers must have in common: all that is given must hold. Without any nobody is found, and the segment
/// is who was picked by hand. Canceled and failed bookings do not count; a visit is a booking to which the customer came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Object)]
#[oai(example, deny_unknown_fields)]
pub struct SegmentCriteria {
    /// At least so many bookings, past and to come.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "1"), maximum(value = "1000000")))]
    pub min_bookings: Option<i64>,
    /// At most so many bookings, past and to come.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0"), maximum(value = "1000000")))]
    pub max_bookings: Option<i64>,
    /// The first visit began at this instant or later.
    #[oai(skip_serializing_if_is_none)]
    pub first_visit_after: Option<Timestamp>,
    /// The first visit began before this instant.
    #[oai(skip_serializing_if_is_none)]
    pub first_visit_before: Option<Timestamp>,
    /// The last visit began at this instant or later.
    #[oai(skip_serializing_if_is_none)]
    pub last_visit_after: Option<Timestamp>,
    /// The last visit began before this instant.
    #[oai(skip_serializing_if_is_none)]
    pub last_visit_before: Option<Timestamp>,
    /// No visit for more than so many days; whoever never came counts.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "1"), maximum(value = "3650")))]
    pub no_visit_days: Option<i64>,
    /// Whether they never booked.
    #[oai(skip_serializing_if_is_none)]
    pub is_first_time: Option<bool>,
    /// Whether they agreed to hear of offers.
    #[oai(skip_serializing_if_is_none)]
    pub marketing_opt_in: Option<bool>,
    /// Booked this service.
    #[oai(skip_serializing_if_is_none)]
    pub service_id: Option<Uuid>,
    /// Spent at least so much on completed bookings, in the business's currency.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "1"), maximum(value = "1000000000000")))]
    pub min_spent_cents: Option<i64>,
    /// Did not come at least so often.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "1"), maximum(value = "1000000")))]
    pub no_show_min: Option<i64>,
    /// Known to the business since this instant or later.
    #[oai(skip_serializing_if_is_none)]
    pub created_after: Option<Timestamp>,
    /// Known to the business since before this instant.
    #[oai(skip_serializing_if_is_none)]
    pub created_before: Option<Timestamp>,
}

impl SegmentCriteria {
    /// From the column.
    ///
    /// # Errors
    /// 500 for what this version cannot read: a criterion that is passed over would let in too many.
    pub fn read(column: Value) -> Result<Self, ApiError> {
        Self::parse_from_json(Some(column)).map_err(|error| ApiError::internal(error.into_message()))
    }

    /// For the column.
    pub fn write(&self) -> Value {
        self.to_json().unwrap_or_else(|| json!({}))
    }
}

/// A segment to be made; a PUT replaces all of it.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct SegmentCreate {
    /// What to call it; no two segments of the business share a name.
    pub name: Text<1, 100>,
    /// What it is for.
    #[oai(nullable)]
    pub description: Option<Prose<0, 1000>>,
    /// Whom it finds by itself.
    #[oai(default)]
    pub criteria: SegmentCriteria,
}

/// What a PATCH changes: absent keeps, null clears.
#[derive(Debug, Clone, Default, Object)]
#[oai(example, deny_unknown_fields)]
pub struct SegmentUpdate {
    /// What to call it.
    #[oai(skip_serializing_if_is_none)]
    pub name: Option<Text<1, 100>>,
    /// What it is for.
    pub description: Patch<Prose<0, 1000>>,
    /// Whom it finds by itself; replaced as a whole.
    #[oai(skip_serializing_if_is_none)]
    pub criteria: Option<SegmentCriteria>,
}

/// Criteria to be tried.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct SegmentTrial {
    /// Whom to find.
    pub criteria: SegmentCriteria,
}

/// Whom criteria find now.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct SegmentPreview {
    /// How many there are.
    pub total: u64,
    /// The newest of them.
    #[oai(validator(max_items = 5))]
    pub customers: Vec<Customer>,
}

/// A group of customers.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct Segment {
    pub id: Uuid,
    /// What to call it.
    #[oai(validator(max_length = 100))]
    pub name: String,
    /// What it is for.
    #[oai(nullable, validator(max_length = 1000))]
    pub description: Option<String>,
    /// Whom it finds by itself.
    pub criteria: SegmentCriteria,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl From<customer_segments::Model> for Segment {
    fn from(row: customer_segments::Model) -> Self {
        Self {
            id: row.id.0,
            name: row.name,
            description: row.description,
            // what cannot be read is shown as nothing, and refused where somebody would be found by it
            criteria: SegmentCriteria::read(row.criteria).unwrap_or_default(),
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

impl Example for SegmentCriteria {
    fn example() -> Self {
        Self { min_bookings: Some(3), no_visit_days: Some(60), marketing_opt_in: Some(true), ..Self::default() }
    }
}

impl Example for SegmentCreate {
    fn example() -> Self {
        Self {
            name: Text::of("Regulars who stay away"),
            description: Some(Prose::of("To be invited back.")),
            criteria: SegmentCriteria::example(),
        }
    }
}

impl Example for SegmentUpdate {
    fn example() -> Self {
        Self { description: Patch::Clear, criteria: Some(SegmentCriteria::example()), ..Self::default() }
    }
}

impl Example for SegmentTrial {
    fn example() -> Self {
        Self { criteria: SegmentCriteria::example() }
    }
}

impl Example for SegmentPreview {
    fn example() -> Self {
        Self { total: 1, customers: vec![Customer::example()] }
    }
}

impl Example for Segment {
    fn example() -> Self {
        let made = SegmentCreate::example();
        Self {
            id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0008),
            name: made.name.into(),
            description: made.description.map(Into::into),
            criteria: made.criteria,
            created_at: Timestamp::example(),
            updated_at: Timestamp::example(),
        }
    }
}
