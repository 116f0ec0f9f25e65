//! What a booking is paid with instead of money, on the wire: `{"package": id}` or `"credits"`.

use std::borrow::Cow;

use ::entity::{booking_coverages, enums};
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{Example, ParseError, ParseFromJSON, ParseResult, ToJSON, Type};
use poem_openapi::{Enum, Object};
use serde_json::{Value, json};
use uuid::Uuid;

use super::example_id;
use crate::domains::packages;
use crate::guard::Timestamp;

/// Sessions of a package, or credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayWith(packages::PayWith);

impl From<PayWith> for packages::PayWith {
    fn from(said: PayWith) -> Self {
        said.0
    }
}

impl Type for PayWith {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "pay_with".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        let id = MetaSchema::new_with_format("string", "uuid");
        let package = MetaSchema {
            properties: vec![("package", MetaSchemaRef::Inline(Box::new(id)))],
            required: vec!["package"],
            ..MetaSchema::new("object")
        };
        let credits = MetaSchema { enum_items: vec!["credits".into()], ..MetaSchema::new("string") };
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            any_of: [package, credits].map(|one| MetaSchemaRef::Inline(Box::new(one))).into(),
            ..MetaSchema::ANY
        }))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(self.as_raw_value().into_iter())
    }
}

impl ParseFromJSON for PayWith {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        let value = value.unwrap_or_default();
        if value == "credits" {
            return Ok(Self(packages::PayWith::Credits));
        }
        let package = value.get("package").and_then(Value::as_str).and_then(|id| id.parse().ok());
        let alone = value.as_object().is_some_and(|members| members.len() == 1);
        let package =
            package.filter(|_| alone).ok_or_else(|| ParseError::custom("give {\"package\": id} or \"credits\""))?;
        Ok(Self(packages::PayWith::Package(package)))
    }
}

impl ToJSON for PayWith {
    fn to_json(&self) -> Option<Value> {
        Some(match self.0 {
            packages::PayWith::Package(id) => json!({ "package": id }),
            packages::PayWith::Credits => "credits".into(),
        })
    }
}

/// What a booking is paid with instead of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum CoveredBy {
    /// Sessions of a package.
    Package,
    Credits,
}

impl From<enums::CoverageKind> for CoveredBy {
    fn from(kind: enums::CoverageKind) -> Self {
        match kind {
            enums::CoverageKind::Package => Self::Package,
            enums::CoverageKind::Credits => Self::Credits,
        }
    }
}

/// What became of what a booking used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum CoverageStatus {
    /// It pays for the booking.
    Consumed,
    /// The customer has it again.
    GivenBack,
    /// The booking was called off too late.
    Forfeited,
}

/// What covers a booking.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct BookingCoverage {
    pub booking_id: Uuid,
    /// What it is paid with; null when nothing covers it.
    #[oai(nullable)]
    pub covered_by: Option<CoveredBy>,
    /// How many sessions or credits.
    pub units: i64,
    #[oai(nullable)]
    pub status: Option<CoverageStatus>,
    /// When they were used.
    #[oai(nullable)]
    pub created_at: Option<Timestamp>,
}

impl BookingCoverage {
    pub fn of(booking: Uuid, row: Option<booking_coverages::Model>) -> Self {
        Self {
            booking_id: booking,
            covered_by: row.as_ref().map(|row| row.kind.into()),
            units: row.as_ref().map_or(0, |row| row.units),
            status: row.as_ref().map(|row| match row.status {
                enums::CoverageStatus::Consumed => CoverageStatus::Consumed,
                enums::CoverageStatus::GivenBack => CoverageStatus::GivenBack,
                enums::CoverageStatus::Forfeited => CoverageStatus::Forfeited,
            }),
            created_at: row.map(|row| row.created_at.into()),
        }
    }
}

/// Sessions or credits that expire together.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct PublicCreditLot {
    /// The package that these are sessions of; null for credits.
    #[oai(nullable)]
    pub package_id: Option<Uuid>,
    /// How many are left.
    pub balance: i64,
    /// Until before when they can be used.
    #[oai(nullable)]
    pub expires_at: Option<Timestamp>,
}

impl From<packages::Usable> for PublicCreditLot {
    fn from(lot: packages::Usable) -> Self {
        Self {
            package_id: lot.package.map(Into::into),
            balance: lot.balance,
            expires_at: lot.expires_at.map(Timestamp::new),
        }
    }
}

/// What a visitor could pay with.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct PublicCredits {
    /// Credits and sessions, those first that expire first.
    #[oai(validator(max_items = 10000))]
    pub lots: Vec<PublicCreditLot>,
}

/// The code by which a visitor brings others along.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct PublicReferralCode {
    pub code: String,
}

impl Example for PublicReferralCode {
    fn example() -> Self {
        Self { code: "7K2MQ4XT9BZC".into() }
    }
}

impl Example for BookingCoverage {
    fn example() -> Self {
        Self {
            booking_id: example_id(4),
            covered_by: Some(CoveredBy::Package),
            units: 1,
            status: Some(CoverageStatus::Consumed),
            created_at: Some(Timestamp::example()),
        }
    }
}

impl Example for PublicCreditLot {
    fn example() -> Self {
        Self { package_id: Some(example_id(7)), balance: 4, expires_at: Some(Timestamp::example()) }
    }
}

impl Example for PublicCredits {
    fn example() -> Self {
        Self { lots: vec![PublicCreditLot::example()] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ways_to_pay_and_no_third() {
        let read = |value: Value| PayWith::parse_from_json(Some(value)).ok();
        let id = example_id(1);
        let package = json!({ "package": id });
        assert_eq!(read(package.clone()), Some(PayWith(packages::PayWith::Package(id))));
        assert_eq!(read(package.clone()).and_then(|pay| pay.to_json()), Some(package));
        assert_eq!(read("credits".into()), Some(PayWith(packages::PayWith::Credits)));
        for wrong in [json!("cash"), json!({}), json!({"package": 7}), json!({"package": id, "more": 1}), Value::Null] {
            assert_eq!(read(wrong.clone()), None, "{wrong}");
        }
    }
}
