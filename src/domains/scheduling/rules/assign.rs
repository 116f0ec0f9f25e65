//! Which resources a booking needs at the same time.
//!
//! Every mode comes down to groups: one resource of each group, all of them different.

/// Resources are named by their place in the search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assign {
    One(usize),
    AnyOf(Vec<usize>),
    AllOf(Vec<usize>),
    /// All of the fixed ones, and one of the pool unless it is empty.
    FixedPlusAny {
        fixed: Vec<usize>,
        pool: Vec<usize>,
    },
    OneOfEach(Vec<Vec<usize>>),
}

impl Assign {
    pub fn groups(&self) -> Vec<Vec<usize>> {
        let alone = |all: &[usize]| all.iter().map(|&r| vec![r]).collect::<Vec<_>>();
        match self {
            Self::One(resource) => vec![vec![*resource]],
            Self::AnyOf(pool) => vec![pool.clone()],
            Self::AllOf(all) => alone(all),
            Self::FixedPlusAny { fixed, pool } => {
                let mut groups = alone(fixed);
                groups.extend((!pool.is_empty()).then(|| pool.clone()));
                groups
            }
            Self::OneOfEach(groups) => groups.clone(),
        }
    }
}

/// Whether no resource stands in two groups, so that groups may be looked at one by one.
pub(super) fn disjoint(groups: &[Vec<usize>]) -> bool {
    let mut all: Vec<_> = groups.iter().flatten().collect();
    all.sort_unstable();
    all.windows(2).all(|pair| pair[0] != pair[1])
}

/// A different free resource for each group, the first of it that can be had, or `None`.
pub fn distinct(groups: &[Vec<usize>], free: &dyn Fn(usize) -> bool) -> Option<Vec<usize>> {
    let mut taken: Vec<(usize, usize)> = Vec::with_capacity(groups.len()); // resource, group
    for group in 0..groups.len() {
        let mut tried = Vec::new();
        place(group, groups, free, &mut taken, &mut tried).then_some(())?;
    }
    taken.sort_unstable_by_key(|&(_, group)| group);
    Some(taken.into_iter().map(|(resource, _)| resource).collect())
}

/// Augmenting path: gives the group a resource, moving others along where that helps.
fn place(
    group: usize,
    groups: &[Vec<usize>],
    free: &dyn Fn(usize) -> bool,
    taken: &mut Vec<(usize, usize)>,
    tried: &mut Vec<usize>,
) -> bool {
    for &resource in &groups[group] {
        if !free(resource) || tried.contains(&resource) {
            continue;
        }
        tried.push(resource);
        match taken.iter().position(|&(r, _)| r == resource) {
            None => {
                taken.push((resource, group));
                return true;
            }
            Some(at) => {
                let holder = taken[at].1;
                if place(holder, groups, free, taken, tried) {
                    // the holder now has another entry; its old one passes on
                    if let Some(old) = taken.iter().position(|&entry| entry == (resource, holder)) {
                        taken[old].1 = group;
                        return true;
                    }
                }
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_is_not_two_hands() {
        let pair = Assign::OneOfEach(vec![vec![0, 1], vec![0, 1]]).groups();
        assert!(!disjoint(&pair));
        assert_eq!(distinct(&pair, &|r| r == 0), None);
        assert!(distinct(&pair, &|_| true).is_some_and(|chosen| chosen[0] != chosen[1]));
    }

    #[test]
    fn an_earlier_choice_gives_way() {
        let groups = vec![vec![0, 1], vec![0], vec![1, 2]];
        assert_eq!(distinct(&groups, &|_| true), Some(vec![1, 0, 2]));
        assert_eq!(distinct(&groups, &|r| r != 2), None);
    }
}
