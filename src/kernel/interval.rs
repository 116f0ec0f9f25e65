//! Half-open intervals and sets of them, over any ordered point.
//!
//! What must stay true: a [`Set`] is sorted, its intervals are non-empty, disjoint and do not touch.

/// `[start, end)`; empty when `start >= end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval<T> {
    pub start: T,
    pub end: T,
}

impl<T: Ord + Copy> Interval<T> {
    pub const fn new(start: T, end: T) -> Self {
        Self { start, end }
    }

    pub fn is_empty(&self) -> bool {
        self.start >= self.end
    }

    pub fn contains(&self, point: T) -> bool {
        self.start <= point && point < self.end
    }

    /// Whether all of a non-empty `other` lies inside.
    pub fn covers(&self, other: &Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Two empty intervals never overlap anything, as in PostgreSQL's `&&`.
    pub fn overlaps(&self, other: &Self) -> bool {
        !self.is_empty() && !other.is_empty() && self.start < other.end && other.start < self.end
    }

    /// The common part; empty when there is none.
    pub fn intersect(&self, other: &Self) -> Self {
        Self::new(self.start.max(other.start), self.end.min(other.end))
    }
}

/// Points covered by any of a number of intervals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set<T>(Vec<Interval<T>>);

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Ord + Copy> FromIterator<Interval<T>> for Set<T> {
    /// Joins what overlaps or touches; order does not matter.
    fn from_iter<I: IntoIterator<Item = Interval<T>>>(parts: I) -> Self {
        let mut parts: Vec<_> = parts.into_iter().filter(|i| !i.is_empty()).collect();
        if !parts.is_sorted() {
            parts.sort_unstable();
        }
        parts.dedup_by(|next, last| {
            let joins = next.start <= last.end;
            if joins {
                last.end = last.end.max(next.end);
            }
            joins
        });
        Self(parts)
    }
}

impl<T: Ord + Copy> Set<T> {
    pub fn of(one: Interval<T>) -> Self {
        Self::from_iter([one])
    }

    pub fn as_slice(&self) -> &[Interval<T>] {
        &self.0
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Interval<T>> {
        self.0.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn union(&self, other: &Self) -> Self {
        self.iter().chain(other.iter()).copied().collect()
    }

    pub fn intersect(&self, other: &Self) -> Self {
        let (mut a, mut b) = (self.0.as_slice(), other.0.as_slice());
        let mut common = Vec::new();
        while let ([x, rest_a @ ..], [y, rest_b @ ..]) = (a, b) {
            let part = x.intersect(y);
            if !part.is_empty() {
                common.push(part);
            }
            if x.end <= y.end { a = rest_a } else { b = rest_b }
        }
        Self(common)
    }

    pub fn subtract(&self, other: &Self) -> Self {
        let mut left = Vec::with_capacity(self.0.len() + other.0.len());
        let mut cuts = other.0.as_slice();
        for part in &self.0 {
            while let [cut, rest @ ..] = cuts
                && cut.end <= part.start
            {
                cuts = rest;
            }
            let mut from = part.start;
            for cut in cuts.iter().take_while(|cut| cut.start < part.end) {
                if from < cut.start {
                    left.push(Interval::new(from, cut.start));
                }
                from = from.max(cut.end);
            }
            if from < part.end {
                left.push(Interval::new(from, part.end));
            }
        }
        Self(left)
    }

    /// The interval that holds `point`.
    pub fn around(&self, point: T) -> Option<&Interval<T>> {
        let after = self.0.partition_point(|i| i.start <= point);
        self.0[..after].last().filter(|i| i.contains(point))
    }

    /// Whether one interval holds all of `wanted`.
    pub fn covers(&self, wanted: &Interval<T>) -> bool {
        self.around(wanted.start).is_some_and(|i| i.covers(wanted))
    }

    pub fn overlaps(&self, wanted: &Interval<T>) -> bool {
        let first = self.0.partition_point(|i| i.end <= wanted.start);
        self.0.get(first).is_some_and(|i| i.overlaps(wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set(parts: &[(i64, i64)]) -> Set<i64> {
        parts.iter().map(|&(a, b)| Interval::new(a, b)).collect()
    }

    #[test]
    fn touching_parts_join_and_empty_ones_vanish() {
        assert_eq!(set(&[(4, 4), (3, 5), (1, 3)]), set(&[(1, 5)]));
    }

    #[test]
    fn touching_is_not_overlapping() {
        assert!(set(&[(1, 3)]).intersect(&set(&[(3, 5)])).is_empty());
        assert!(!set(&[(1, 3)]).overlaps(&Interval::new(3, 4)));
    }

    fn parts() -> impl Strategy<Value = Vec<(i64, i64)>> {
        prop::collection::vec((0i64..40, -2i64..12), 0..8)
            .prop_map(|v| v.into_iter().map(|(a, len)| (a, a + len)).collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn algebra_agrees_with_points(a in parts(), b in parts()) {
            let (x, y) = (set(&a), set(&b));
            let held = |parts: &[(i64, i64)], p: i64| parts.iter().any(|&(s, e)| s <= p && p < e);
            let (both, less, all) = (x.intersect(&y), x.subtract(&y), x.union(&y));
            for p in -5..60 {
                prop_assert_eq!(both.around(p).is_some(), held(&a, p) && held(&b, p));
                prop_assert_eq!(less.around(p).is_some(), held(&a, p) && !held(&b, p));
                prop_assert_eq!(all.around(p).is_some(), held(&a, p) || held(&b, p));
            }
            for s in [&x, &both, &less, &all] {
                prop_assert!(s.as_slice().windows(2).all(|w| w[0].end < w[1].start));
            }
        }
    }
}
