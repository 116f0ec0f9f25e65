//! The program on the wire.

use ::entity::enums;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::domains::loyalty::dto::{LoyaltyAccount, LoyaltyTier};
use crate::guard::Timestamp;

/// What earns points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum LoyaltyEarn {
    /// Each whole unit of a completed booking's money.
    Amount,
    /// Each completed booking.
    Visit,
}

impl From<enums::LoyaltyEarn> for LoyaltyEarn {
    fn from(earn: enums::LoyaltyEarn) -> Self {
        match earn {
            enums::LoyaltyEarn::Amount => Self::Amount,
            enums::LoyaltyEarn::Visit => Self::Visit,
        }
    }
}

impl From<LoyaltyEarn> for enums::LoyaltyEarn {
    fn from(earn: LoyaltyEarn) -> Self {
        match earn {
            LoyaltyEarn::Amount => Self::Amount,
            LoyaltyEarn::Visit => Self::Visit,
        }
    }
}

impl From<LoyaltyTier> for enums::LoyaltyTier {
    fn from(tier: LoyaltyTier) -> Self {
        match tier {
            LoyaltyTier::Bronze => Self::Bronze,
            LoyaltyTier::Silver => Self::Silver,
            LoyaltyTier::Gold => Self::Gold,
            LoyaltyTier::Platinum => Self::Platinum,
        }
    }
}

/// Where a tier begins.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example, deny_unknown_fields)]
pub struct LoyaltyStep {
    pub tier: LoyaltyTier,
    /// With so many points ever earned.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000000000")))]
    pub threshold: i64,
    /// How much of what is earned it earns, in basis points: 10000 is once, 15000 half as much again.
    #[oai(default = "once", validator(minimum(value = "0"), maximum(value = "100000")))]
    pub multiplier_bps: u32,
}

fn once() -> u32 {
    10_000
}

/// How points are earned, where tiers begin, and what points can be exchanged for.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example, deny_unknown_fields)]
pub struct LoyaltyProgram {
    /// What earns points.
    pub earn_by: LoyaltyEarn,
    /// How many, for each.
    #[oai(validator(minimum(value = "0"), maximum(value = "100000")))]
    pub points: i32,
    /// So many points are a credit; not to be had for points when absent.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "1000000")))]
    pub points_per_credit: Option<i32>,
    /// So many points are a whole unit of money on a coupon; not to be had for points when absent.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "1000000")))]
    pub points_per_unit: Option<i32>,
    /// How many days credits and coupons for points are good; for ever when absent.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "3650")))]
    pub valid_days: Option<i32>,
    /// From the lowest, which is bronze and begins with no points.
    #[oai(validator(min_items = 1, max_items = 4))]
    pub tiers: Vec<LoyaltyStep>,
}

/// What points are exchanged for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum LoyaltyGood {
    Credits,
    /// Over an amount in the business's currency, for the customer alone, to be used once.
    Coupon,
}

/// Points to be exchanged.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct LoyaltyExchange {
    /// How many: so many that it comes out even.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
    pub points: i64,
    /// For what.
    pub into: LoyaltyGood,
}

/// What came of an exchange.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct LoyaltyExchanged {
    /// The points after it.
    pub account: LoyaltyAccount,
    /// How many credits were given.
    #[oai(nullable)]
    pub credits: Option<i64>,
    /// The coupon that was made.
    #[oai(nullable)]
    pub coupon_id: Option<Uuid>,
    /// Its code.
    #[oai(nullable)]
    pub coupon_code: Option<String>,
    /// Until before when it is good.
    #[oai(nullable)]
    pub expires_at: Option<Timestamp>,
}

impl Example for LoyaltyStep {
    fn example() -> Self {
        Self { tier: LoyaltyTier::Bronze, threshold: 0, multiplier_bps: 10_000 }
    }
}

impl Example for LoyaltyProgram {
    fn example() -> Self {
        let silver = LoyaltyStep { tier: LoyaltyTier::Silver, threshold: 500, multiplier_bps: 12_500 };
        Self {
            earn_by: LoyaltyEarn::Amount,
            points: 1,
            points_per_credit: Some(50),
            points_per_unit: Some(20),
            valid_days: Some(365),
            tiers: vec![LoyaltyStep::example(), silver],
        }
    }
}

impl Example for LoyaltyExchange {
    fn example() -> Self {
        Self { points: 100, into: LoyaltyGood::Credits }
    }
}

impl Example for LoyaltyExchanged {
    fn example() -> Self {
        Self {
            account: LoyaltyAccount::example(),
            credits: Some(2),
            coupon_id: None,
            coupon_code: None,
            expires_at: Some(Timestamp::example()),
        }
    }
}
