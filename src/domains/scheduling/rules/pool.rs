//! Pooled resources: several units of one thing, such as four massage tables.

use super::{Secs, outer, window::ALWAYS};
use crate::kernel::interval::{Interval, Set};
use chrono::{DateTime, Utc};

/// Units that are out during a time.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    pub(super) time: Interval<Secs>,
    pub(super) units: u32,
}

impl Use {
    pub fn new(time: Interval<DateTime<Utc>>, units: u32) -> Self {
        Self { time: outer(&time), units }
    }
}

/// Whether `new` fits beside what exists; no capacity is no limit.
pub fn fits(capacity: Option<u32>, existing: &[Use], new: Use) -> bool {
    capacity.is_none_or(|capacity| peak(existing, new.time).saturating_add(new.units) <= capacity)
}

/// Most units out at once during `within`.
pub(super) fn peak(uses: &[Use], within: Interval<Secs>) -> u32 {
    levels(uses.iter().filter(|u| u.time.overlaps(&within)).map(|u| (u.time.intersect(&within), u.units)))
        .map(|(_, units)| units)
        .max()
        .unwrap_or(0)
}

/// The time in which `wanted` more units are not there.
pub(super) fn crowded(uses: &[Use], capacity: u32, wanted: u32) -> Set<Secs> {
    let Some(room) = capacity.checked_sub(wanted) else {
        return Set::of(ALWAYS);
    };
    let parts = uses.iter().filter(|u| !u.time.is_empty()).map(|u| (u.time, u.units));
    levels(parts).filter(|(_, units)| *units > room).map(|(time, _)| time).collect()
}

/// The number of units out, piece by piece.
fn levels(uses: impl Iterator<Item = (Interval<Secs>, u32)>) -> impl Iterator<Item = (Interval<Secs>, u32)> {
    let mut changes: Vec<(Secs, i64)> =
        uses.flat_map(|(time, units)| [(time.start, i64::from(units)), (time.end, -i64::from(units))]).collect();
    changes.sort_unstable();
    let mut out = 0;
    (0..changes.len().saturating_sub(1)).filter_map(move |i| {
        out += changes[i].1;
        let piece = Interval::new(changes[i].0, changes[i + 1].0);
        (!piece.is_empty()).then(|| (piece, u32::try_from(out).unwrap_or(u32::MAX)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn out(start: Secs, end: Secs, units: u32) -> Use {
        Use { time: Interval::new(start, end), units }
    }

    #[test]
    fn back_to_back_is_not_at_once() {
        let uses = [out(0, 10, 1), out(10, 20, 2), out(5, 15, 1)];
        assert_eq!(peak(&uses, Interval::new(0, 20)), 3);
        assert_eq!(peak(&uses, Interval::new(0, 10)), 2);
        assert!(fits(Some(3), &uses, out(0, 10, 1)) && !fits(Some(3), &uses, out(0, 11, 1)));
    }

    #[test]
    fn crowded_where_the_party_does_not_fit() {
        let uses = [out(0, 10, 1), out(5, 15, 2)];
        assert_eq!(crowded(&uses, 3, 1), Set::of(Interval::new(5, 10)));
        assert_eq!(crowded(&uses, 3, 2), Set::of(Interval::new(5, 15)));
        assert!(crowded(&uses, 3, 4).covers(&Interval::new(-100, 100)));
    }
}
