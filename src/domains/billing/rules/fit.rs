//! Whether what is there fits into a plan.

use std::collections::BTreeMap;

/// Limits by name; what is absent or below zero is without limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits(BTreeMap<String, i64>);

/// What somebody has of what is limited, by the name of the limit.
pub type Usage = BTreeMap<&'static str, i64>;

/// Members of an organization.
pub const USERS: &str = "max_users";
/// Its own sound libraries.
pub const SOUND_LIBRARIES: &str = "max_sound_libraries";

/// A limit that is passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excess {
    pub limit: String,
    pub allowed: i64,
    pub used: i64,
}

impl Limits {
    /// Of pairs; what is no number is left out.
    #[must_use]
    pub fn of(pairs: impl IntoIterator<Item = (String, Option<i64>)>) -> Self {
        Self(pairs.into_iter().filter_map(|(name, limit)| Some((name, limit?))).collect())
    }

    /// These, where the others say nothing of their own.
    #[must_use]
    pub fn under(mut self, own: Self) -> Self {
        self.0.extend(own.0);
        self
    }

    /// None is without limit.
    #[must_use]
    pub fn most(&self, name: &str) -> Option<i64> {
        self.0.get(name).copied().filter(|limit| *limit >= 0)
    }

    /// As they were written, -1 included.
    pub fn iter(&self) -> impl Iterator<Item = (&str, i64)> {
        self.0.iter().map(|(name, limit)| (name.as_str(), *limit))
    }

    /// Whether there is room for so many more.
    #[must_use]
    pub fn room(&self, name: &str, used: i64, more: i64) -> bool {
        self.most(name).is_none_or(|most| used.saturating_add(more) <= most)
    }

    /// What of the usage does not fit.
    #[must_use]
    pub fn excess(&self, usage: &Usage) -> Vec<Excess> {
        let passed = |(name, used): (&&'static str, &i64)| {
            let allowed = self.most(name).filter(|most| used > most)?;
            Some(Excess { limit: (*name).to_owned(), allowed, used: *used })
        };
        usage.iter().filter_map(passed).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(users: i64) -> Limits {
        Limits::of([(USERS.to_owned(), Some(users)), ("odd".to_owned(), None)])
    }

    #[test]
    fn minus_one_is_without_limit() {
        assert!(limits(-1).room(USERS, i64::MAX, 1));
        assert!(limits(10).room(USERS, 9, 1) && !limits(10).room(USERS, 10, 1));
        assert!(limits(10).room(SOUND_LIBRARIES, 1_000, 1), "not its matter");
        assert_eq!(limits(10).under(limits(-1)).most(USERS), None);
        assert_eq!(limits(-1).iter().collect::<Vec<_>>(), [(USERS, -1)]);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let usage = Usage::from([(USERS, 11), (SOUND_LIBRARIES, 2)]);
        assert_eq!(limits(10).excess(&usage), [Excess { limit: USERS.into(), allowed: 10, used: 11 }]);
        assert_eq!(limits(11).excess(&usage), []);
    }
}
