//! A second reading of the rules, as plain as it gets: minute by minute, by brute force.
//!
//! What must stay true: it shares nothing with the engine but the question. Offsets come straight from
//! the zone database, wall times are found by looking at every minute, and no interval is ever cut or joined.

use std::{collections::BTreeSet, ops::Range};

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use jiff::{Timestamp, tz::TimeZone};

use super::worlds::{Anchor, Booking, Groups, Minute, Place, World};

const DAY: Minute = 1_440;
const WEEK: Minute = 7 * DAY;

/// What the engine has to answer: starts, and who could serve.
pub fn slots(world: &World) -> Vec<(Minute, Vec<u32>)> {
    let sky = Sky::over(world);
    (world.from..world.to).filter_map(|minute| Some((minute, sky.servants(minute)?))).collect()
}

pub fn time(minute: Minute) -> DateTime<Utc> {
    DateTime::from_timestamp(minute * 60, 0).unwrap()
}

/// A zone by its offsets alone: what the wall shows in each minute, in minutes since 1970-01-01T00:00.
struct Wall {
    first: Minute,
    shows: Vec<Minute>,
}

impl Wall {
    fn of(name: &str, minutes: Range<Minute>) -> Self {
        let zone = TimeZone::get(name).unwrap();
        let offset = |at: Minute| zone.to_offset(Timestamp::from_second(at * 60).unwrap()).seconds() / 60;
        // clocks change at quarters of an hour, so that the rules are asked only there
        let first = minutes.start.div_euclid(15) * 15;
        let quarters = (first..minutes.end).step_by(15).map(|at| (at, Minute::from(offset(at))));
        let shows = quarters.flat_map(|(at, offset)| (at..at + 15).map(move |at| at + offset)).collect();
        Self { first, shows }
    }

    fn read(&self, at: Minute) -> Minute {
        self.shows[usize::try_from(at - self.first).unwrap()]
    }

    fn date(&self, at: Minute) -> NaiveDate {
        date(self.read(at).div_euclid(DAY))
    }

    /// The first minute at which the wall shows `local`; if it never does, the reading of before the gap.
    fn find(&self, local: Minute) -> Minute {
        let around = local - 2 * DAY..local + 2 * DAY;
        around.clone().find(|&at| self.read(at) == local).unwrap_or_else(|| {
            let before = around.take_while(|&at| self.read(at) < local).last().unwrap();
            local - (self.read(before) - before)
        })
    }

    fn has(&self, day: i64) -> bool {
        (day * DAY - 2 * DAY..day * DAY + 3 * DAY).any(|at| self.read(at).div_euclid(DAY) == day)
    }
}

fn date(day: i64) -> NaiveDate {
    NaiveDate::from_epoch_days(i32::try_from(day).unwrap()).unwrap()
}

/// Everything about every minute that could matter.
struct Sky<'w> {
    world: &'w World,
    first: Minute,
    walls: Vec<Wall>,
    open: Vec<Vec<bool>>,
    away: Vec<Vec<bool>>,
    taken: Vec<Vec<bool>>,
    limit_wall: Option<Wall>,
    align_wall: Option<Wall>,
    groups: Vec<Vec<usize>>,
    begins: Vec<Option<Minute>>,
}

impl<'w> Sky<'w> {
    fn over(world: &'w World) -> Self {
        let first = world.from - WEEK - 2 * DAY;
        let minutes = first..world.to + 3 * DAY;
        let wall = |zone: &str| Wall::of(zone, minutes.start - 9 * DAY..minutes.end + 9 * DAY);
        let walls: Vec<_> = world.places.iter().map(|p| wall(&p.zone)).collect();
        let of_each = |map: &dyn Fn(&Place, &Wall) -> Vec<bool>| {
            world.places.iter().zip(&walls).map(|(p, w)| map(p, w)).collect()
        };
        let open = of_each(&|place, wall| {
            let windows = windows(place, wall, minutes.clone()).into_iter().map(|(s, e)| (s, e, 1));
            levels(&minutes, windows).into_iter().map(|level| level > 0).collect()
        });
        let away = of_each(&|place, _| {
            let absences = place.absences.iter().map(|&(s, e)| (s, e, 1));
            levels(&minutes, absences).into_iter().map(|level| level > 0).collect()
        });
        let taken = of_each(&|place, _| taken(world, place, &minutes));
        let limit_wall = world.limit.as_ref().map(|limit| wall(&limit.zone));
        let align_wall = match &world.anchor {
            Anchor::Free { zone, .. } => Some(wall(zone)),
            _ => None,
        };
        let (groups, begins) = (groups(world), Vec::new());
        let mut sky = Self { world, first, walls, open, away, taken, limit_wall, align_wall, groups, begins };
        sky.begins = sky.begins();
        sky
    }

