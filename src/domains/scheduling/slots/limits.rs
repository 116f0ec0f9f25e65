//! Limits of a service and of its resources, as the engine takes them. Those of one customer are no matter of what is
//! free: they are looked at when the customer is known.

use chrono::{DateTime, Utc, Weekday};

use super::query::{CountedRow, Found, LimitPeriod, LimitRow, ServiceRow};
use crate::domains::scheduling::rules::{Limit, Period, Weekdays};
use crate::kernel::interval::Interval;
use crate::kernel::zone::Zone;

/// The limits of a search: the service's are counted in the zone of whom the customer meets, a resource's in its own.
pub fn limits(found: &Found, service: &ServiceRow, home: &Zone, zones: &[Zone]) -> Vec<Limit> {
    let counted = |of: Option<uuid::Uuid>| {
        let own = found.counted.iter().filter(move |row: &&CountedRow| row.resource_id == of);
        own.map(|row| Interval::new(row.start_at, row.end_at)).collect::<Vec<_>>()
    };
    let own = of_all(&service.limits).map(|row| limit(row, home, counted(None), None));
    let mut limits: Vec<Limit> = own.collect();
    for (index, resource) in found.resources.iter().enumerate() {
        let Some(zone) = zones.get(index) else { continue };
        limits.extend(of_all(&resource.limits).map(|row| limit(row, zone, counted(Some(resource.id)), Some(index))));
    }
    limits
}

fn of_all(rows: &[LimitRow]) -> impl Iterator<Item = &LimitRow> {
    rows.iter().filter(|row| !row.per_customer)
}

/// One limit over what counts already.
pub fn limit(row: &LimitRow, zone: &Zone, counted: Vec<Interval<DateTime<Utc>>>, resource: Option<usize>) -> Limit {
    Limit {
        per: match row.per {
            LimitPeriod::Day => Period::Day,
            LimitPeriod::Week => Period::Week(Weekday::Mon),
            LimitPeriod::Month => Period::Month,
        },
        zone: zone.clone(),
        max_count: row.max_bookings,
        max_minutes: row.max_minutes,
        enforce_between: None,
        enforce_on: Weekdays::ALL,
        counted,
        resource,
    }
}
