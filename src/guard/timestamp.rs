//! An instant on the wire: RFC 3339 in UTC with `Z` and six digits, because that is what PostgreSQL
//! keeps. Any offset is read; what is finer than a microsecond is cut off.
use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, Timelike, Utc};
use poem::http::HeaderValue;
use poem_openapi::{
    registry::{MetaSchema, MetaSchemaRef},
    types::{Example, ParseError, ParseFromJSON, ParseFromParameter, ParseResult, ToHeader, ToJSON, Type},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::Value;

/// An instant in UTC, in whole microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(DateTime<Utc>);

impl Timestamp {
    pub fn new(at: DateTime<Utc>) -> Self {
        // a leap second (nanoseconds of 10^9 and more) becomes the last microsecond before midnight
        let nanos = at.nanosecond().min(999_999_999) / 1_000 * 1_000;
        Self(at.with_nanosecond(nanos).unwrap_or(at))
    }

    pub fn get(self) -> DateTime<Utc> {
        self.0
    }

    pub fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(|at| Self::new(at.to_utc()))
    }
}

/// 2026-03-02T09:30:00Z, a Monday morning.
impl Example for Timestamp {
    fn example() -> Self {
        Self(DateTime::from_timestamp_nanos(1_772_443_800_000_000_000))
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(at: DateTime<Utc>) -> Self {
        Self::new(at)
    }
}

impl From<Timestamp> for DateTime<Utc> {
    fn from(at: Timestamp) -> Self {
        at.0
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not an RFC 3339 instant"))
    }
}

impl Type for Timestamp {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "timestamp".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            example: Self::example().to_json(),
            max_length: Some(40),
            ..MetaSchema::new_with_format("string", "date-time")
        }))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(self.as_raw_value().into_iter())
    }
}

impl ParseFromJSON for Timestamp {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        match value.unwrap_or_default() {
            Value::String(text) => Self::parse_from_parameter(&text),
            other => Err(ParseError::expected_type(other)),
        }
    }
}

impl ParseFromParameter for Timestamp {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        Self::parse(value).ok_or_else(|| ParseError::custom("not an RFC 3339 instant"))
    }
}

impl ToJSON for Timestamp {
    fn to_json(&self) -> Option<Value> {
        Some(self.to_string().into())
    }
}

impl ToHeader for Timestamp {
    fn to_header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.to_string()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_and_z() {
        let at = Timestamp::parse("2026-03-02T10:30:00.1234567+01:00").unwrap();
        assert_eq!(at.to_string(), "2026-03-02T09:30:00.123456Z");
        assert_eq!(Timestamp::parse("2026-03-02T09:30:00Z").unwrap().to_string(), "2026-03-02T09:30:00.000000Z");
    }

    #[test]
    fn a_leap_second_stays_in_its_minute() {
        let at = Timestamp::parse("2016-12-31T23:59:60Z").unwrap();
        assert_eq!(at.to_string(), "2016-12-31T23:59:59.999999Z");
    }

    #[test]
    fn local_times_and_dates_are_not_instants() {
        for text in ["2026-03-02T09:30:00", "2026-03-02", "1772443800", ""] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
        assert!(Timestamp::parse_from_json(Some(1_772_443_800.into())).is_err());
    }
}
