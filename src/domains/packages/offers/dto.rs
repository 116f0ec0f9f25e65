//! Packages on the wire.

use ::entity::packages;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::guard::{Patch, Prose, Sort, Text, Timestamp};

/// The orders of a list of packages.
pub type PackageSort = Sort<packages::Entity>;

/// What a package consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum PackageType {
    /// So many sessions of its services.
    Sessions,
}

/// A package to be sold.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct PackageCreate {
    /// What it consists of.
    #[oai(rename = "type", default = "sessions")]
    pub kind: PackageType,
    /// What customers read.
    pub name: Text<1, 255>,
    /// More about it.
    #[oai(nullable)]
    pub description: Option<Prose<0, 1000>>,
    /// How many sessions. A booking takes one for each who comes.
    #[oai(validator(minimum(value = "1"), maximum(value = "10000")))]
    pub sessions: i32,
    /// The services that they are good for; none is every service.
    #[oai(default, validator(max_items = 100))]
    pub service_ids: Vec<Uuid>,
    /// The price in the currency's minor unit.
    #[oai(validator(minimum(value = "0"), maximum(value = "100000000000")))]
    pub price_cents: i64,
    /// ISO 4217 code; the business's own when absent.
    #[oai(nullable, validator(pattern = "^[A-Z]{3}$", max_length = 3))]
    pub currency: Option<String>,
    /// How many days the sessions are good from when they are paid; for ever when absent.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "3650")))]
    pub valid_days: Option<i32>,
    /// Whether it is sold.
    #[oai(default = "yes")]
    pub active: bool,
    /// Its place in the list, smallest first.
    #[oai(default, validator(minimum(value = "-1000000"), maximum(value = "1000000")))]
    pub sort_order: i32,
}

fn sessions() -> PackageType {
    PackageType::Sessions
}

fn yes() -> bool {
    true
}

/// What a PATCH changes: absent keeps, null clears. What it consists of stays: make another package.
#[derive(Debug, Clone, Default, Object)]
#[oai(example, deny_unknown_fields)]
pub struct PackageUpdate {
    /// What customers read.
    #[oai(skip_serializing_if_is_none)]
    pub name: Option<Text<1, 255>>,
    /// More about it.
    pub description: Patch<Prose<0, 1000>>,
    /// The price for whoever buys it from now on.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0"), maximum(value = "100000000000")))]
    pub price_cents: Option<i64>,
    /// How many days the sessions are good that are bought from now on.
    #[oai(validator(minimum(value = "1"), maximum(value = "3650")))]
    pub valid_days: Patch<i32>,
    /// Whether it is sold.
    #[oai(skip_serializing_if_is_none)]
    pub active: Option<bool>,
    /// Its place in the list, smallest first.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "-1000000"), maximum(value = "1000000")))]
    pub sort_order: Option<i32>,
}

/// A package.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct Package {
    pub id: Uuid,
    /// What it consists of.
    #[oai(rename = "type")]
    pub kind: PackageType,
    pub name: String,
    #[oai(nullable)]
    pub description: Option<String>,
    /// How many sessions.
    pub sessions: i32,
    /// The services that they are good for; none is every service.
    #[oai(validator(max_items = 100))]
    pub service_ids: Vec<Uuid>,
    /// The price in the currency's minor unit.
    pub price_cents: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// How many days the sessions are good from when they are paid.
    #[oai(nullable)]
    pub valid_days: Option<i32>,
    /// Whether it is sold.
    pub active: bool,
    /// Its place in the list, smallest first.
    pub sort_order: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Package {
    pub fn of(row: packages::Model, service_ids: Vec<Uuid>) -> Self {
        Self {
            id: row.id.0,
            kind: PackageType::Sessions,
            name: row.name,
            description: row.description,
            sessions: row.sessions,
            service_ids,
            price_cents: row.price_cents,
            currency: row.currency,
            valid_days: row.valid_days,
            active: row.active,
            sort_order: row.sort_order,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

/// A package as the public sees it.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct PublicPackage {
    pub id: Uuid,
    /// What it consists of.
    #[oai(rename = "type")]
    pub kind: PackageType,
    pub name: String,
    #[oai(nullable)]
    pub description: Option<String>,
    /// How many sessions.
    pub sessions: i32,
    /// The services that they are good for; none is every service.
    #[oai(validator(max_items = 100))]
    pub service_ids: Vec<Uuid>,
    /// The price in the currency's minor unit.
    pub price_cents: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// How many days the sessions are good from when they are paid.
    #[oai(nullable)]
    pub valid_days: Option<i32>,
}

impl From<Package> for PublicPackage {
    fn from(package: Package) -> Self {
        Self {
            id: package.id,
            kind: package.kind,
            name: package.name,
            description: package.description,
            sessions: package.sessions,
            service_ids: package.service_ids,
            price_cents: package.price_cents,
            currency: package.currency,
            valid_days: package.valid_days,
        }
    }
}

impl Example for PackageCreate {
    fn example() -> Self {
        Self {
            kind: PackageType::Sessions,
            name: Text::of("Ten massages"),
            description: None,
            sessions: 10,
            service_ids: Vec::new(),
            price_cents: 45_000,
            currency: None,
            valid_days: Some(365),
            active: true,
            sort_order: 0,
        }
    }
}

impl Example for PackageUpdate {
    fn example() -> Self {
        Self { price_cents: Some(48_000), description: Patch::Clear, ..Self::default() }
    }
}

impl Example for Package {
    fn example() -> Self {
        let made = PackageCreate::example();
        Self {
            id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0021),
            kind: made.kind,
            name: made.name.into(),
            description: None,
            sessions: made.sessions,
            service_ids: Vec::new(),
            price_cents: made.price_cents,
            currency: "EUR".into(),
            valid_days: made.valid_days,
            active: true,
            sort_order: 0,
            created_at: Timestamp::example(),
            updated_at: Timestamp::example(),
        }
    }
}

impl Example for PublicPackage {
    fn example() -> Self {
        Package::example().into()
    }
}
