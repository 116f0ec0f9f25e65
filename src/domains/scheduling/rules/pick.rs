//! Who of several free people gets the booking.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Whose last assignment lies farthest back; who never had one comes first. Round robin.
    LeastRecent,
    /// Who has the fewest bookings for their weight.
    FewestBookings,
    /// Who stands highest.
    Priority,
}

/// What is known about somebody who could serve.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub last_assigned: Option<DateTime<Utc>>,
    pub bookings: u32,
    /// A weight of 2 takes twice as many bookings.
    pub weight: u32,
    pub priority: i32,
}

impl Default for Candidate {
    fn default() -> Self {
        Self { last_assigned: None, bookings: 0, weight: 1, priority: 0 }
    }
}

/// The places of all that tie for first. The caller takes any of them: the first, or one by lot.
pub fn pick(order: Order, candidates: &[Candidate]) -> Vec<usize> {
    match order {
        Order::LeastRecent => lowest(candidates, |c| c.last_assigned),
        Order::FewestBookings => lowest(candidates, |c| Share(c.bookings, c.weight.max(1))),
        Order::Priority => lowest(candidates, |c| Reverse(c.priority)),
    }
}

/// All places, the best first; of equals the one with fewer bookings for its weight, then the earlier.
pub fn rank(order: Order, candidates: &[Candidate]) -> Vec<usize> {
    let share = |c: &Candidate| Share(c.bookings, c.weight.max(1));
    let mut places: Vec<usize> = (0..candidates.len()).collect();
    match order {
        Order::LeastRecent => places.sort_by_cached_key(|&p| (candidates[p].last_assigned, share(&candidates[p]))),
        Order::FewestBookings => places.sort_by_cached_key(|&p| share(&candidates[p])),
        Order::Priority => {
            places.sort_by_cached_key(|&p| (Reverse(candidates[p].priority), share(&candidates[p])));
        }
    }
    places
}

fn lowest<K: Ord>(candidates: &[Candidate], key: impl Fn(&Candidate) -> K) -> Vec<usize> {
    let Some(best) = candidates.iter().map(&key).min() else { return Vec::new() };
    candidates.iter().enumerate().filter(|(_, c)| key(c) == best).map(|(place, _)| place).collect()
}

/// Bookings per weight, compared without rounding.
struct Share(u32, u32);

impl Share {
    fn against(&self, other: &Self) -> u64 {
        u64::from(self.0) * u64::from(other.1)
    }
}

impl Ord for Share {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.against(other).cmp(&other.against(self))
    }
}

impl PartialOrd for Share {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Share {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Share {}

#[cfg(test)]
mod tests {
    use super::*;

    fn had(bookings: u32, weight: u32) -> Candidate {
        Candidate { bookings, weight, ..Candidate::default() }
    }

    #[test]
    fn nobody_for_nobody() {
        assert!(pick(Order::LeastRecent, &[]).is_empty());
    }

    #[test]
    fn never_assigned_comes_first() {
        let at = |secs| Candidate { last_assigned: DateTime::from_timestamp(secs, 0), ..Candidate::default() };
        let never = Candidate::default();
        assert_eq!(pick(Order::LeastRecent, &[at(10), never.clone(), at(4), never]), [1, 3]);
        assert_eq!(pick(Order::LeastRecent, &[at(10), at(4), at(6)]), [1]);
    }

    #[test]
    fn the_first_of_a_rank_is_one_that_is_picked() {
        let at = |secs, bookings| Candidate { last_assigned: DateTime::from_timestamp(secs, 0), ..had(bookings, 1) };
        let all = [at(10, 0), at(4, 3), at(4, 1), Candidate { priority: 2, ..at(12, 5) }];
        assert_eq!(rank(Order::LeastRecent, &all), [2, 1, 0, 3]);
        assert_eq!(rank(Order::FewestBookings, &all), [0, 2, 1, 3]);
        assert_eq!(rank(Order::Priority, &all), [3, 0, 2, 1]);
        for order in [Order::LeastRecent, Order::FewestBookings, Order::Priority] {
            assert!(pick(order, &all).contains(&rank(order, &all)[0]));
        }
    }

    #[test]
    fn weight_takes_a_larger_share() {
        assert_eq!(pick(Order::FewestBookings, &[had(4, 2), had(2, 1), had(3, 1)]), [0, 1]);
        assert_eq!(pick(Order::FewestBookings, &[had(3, 2), had(2, 1)]), [0]);
    }
}
