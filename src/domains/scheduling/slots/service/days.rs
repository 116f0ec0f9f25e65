//! Which dates have free times: the listing itself, counted by the date.

use chrono::{DateTime, NaiveDate, Utc};

use super::Board;
use crate::domains::scheduling::slots::dto::AvailabilityDay;
use crate::error::ApiError;
use crate::guard::{Date, Timestamp};
use crate::kernel::zone::Zone;

impl Board {
    /// Each date from `first` to `last` with what the listing has of it. The board must reach over all of them.
    ///
    /// # Errors
    /// 400 for a stretch that is too long.
    pub fn days(&self, zone: &Zone, first: NaiveDate, last: NaiveDate) -> Result<Vec<AvailabilityDay>, ApiError> {
        let starts: Vec<DateTime<Utc>> = self.offers()?.iter().map(|offer| offer.start.get()).collect();
        let dates = first.iter_days().take_while(|date| *date <= last).filter(|date| zone.has_date(*date));
        Ok(dates.map(|date| day(date, zone, &starts)).collect())
    }
}

/// What a date has of all starts: those that a question for this date alone would list.
fn day(date: NaiveDate, zone: &Zone, starts: &[DateTime<Utc>]) -> AvailabilityDay {
    let range = zone.dates(date, date);
    let before = |end: DateTime<Utc>| starts.partition_point(|start| *start < end);
    let own = starts.get(before(range.start)..before(range.end)).unwrap_or_default();
    AvailabilityDay {
        date: Date(date),
        free: !own.is_empty(),
        slots: u32::try_from(own.len()).unwrap_or(u32::MAX),
        first_start: own.first().copied().map(Timestamp::new),
        last_start: own.last().copied().map(Timestamp::new),
    }
}
