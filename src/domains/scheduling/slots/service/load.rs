//! How much somebody has to do around a start. The same stretch of time for whoever lists and for whoever books, however
//! much of it their boards show, so that the one who is listed first is the one who is booked.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domains::scheduling::rules::ResourceCalendar;

/// How far around. Every board is read at least a day further than the starts that it lists.
const AROUND: TimeDelta = TimeDelta::hours(12);

/// The beginnings of what one resource has to do, in their order.
pub(super) struct Load(Vec<DateTime<Utc>>);

impl Load {
    pub(super) fn of(calendar: &ResourceCalendar) -> Self {
        let mut starts: Vec<DateTime<Utc>> = calendar.busy.iter().map(|busy| busy.start).collect();
        starts.sort_unstable();
        Self(starts)
    }

    /// How much of it begins around a time.
    pub(super) fn around(&self, start: DateTime<Utc>) -> usize {
        let before = |at: DateTime<Utc>| self.0.partition_point(|begins| *begins < at);
        before(start + AROUND) - before(start - AROUND)
    }
}
