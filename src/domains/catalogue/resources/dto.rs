//! Resources on the wire.

use ::entity::{enums, resources};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::domains::catalogue::limits::{self, BookingLimit};
use crate::domains::catalogue::metadata::{self, Metadata};
use crate::guard::{Patch, Sort, Text, Timestamp};

/// The orders of a list of resources.
pub type ResourceSort = Sort<resources::Entity>;

/// What a resource is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum ResourceType {
    /// A person.
    Staff,
    /// A place.
    Room,
    /// A thing.
    Equipment,
}

/// A resource to be made; a PUT replaces all of it.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct ResourceCreate {
    /// What it is. It stays that for life.
    #[oai(rename = "type")]
    pub kind: ResourceType,
    /// What people call it.
    pub name: Text<1, 255>,
    /// IANA zone of its hours; null is the business's.
    #[oai(nullable)]
    pub tz: Option<Text<1, 50>>,
    /// How many bookings it can serve at once: a pool of equal machines, a desk for several.
    #[oai(default = "one", validator(minimum(value = "1"), maximum(value = "10000")))]
    pub capacity: i32,
    /// Whether it can be booked.
    #[oai(default = "yes")]
    pub is_active: bool,
    /// How many bookings a day, week or month it takes.
    #[oai(default, validator(max_items = 3))]
    pub limits: Vec<BookingLimit>,
    /// Free members for integrators.
    #[oai(default, validator(max_properties = 50))]
    pub metadata_json: Metadata,
}

fn one() -> i32 {
    1
}

fn yes() -> bool {
    true
}

/// What a PATCH changes: absent keeps, null clears.
#[derive(Debug, Clone, Default, Object)]
#[oai(example, deny_unknown_fields)]
pub struct ResourceUpdate {
    /// What people call it.
    #[oai(skip_serializing_if_is_none)]
    pub name: Option<Text<1, 255>>,
    /// IANA zone of its hours; null is the business's.
    pub tz: Patch<Text<1, 50>>,
    /// How many bookings it can serve at once: a pool of equal machines, a desk for several.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "1"), maximum(value = "10000")))]
    pub capacity: Option<i32>,
    /// Whether it can be booked.
    #[oai(skip_serializing_if_is_none)]
    pub is_active: Option<bool>,
    /// How many bookings a day, week or month it takes; replaced as a whole.
    #[oai(skip_serializing_if_is_none, validator(max_items = 3))]
    pub limits: Option<Vec<BookingLimit>>,
    /// Free members for integrators; replaced as a whole.
    #[oai(skip_serializing_if_is_none, validator(max_properties = 50))]
    pub metadata_json: Option<Metadata>,
}

/// Who or what performs services.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(example)]
pub struct Resource {
    pub id: Uuid,
    /// What it is.
    #[oai(rename = "type")]
    pub kind: ResourceType,
    /// What people call it.
    #[oai(validator(max_length = 255))]
    pub name: String,
    /// IANA zone of its hours; null is the business's.
    #[oai(nullable, validator(max_length = 50))]
    pub tz: Option<String>,
    /// How many bookings it can serve at once: a pool of equal machines, a desk for several.
    pub capacity: i32,
    /// Whether it can be booked.
    pub is_active: bool,
    /// How many bookings a day, week or month it takes.
    pub limits: Vec<BookingLimit>,
    /// Free members for integrators.
    pub metadata_json: Metadata,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl From<resources::Model> for Resource {
    fn from(row: resources::Model) -> Self {
        Self {
            id: row.id.0,
            kind: row.kind.into(),
            name: row.name,
            tz: row.tz,
            capacity: row.capacity,
            is_active: row.is_active,
            limits: limits::read(row.limits_json),
            metadata_json: metadata::read(row.metadata_json),
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

impl From<ResourceType> for enums::ResourceType {
    fn from(kind: ResourceType) -> Self {
        match kind {
            ResourceType::Staff => Self::Staff,
            ResourceType::Room => Self::Room,
            ResourceType::Equipment => Self::Equipment,
        }
    }
}

impl From<enums::ResourceType> for ResourceType {
    fn from(kind: enums::ResourceType) -> Self {
        match kind {
            enums::ResourceType::Staff => Self::Staff,
            enums::ResourceType::Room => Self::Room,
            enums::ResourceType::Equipment => Self::Equipment,
        }
    }
}

impl Example for ResourceCreate {
    fn example() -> Self {
        Self {
            kind: ResourceType::Room,
            name: Text::of("Garden room"),
            tz: None,
            capacity: 1,
            is_active: true,
            limits: Vec::new(),
            metadata_json: Metadata::new(),
        }
    }
}

impl Example for ResourceUpdate {
    fn example() -> Self {
        Self { name: Some(Text::of("Quiet room")), tz: Patch::Clear, ..Self::default() }
    }
}

impl Example for Resource {
    fn example() -> Self {
        let made = ResourceCreate::example();
        Self {
            id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0002),
            kind: made.kind,
            name: made.name.into(),
            tz: None,
            capacity: made.capacity,
            is_active: made.is_active,
            limits: made.limits,
            metadata_json: made.metadata_json,
            created_at: Timestamp::example(),
            updated_at: Timestamp::example(),
        }
    }
}