    fn at<'m>(&self, map: &'m [Vec<bool>], place: usize, minute: Minute) -> &'m bool {
        usize::try_from(minute - self.first).ok().and_then(|i| map[place].get(i)).unwrap_or(&false)
    }

    /// Who could serve at a start, or `None` if it is no slot.
    fn servants(&self, start: Minute) -> Option<Vec<u32>> {
        let seldom = start >= self.earliest() && self.in_window(start) && self.within_limit(start);
        if !seldom {
            return None;
        }
        let mut all = Vec::new();
        for group in &self.groups {
            let before = all.len();
            all.extend(group.iter().filter(|&&place| self.serves(place, start)).map(|&p| u32::try_from(p).unwrap()));
            if all.len() == before {
                return None;
            }
        }
        self.on_grid(start).then_some(all)
    }

    fn earliest(&self) -> Minute {
        let seconds = self.world.now;
        let rounded = seconds / 60 + i64::from(seconds % 60 != 0);
        rounded + self.world.notice
    }

    fn in_window(&self, start: Minute) -> bool {
        let Some(days) = self.world.rolling_days else { return true };
        let wall = &self.walls[0];
        wall.date(start) <= wall.date(self.world.now / 60) + TimeDelta::days(days)
    }

    fn within_limit(&self, start: Minute) -> bool {
        let (Some(limit), Some(wall)) = (&self.world.limit, &self.limit_wall) else { return true };
        let minutes = |from: Minute, to: Minute, day: NaiveDate| (from..to).filter(|&m| wall.date(m) == day).count();
        let days: BTreeSet<_> = (start..start + self.world.duration).map(|m| wall.date(m)).collect();
        days.into_iter().all(|day| {
            let parts: Vec<_> = limit.counted.iter().map(|&(s, e)| minutes(s, e, day)).collect();
            let count = parts.iter().filter(|&&m| m > 0).count();
            let sum = parts.iter().sum::<usize>() + minutes(start, start + self.world.duration, day);
            count < limit.max_count && sum <= limit.max_minutes
        })
    }

    fn serves(&self, place: usize, start: Minute) -> bool {
        let world = self.world;
        let end = start + world.duration;
        (start..end).all(|m| *self.at(&self.open, place, m) && !self.at(&self.away, place, m))
            && (start - world.before..end + world.after).all(|m| !self.at(&self.taken, place, m))
            && self.class_lets_in(place, start, end)
    }

    /// A class may be joined at its own time while seats last, and otherwise takes its resource.
    fn class_lets_in(&self, place: usize, start: Minute, end: Minute) -> bool {
        let world = self.world;
        let Some(seats) = world.seats else { return true };
        let classes: Vec<_> = world.places[place].bookings.iter().filter(|b| b.same_service).collect();
        let same = |b: &&&Booking| (b.start, b.end) == (start, end);
        let others = |b: &&&Booking| (b.start, b.end) != (start, end);
        let meets = |b: &&Booking| {
            (b.start - b.before..b.end + b.after).any(|m| start - world.before <= m && m < end + world.after)
        };
        let seated: u32 = classes.iter().filter(same).map(|b| b.units).sum();
        seated + world.party <= seats && !classes.iter().filter(others).any(meets)
    }

    fn on_grid(&self, start: Minute) -> bool {
        let world = self.world;
        match &world.anchor {
            Anchor::Wall => {
                let minute = self.walls[0].read(start).rem_euclid(DAY);
                let shift = world.offset % world.step;
                minute >= shift && (minute - shift) % world.step == 0 && self.somebody(start, false)
            }
            Anchor::Opening => {
                let Some(anchor) = self.stretch(start) else { return false };
                start >= anchor + world.offset && (start - anchor - world.offset) % world.step == 0
            }
            Anchor::Free { align, .. } => {
                let Some(from) = self.stretch(start) else { return false };
                let wall = self.align_wall.as_ref().unwrap();
                let anchor = (from..).find(|&m| wall.read(m).rem_euclid(DAY) % align == 0).unwrap();
                start >= anchor + world.offset && (start - anchor - world.offset) % world.step == 0
            }
        }
    }

    /// Where the stretch around a minute begins: after a week without a break, on the local Monday.
    fn stretch(&self, minute: Minute) -> Option<Minute> {
        let begin = self.begins[usize::try_from(minute - self.first).unwrap()]?;
        if minute - begin < WEEK {
            return Some(begin);
        }
        let wall = &self.walls[0];
        let local = wall.read(minute).div_euclid(DAY);
        Some(wall.find((local - i64::from(date(local).weekday().num_days_from_monday())) * DAY))
    }

    /// For each minute in which somebody is there, since when without a break.
    fn begins(&self) -> Vec<Option<Minute>> {
        let free = matches!(self.world.anchor, Anchor::Free { .. });
        let mut since = None;
        let minutes = (self.first..).take(self.open[0].len());
        minutes
            .map(|minute| {
                since = if self.somebody(minute, free) { since.or(Some(minute)) } else { None };
                since
            })
            .collect()
    }

    /// Whether every group has somebody who is open (or free) in a minute.
    fn somebody(&self, minute: Minute, free: bool) -> bool {
        let ready = |&place: &usize| {
            *self.at(&self.open, place, minute)
                && (!free
                    || minute >= self.earliest() && !self.at(&self.away, place, minute) && !self.padded(place, minute))
        };
        self.groups.iter().all(|group| group.iter().any(ready))
    }

    /// Whether a slot that contains this minute would come too near to something that is taken.
    fn padded(&self, place: usize, minute: Minute) -> bool {
        (minute - self.world.before..=minute + self.world.after).any(|m| *self.at(&self.taken, place, m))
    }
}

