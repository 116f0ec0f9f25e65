//! How many bookings a day, week or month take: of a service, of a resource, or of one customer of a service.

use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{ApiError, FieldError};

/// The period of a limit, on the calendar of the place. Weeks begin on Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum LimitPeriod {
    /// From midnight to midnight.
    Day,
    /// From Monday on.
    Week,
    /// From the first on.
    Month,
}

/// No more than this in a period. A class counts once, however many sit in it.
#[derive(Debug, Clone, PartialEq, Eq, Object, Serialize, Deserialize)]
#[oai(example, deny_unknown_fields)]
pub struct BookingLimit {
    /// The period.
    pub per: LimitPeriod,
    /// The most bookings.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "1000")))]
    pub max_bookings: Option<u32>,
    /// The most minutes that are booked.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "44640")))]
    pub max_minutes: Option<u32>,
    /// Of each customer, instead of all together.
    #[oai(default)]
    #[serde(default)]
    pub per_customer: bool,
}

impl Example for BookingLimit {
    fn example() -> Self {
        Self { per: LimitPeriod::Day, max_bookings: Some(6), max_minutes: None, per_customer: false }
    }
}

/// From the column; what a newer version wrote and this one does not know is left out.
pub fn read(column: Value) -> Vec<BookingLimit> {
    let Value::Array(limits) = column else { return Vec::new() };
    limits.into_iter().filter_map(|limit| serde_json::from_value(limit).ok()).collect()
}

/// For the column.
///
/// # Errors
/// 400 for a limit without a number, two of one kind, one that can never be reached, and one of each customer where
/// there is none.
pub fn write(limits: &[BookingLimit], customers: bool) -> Result<Value, ApiError> {
    let mut faults = Vec::new();
    for (at, limit) in limits.iter().enumerate() {
        let mut refuse = |member: &str, code: &'static str, detail: &str| {
            faults.push(FieldError::new(format!("#/limits/{at}/{member}"), code, detail));
        };
        if limit.max_bookings.is_none() && limit.max_minutes.is_none() {
            refuse("max_bookings", "required", "Give max_bookings, max_minutes or both.");
        }
        if limit.per_customer && !customers {
            refuse("per_customer", "forbidden", "Only services are limited for each customer.");
        }
        let alike = |other: &&BookingLimit| other.per_customer == limit.per_customer;
        for other in limits.iter().take(at).filter(alike) {
            if other.per == limit.per {
                refuse("per", "unique", "There is a limit of this period already.");
            }
        }
        for longer in limits.iter().filter(alike).filter(|other| other.per > limit.per) {
            let more = |own: Option<u32>, long: Option<u32>| own.zip(long).is_some_and(|(own, long)| own > long);
            if more(limit.max_bookings, longer.max_bookings) {
                refuse("max_bookings", "order", "A longer period allows no more than this.");
            }
            if more(limit.max_minutes, longer.max_minutes) {
                refuse("max_minutes", "order", "A longer period allows no more than this.");
            }
        }
    }
    if !faults.is_empty() {
        return Err(ApiError::validation(faults));
    }
    serde_json::to_value(limits).map_err(ApiError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(per: LimitPeriod, max_bookings: u32) -> BookingLimit {
        BookingLimit { per, max_bookings: Some(max_bookings), max_minutes: None, per_customer: false }
    }

    #[test]
    fn what_can_never_be_reached_is_refused() {
        let (day, week) = (limit(LimitPeriod::Day, 6), limit(LimitPeriod::Week, 5));
        assert!(write(&[day.clone(), week.clone()], true).is_err());
        assert!(write(&[limit(LimitPeriod::Day, 5), week], true).is_ok());
        assert!(write(&[day.clone(), day.clone()], true).is_err(), "two of one period");
        let own = BookingLimit { per_customer: true, ..day.clone() };
        assert!(write(&[day, own.clone()], true).is_ok(), "all together and each are two things");
        assert!(write(&[own], false).is_err());
        assert!(write(&[BookingLimit { max_bookings: None, ..limit(LimitPeriod::Day, 1) }], true).is_err());
    }

    #[test]
    fn what_is_written_is_read() {
        let limits =
            vec![limit(LimitPeriod::Day, 2), BookingLimit { per_customer: true, ..limit(LimitPeriod::Month, 9) }];
        assert_eq!(read(write(&limits, true).unwrap()), limits);
        assert!(read(Value::Null).is_empty());
    }
}
