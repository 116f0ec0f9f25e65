//! One visit of several services: which of their free times follow each other best.
//!
//! What must stay true: the times of a visit do not overlap for the customer and keep the gaps; no resource serves two
//! of them at overlapping occupied times, buffers included, a pool neither (it counts as one here, for certainty).
//!
//! How it is bounded: a walk in depth over the free times, the earliest first, each errand placed after the one before
//! within the longest gap; at most 5 errands, so at most 120 orders. A branch ends once it cannot beat what was
//! found, and every time that is tried, of an errand or of a resource, is a step of a fixed number. When they are used
//! up the answer is `truncated`: what was found is right, and better visits may begin later than those that were tried.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::kernel::interval::Interval;

/// One service of a visit, with its free times in order of their beginning.
#[derive(Clone, Debug)]
pub struct Errand {
    pub times: Vec<Time>,
    /// The first errand that is the same as this one: two of a kind are tried in one order only.
    pub alike: usize,
}

/// A free time of an errand.
#[derive(Clone, Debug)]
pub struct Time {
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    /// With its buffers.
    pub occupied: Interval<DateTime<Utc>>,
    /// For each resource that is needed those that could be it, the preferred one first.
    pub choices: Vec<Vec<Uuid>>,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct VisitWish {
    /// The errands come in the order in which they are named.
    pub in_order: bool,
    pub min_gap: TimeDelta,
    pub max_gap: TimeDelta,
    /// By when the visit is over.
    pub until: DateTime<Utc>,
    /// So many of the best are kept.
    pub keep: usize,
    pub max_steps: u32,
}

/// An errand at one of its times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    pub errand: usize,
    /// Its place in the errand's times.
    pub time: usize,
    /// One for each that is needed.
    pub resources: Vec<Uuid>,
}

/// All errands, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    pub stops: Vec<Stop>,
    pub start: DateTime<Utc>,
    /// Time between the stops.
    pub idle: TimeDelta,
}

/// The best visits: the least idle time first, then the earliest start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visits {
    pub visits: Vec<Visit>,
    /// The steps were used up before everything was tried.
    pub truncated: bool,
}

/// Finds the best visits.
#[must_use]
pub fn visits(errands: &[Errand], wish: &VisitWish) -> Visits {
    let mut walk = Walk { errands, wish, stops: Vec::new(), steps: 0, found: Visits::default() };
    if errands.is_empty() || wish.keep == 0 {
        return walk.found;
    }
    let firsts = if wish.in_order { 1 } else { errands.len() };
    let mut heads: Vec<(DateTime<Utc>, usize, usize)> = Vec::new();
    for (errand, of) in errands.iter().enumerate().take(firsts).filter(|(errand, of)| of.alike == *errand) {
        heads.extend(of.times.iter().enumerate().map(|(time, at)| (at.start, errand, time)));
    }
    heads.sort_unstable();
    for (start, errand, time) in heads {
        // whatever begins later and waits no less is no better
        if walk.found.truncated || walk.is_beaten(TimeDelta::zero(), start) {
            break;
        }
        walk.place(errand, time, start, TimeDelta::zero(), &[]);
    }
    walk.found
}

struct Walk<'a> {
    errands: &'a [Errand],
    wish: &'a VisitWish,
    /// Errand and time.
    stops: Vec<(usize, usize)>,
    steps: u32,
    found: Visits,
}

