//! What is earned, what points are worth, and which tier they lead to. Pure.

use ::entity::enums::LoyaltyEarn;
use ::entity::enums::LoyaltyTier::{self, Bronze, Gold, Platinum, Silver};

use crate::kernel::money::share;

/// Basis points that change nothing.
pub const ONCE: u32 = 10_000;

/// Where a tier begins, and how much more it earns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub tier: LoyaltyTier,
    /// Points ever earned.
    pub threshold: i64,
    /// Basis points of what is earned.
    pub multiplier_bps: u32,
}

/// A business's points, as it says or as they are where it never said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    pub earn_by: LoyaltyEarn,
    /// For each whole unit of money, or for each visit.
    pub points: i64,
    /// From the lowest.
    pub steps: Vec<Step>,
}

impl Default for Program {
    fn default() -> Self {
        let step = |(threshold, tier)| Step { tier, threshold, multiplier_bps: ONCE };
        let steps = [(0, Bronze), (500, Silver), (2_000, Gold), (5_000, Platinum)].map(step).into();
        Self { earn_by: LoyaltyEarn::Amount, points: 1, steps }
    }
}

impl Program {
    /// The tier of an account that has earned so many points in all; redeeming takes none away.
    #[must_use]
    pub fn tier(&self, total_earned: i64) -> LoyaltyTier {
        let reached = self.steps.iter().filter(|step| total_earned >= step.threshold);
        reached.max_by_key(|step| step.threshold).map_or(Bronze, |step| step.tier)
    }

    /// What a completed booking earns somebody of a tier: for each whole unit of the currency, of which `decimals` say
    /// how it is divided, or for the visit; rounded half away from zero.
    #[must_use]
    pub fn earned(&self, total_cents: i64, decimals: u32, tier: LoyaltyTier) -> i64 {
        let times = match self.earn_by {
            LoyaltyEarn::Amount => total_cents.max(0) / 10_i64.saturating_pow(decimals),
            LoyaltyEarn::Visit => 1,
        };
        let multiplier = self.steps.iter().find(|step| step.tier == tier).map_or(ONCE, |step| step.multiplier_bps);
        share(times.saturating_mul(self.points), multiplier)
    }
}

/// Whether tiers can be as they are said: each once, from no points on, and a higher one not before a lower one.
#[must_use]
pub fn in_order(steps: &[Step]) -> bool {
    steps.first().is_some_and(|first| first.tier == Bronze && first.threshold == 0)
        && steps.windows(2).all(|pair| match pair {
            [low, high] => low.tier < high.tier && low.threshold < high.threshold,
            _ => true,
        })
}

/// How many units so many points are, at `each` points a unit; `None` unless it comes out even.
#[must_use]
pub fn units(points: i64, each: i64) -> Option<i64> {
    (each > 0 && points > 0 && points % each == 0).then(|| points / each)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_tier_begins_with_its_points() {
        let program = Program::default();
        let reached = [0, 499, 500, 1_999, 2_000, 4_999, 5_000, i64::MAX].map(|earned| program.tier(earned));
        assert_eq!(reached, [Bronze, Bronze, Silver, Silver, Gold, Gold, Platinum, Platinum]);
        assert!(in_order(&program.steps));
        let two = Program { steps: program.steps[..2].to_vec(), ..program };
        assert_eq!(two.tier(i64::MAX), Silver, "a business need not have all of them");
    }

    #[test]
    fn only_whole_units_count() {
        let earned = |cents, decimals| Program::default().earned(cents, decimals, Bronze);
        assert_eq!([0, 99, 100, 4_599].map(|cents| earned(cents, 2)), [0, 0, 1, 45]);
        assert_eq!((earned(4_599, 0), earned(4_599, 3), earned(-4_599, 2)), (4_599, 4, 0), "yen, dinar, nothing");
    }

    #[test]
    fn a_visit_and_a_tier_earn_what_is_said() {
        let mut program = Program { earn_by: LoyaltyEarn::Visit, points: 10, ..Program::default() };
        program.steps[2].multiplier_bps = 15_000;
        assert_eq!([Bronze, Gold].map(|tier| program.earned(0, 2, tier)), [10, 15]);
        program.points = 0;
        assert_eq!(program.earned(1_000_000, 2, Gold), 0);
    }

    #[test]
    fn tiers_stand_in_their_order() {
        let step = |tier, threshold| Step { tier, threshold, multiplier_bps: ONCE };
        assert!(in_order(&[step(Bronze, 0), step(Gold, 10)]));
        for wrong in [
            vec![],
            vec![step(Bronze, 1)],
            vec![step(Silver, 0)],
            vec![step(Bronze, 0), step(Bronze, 10)],
            vec![step(Bronze, 0), step(Gold, 10), step(Silver, 20)],
            vec![step(Bronze, 0), step(Silver, 10), step(Gold, 10)],
        ] {
            assert!(!in_order(&wrong), "{wrong:?}");
        }
    }

    #[test]
    fn points_come_out_even() {
        assert_eq!([100, 150, 0, -100].map(|points| units(points, 100)), [Some(1), None, None, None]);
    }

    proptest! {
        #[test]
        fn more_is_never_worth_less(low in 0_i64..1_000_000, more in 0_i64..1_000_000, points in 0_i64..1_000) {
            let program = Program { points, ..Program::default() };
            prop_assert!(program.tier(low) <= program.tier(low + more));
            prop_assert!(program.earned(low, 2, Gold) <= program.earned(low + more, 2, Gold));
        }
    }
}