fn groups(world: &World) -> Vec<Vec<usize>> {
    let all = 0..world.places.len();
    match &world.groups {
        Groups::Any => vec![all.collect()],
        Groups::All => all.map(|place| vec![place]).collect(),
        Groups::FirstPlusAny => std::iter::once(vec![0])
            .chain((world.places.len() > 1).then(|| (1..world.places.len()).collect()))
            .collect(),
    }
}

/// The windows of a place as minutes.
fn windows(place: &Place, wall: &Wall, minutes: Range<Minute>) -> Vec<(Minute, Minute)> {
    let (first, last) = (minutes.start.div_euclid(DAY) - 2, minutes.end.div_euclid(DAY) + 2);
    let mut found = Vec::new();
    for day in (first..=last).filter(|&day| wall.has(day)) {
        let weekday = date(day).weekday().num_days_from_monday();
        let own = place.overrides.iter().find(|(d, _)| *d == day).map(|(_, windows)| windows.clone());
        let weekly = place.weekly.iter().filter(|(days, _)| days[weekday as usize]).map(|(_, window)| *window);
        for (from, to) in own.unwrap_or_else(|| weekly.collect()) {
            let next = if to < from { DAY } else { 0 };
            found.push((wall.find(day * DAY + from), wall.find(day * DAY + to + next)));
        }
    }
    found
}

/// The minutes in which bookings, with their buffers, leave no room for the party.
fn taken(world: &World, place: &Place, minutes: &Range<Minute>) -> Vec<bool> {
    let seated = |b: &Booking| {
        let same = place.bookings.iter().filter(|o| o.same_service && (o.start, o.end) == (b.start, b.end));
        same.map(|o| o.units).sum::<u32>()
    };
    // a class with seats left is no obstacle by itself
    let full = |b: &&Booking| world.seats.is_none_or(|seats| !b.same_service || seated(b) + world.party > seats);
    let occupied = place.bookings.iter().filter(full).map(|b| (b.start - b.before, b.end + b.after, b.units));
    let room = |level: u32| if place.capacity == 1 { level == 0 } else { level + world.party <= place.capacity };
    levels(minutes, occupied).into_iter().map(|level| !room(level)).collect()
}

/// The sum of what lies on each minute.
fn levels(minutes: &Range<Minute>, parts: impl Iterator<Item = (Minute, Minute, u32)>) -> Vec<u32> {
    let mut levels = vec![0; usize::try_from(minutes.end - minutes.start).unwrap()];
    for (start, end, weight) in parts {
        for minute in start.max(minutes.start)..end.min(minutes.end) {
            levels[usize::try_from(minute - minutes.start).unwrap()] += weight;
        }
    }
    levels
}