impl Walk<'_> {
    fn time(&self, (errand, time): (usize, usize)) -> Option<&Time> {
        self.errands.get(errand)?.times.get(time)
    }

    /// False once the steps are used up.
    fn step(&mut self) -> bool {
        self.steps += 1;
        self.found.truncated |= self.steps > self.wish.max_steps;
        !self.found.truncated
    }

    /// Whether as many as are kept are at least as good already.
    fn is_beaten(&self, idle: TimeDelta, start: DateTime<Utc>) -> bool {
        let worst = self.found.visits.get(self.wish.keep - 1);
        worst.is_some_and(|worst| (worst.idle, worst.start) <= (idle, start))
    }

    /// Puts an errand at one of its times, and everything that can follow after it.
    fn place(&mut self, errand: usize, time: usize, start: DateTime<Utc>, idle: TimeDelta, taken: &[Vec<Uuid>]) {
        if !self.step() {
            return;
        }
        let Some(end) = self.time((errand, time)).map(|at| at.end).filter(|end| *end <= self.wish.until) else {
            return;
        };
        self.stops.push((errand, time));
        if let Some(taken) = self.settle(taken) {
            if self.stops.len() == self.errands.len() {
                self.keep(start, idle, &taken);
            } else {
                self.follow(start, end, idle, &taken);
            }
        }
        self.stops.pop();
    }

    fn follow(&mut self, start: DateTime<Utc>, end: DateTime<Utc>, idle: TimeDelta, taken: &[Vec<Uuid>]) {
        let (soonest, latest) = (end + self.wish.min_gap, end + self.wish.max_gap);
        for next in 0..self.errands.len() {
            let Some(errand) = self.errands.get(next) else { return };
            if !self.is_next(next, errand) {
                continue;
            }
            let first = errand.times.partition_point(|at| at.start < soonest);
            let after = errand.times.partition_point(|at| at.start <= latest);
            for time in first..after {
                let Some(at) = self.time((next, time)).map(|at| at.start) else { return };
                let waited = idle + (at - end);
                // later ones wait longer
                if self.found.truncated || self.is_beaten(waited, start) {
                    break;
                }
                self.place(next, time, start, waited, taken);
            }
        }
    }

    /// Whether the errand may come next: it was not placed, and of its kind it is the first that was not.
    fn is_next(&self, next: usize, errand: &Errand) -> bool {
        let placed = |errand: usize| self.stops.iter().any(|(placed, _)| *placed == errand);
        if placed(next) || self.wish.in_order && next != self.stops.len() {
            return false;
        }
        let earlier = self.errands.iter().enumerate().take(next).filter(|(_, other)| other.alike == errand.alike);
        earlier.into_iter().all(|(earlier, _)| placed(earlier))
    }

    fn keep(&mut self, start: DateTime<Utc>, idle: TimeDelta, taken: &[Vec<Uuid>]) {
        if self.is_beaten(idle, start) {
            return;
        }
        let stop = |(&(errand, time), resources): (&(usize, usize), &Vec<Uuid>)| Stop {
            errand,
            time,
            resources: resources.clone(),
        };
        let visit = Visit { stops: self.stops.iter().zip(taken).map(stop).collect(), start, idle };
        let visits = &mut self.found.visits;
        let at = visits.partition_point(|other| (other.idle, other.start) <= (idle, start));
        visits.insert(at, visit);
        visits.truncate(self.wish.keep);
    }

    /// Resources for the last stop beside those of the stops before; where that fails, for all of them anew.
    fn settle(&mut self, taken: &[Vec<Uuid>]) -> Option<Vec<Vec<Uuid>>> {
        let last = self.stops.len() - 1;
        let mut beside = taken.to_vec();
        if self.assign(last, &mut beside) {
            return Some(beside);
        }
        let occupied = |stop: &(usize, usize)| self.time(*stop).map(|at| at.occupied);
        let mine = occupied(self.stops.get(last)?)?;
        // a stop that nothing touches was not refused for another one's sake
        if !self.stops.iter().take(last).filter_map(occupied).any(|other| other.overlaps(&mine)) {
            return None;
        }
        let mut anew = Vec::new();
        self.assign(0, &mut anew).then_some(anew)
    }

    /// Gives every stop from `stop` on its resources, and takes them back where a later one has none.
    fn assign(&mut self, stop: usize, taken: &mut Vec<Vec<Uuid>>) -> bool {
        if stop == self.stops.len() {
            return true;
        }
        taken.push(Vec::new());
        if self.assign_rest(stop, taken) {
            return true;
        }
        taken.pop();
        false
    }

    /// The next resource that the stop still needs.
    fn assign_rest(&mut self, stop: usize, taken: &mut Vec<Vec<Uuid>>) -> bool {
        let Some(at) = self.stops.get(stop).copied() else { return false };
        let need = taken.get(stop).map_or(0, Vec::len);
        let Some(choices) = self.time(at).map(|at| at.choices.get(need).cloned()) else { return false };
        let Some(choices) = choices else { return self.assign(stop + 1, taken) };
        for resource in choices {
            if !self.step() {
                return false;
            }
            if self.is_taken(resource, stop, taken) {
                continue;
            }
            if let Some(mine) = taken.get_mut(stop) {
                mine.push(resource);
            }
            if self.assign_rest(stop, taken) {
                return true;
            }
            taken.truncate(stop + 1);
            if let Some(mine) = taken.get_mut(stop) {
                mine.truncate(need);
            }
        }
        false
    }

    fn is_taken(&self, resource: Uuid, stop: usize, taken: &[Vec<Uuid>]) -> bool {
        let occupied = |stop: usize| self.stops.get(stop).and_then(|stop| self.time(*stop)).map(|at| at.occupied);
        let Some(mine) = occupied(stop) else { return true };
        let at_once = |other: usize| other == stop || occupied(other).is_some_and(|other| other.overlaps(&mine));
        taken.iter().enumerate().any(|(other, of)| of.contains(&resource) && at_once(other))
    }
}

#[cfg(test)]
mod tests;
