//! The grid: where starts may lie, inside what the rules leave of the openings.
//!
//! What must stay true: whether a start is on the grid does not depend on the query. An opening without
//! any break would step from wherever one began to look; so after a week without a break the grid steps
//! from the local Monday.

use super::{
    DAY, MINUTE, Secs, ceil_to, minutes,
    service::{Grid, Rounding},
};
use crate::kernel::{
    interval::{Interval, Set},
    zone::{Walk, Zone},
};

const WEEK: Secs = 7 * DAY;

/// How many days before a query openings (and, where the grid is anchored anew after each booking, busy times) are
/// needed, to know where what is open or free began: a week, and two days for zones.
pub const LOOK_BACK_DAYS: i32 = 9;

pub(super) const LOOK_BACK: Secs = LOOK_BACK_DAYS as Secs * DAY;

/// A stretch with one anchor.
#[derive(Debug)]
pub(super) struct Run {
    pub time: Interval<Secs>,
    /// The first start, maybe before the stretch.
    anchor: Secs,
}

pub(super) struct Steps {
    pub step: Secs,
    pub offset: Secs,
    pub duration: Secs,
}

/// Cuts the openings (or free stretches) into runs. `week` is the zone of the Mondays; without it a
/// stretch is one run, however long.
pub(super) fn runs(base: &Set<Secs>, grid: &Grid, steps: &Steps, week: Option<&Zone>) -> Vec<Run> {
    let mut runs = Vec::with_capacity(base.as_slice().len());
    for span in base.iter() {
        let first_end = week.map_or(span.end, |_| span.end.min(span.start + WEEK));
        runs.push(Run { time: Interval::new(span.start, first_end), anchor: anchor(span.start, span, grid, steps) });
        let mut from = first_end;
        while let Some(zone) = week.filter(|_| from < span.end) {
            let mut walk = zone.walk();
            let day = walk.day(from);
            let monday = day - (day + 3).rem_euclid(7);
            let (start, next) = (walk.instant(monday * DAY), walk.instant((monday + 7) * DAY));
            let time = Interval::new(from, span.end.min(next));
            runs.push(Run { time, anchor: anchor(start, span, grid, steps) });
            from = time.end;
        }
    }
    runs
}

fn anchor(start: Secs, span: &Interval<Secs>, grid: &Grid, steps: &Steps) -> Secs {
    let start = ceil_to(start, MINUTE);
    let aligned = match grid {
        Grid::OpeningStart | Grid::WallClock { .. } => start,
        Grid::FreeStart { align_min, zone, rounding } => {
            let mut walk = zone.walk();
            match rounding {
                Rounding::Up => align(&mut walk, start, minutes(*align_min), 0),
                Rounding::KeepCount => keep_count(&mut walk, start, span, *align_min, steps),
            }
        }
    };
    aligned + steps.offset
}

fn keep_count(walk: &mut Walk<'_>, start: Secs, span: &Interval<Secs>, align_min: u32, steps: &Steps) -> Secs {
    let count = |first: Secs| (span.end - first - steps.duration).div_euclid(steps.step);
    [align_min, 15, 5]
        .into_iter()
        .filter(|&m| m <= align_min)
        .map(|m| align(walk, start, minutes(m), 0))
        .find(|&first| count(first) == count(start))
        .unwrap_or(start)
}

/// First instant at or after `at` whose wall second of the day, less `shift`, is a multiple of `step`.
fn align(walk: &mut Walk<'_>, mut at: Secs, step: Secs, shift: Secs) -> Secs {
    loop {
        let (offset, until) = walk.offset(at);
        let second = (at + offset).rem_euclid(DAY);
        let over = (second - shift).rem_euclid(step);
        if second >= shift && over == 0 {
            return at;
        }
        let ahead = if second < shift { shift - second } else { step - over };
        // the count starts anew at midnight, and a change of the offset makes another wall time
        at = (at + ahead.min(DAY - second)).min(until);
    }
}

impl Run {
    /// Calls `visit` with each start inside `within`, in order.
    pub fn starts(&self, within: Interval<Secs>, grid: &Grid, steps: &Steps, zone: &Zone, mut visit: impl FnMut(Secs)) {
        let within = within.intersect(&self.time);
        if within.is_empty() {
            return;
        }
        if let Grid::WallClock { zone: own } = grid {
            let mut walk = own.as_ref().unwrap_or(zone).walk();
            let shift = steps.offset % steps.step;
            let mut at = align(&mut walk, ceil_to(within.start, MINUTE), steps.step, shift);
            while at < within.end {
                visit(at);
                at = align(&mut walk, at + MINUTE, steps.step, shift);
            }
            return;
        }
        let behind = (within.start - self.anchor).max(0);
        let mut at = self.anchor + ceil_to(behind, steps.step);
        while at < within.end {
            visit(at);
            at += steps.step;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall_starts(zone: &str, from: &str, until: &str, step_min: Secs) -> Vec<String> {
        let zone = Zone::parse(zone).unwrap();
        let at = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp();
        let time = Interval::new(at(from), at(until));
        let steps = Steps { step: step_min * MINUTE, offset: 0, duration: MINUTE };
        let grid = Grid::WallClock { zone: None };
        let mut starts = Vec::new();
        for run in runs(&Set::of(time), &grid, &steps, None) {
            run.starts(time, &grid, &steps, &zone, |t| {
                starts.push(zone.local(super::super::instant(t)).format("%H:%M").to_string());
            });
        }
        starts
    }

    #[test]
    fn wall_clock_keeps_to_the_wall_over_changes() {
        // 02:00 becomes 02:30, and 02:00 comes back to 01:30
        let spring = wall_starts("Australia/Lord_Howe", "2025-10-04T14:00:00Z", "2025-10-04T18:00:00Z", 60);
        assert_eq!(spring, ["01:00", "03:00", "04:00"]);
        let autumn = wall_starts("Australia/Lord_Howe", "2026-04-04T13:30:00Z", "2026-04-04T18:00:00Z", 60);
        assert_eq!(autumn, ["01:00", "02:00", "03:00", "04:00"]);
        let fold = wall_starts("America/New_York", "2025-11-02T04:00:00Z", "2025-11-02T08:00:00Z", 90);
        assert_eq!(fold, ["00:00", "01:30", "01:30"]);
    }

    #[test]
    fn wall_clock_starts_anew_at_midnight() {
        let starts = wall_starts("UTC", "2026-01-05T20:00:00Z", "2026-01-06T02:00:00Z", 100);
        assert_eq!(starts, ["20:00", "21:40", "23:20", "00:00", "01:40"]);
    }
}
