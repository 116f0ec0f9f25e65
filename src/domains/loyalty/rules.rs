//! What points are worth, and which tier they lead to. Pure.

use ::entity::enums::LoyaltyTier::{self, Bronze, Gold, Platinum, Silver};

/// Points ever earned, and the tier that begins with them; from the lowest.
const TIERS: &[(i64, LoyaltyTier)] = &[(0, Bronze), (500, Silver), (2_000, Gold), (5_000, Platinum)];

/// The tier of an account that has earned so many points in all; redeeming takes none away.
#[must_use]
pub fn tier(total_earned: i64) -> LoyaltyTier {
    TIERS.iter().rev().find(|(least, _)| total_earned >= *least).map_or(Bronze, |(_, tier)| *tier)
}

/// One point for each whole unit of the currency, of which `decimals` say how it is divided.
#[must_use]
pub fn points(total_cents: i64, decimals: u32) -> i64 {
    total_cents.max(0) / 10_i64.saturating_pow(decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tier_begins_with_its_points() {
        let reached = [0, 499, 500, 1_999, 2_000, 4_999, 5_000, i64::MAX].map(tier);
        assert_eq!(reached, [Bronze, Bronze, Silver, Silver, Gold, Gold, Platinum, Platinum]);
        assert!(TIERS.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
    }

    #[test]
    fn only_whole_units_count() {
        assert_eq!([0, 99, 100, 4_599].map(|cents| points(cents, 2)), [0, 0, 1, 45]);
        assert_eq!(points(4_599, 0), 4_599);
        assert_eq!(points(4_599, 3), 4);
    }
}
