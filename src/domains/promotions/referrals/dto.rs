//! Referrals on the wire.

use ::entity::{enums, referral_settings, referrals};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::guard::{Sort, Timestamp};

/// The orders of a list of referrals.
pub type ReferralSort = Sort<referrals::Entity>;

/// What is given, and in which unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum ReferralReward {
    Credits,
    /// Points of loyalty.
    Points,
    /// A coupon over so many minor units of the booking's currency.
    CouponAmount,
    /// A coupon of so many basis points.
    CouponPercent,
}

impl From<enums::ReferralReward> for ReferralReward {
    fn from(reward: enums::ReferralReward) -> Self {
        match reward {
            enums::ReferralReward::Credits => Self::Credits,
            enums::ReferralReward::Points => Self::Points,
            enums::ReferralReward::CouponAmount => Self::CouponAmount,
            enums::ReferralReward::CouponPercent => Self::CouponPercent,
        }
    }
}

impl From<ReferralReward> for enums::ReferralReward {
    fn from(reward: ReferralReward) -> Self {
        match reward {
            ReferralReward::Credits => Self::Credits,
            ReferralReward::Points => Self::Points,
            ReferralReward::CouponAmount => Self::CouponAmount,
            ReferralReward::CouponPercent => Self::CouponPercent,
        }
    }
}

/// What a business gives for bringing somebody along.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example, deny_unknown_fields)]
pub struct ReferralSettings {
    /// Whether anything is given.
    pub enabled: bool,
    /// What is given, and in which unit.
    pub reward: ReferralReward,
    /// For whoever brought somebody along; 0 is nothing.
    #[oai(validator(minimum(value = "0"), maximum(value = "100000000")))]
    pub referrer_reward: i64,
    /// For whoever was brought along; 0 is nothing.
    #[oai(validator(minimum(value = "0"), maximum(value = "100000000")))]
    pub referee_reward: i64,
    /// How many days a coupon or credits are good; for ever when absent.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "3650")))]
    pub valid_days: Option<i32>,
}

impl ReferralSettings {
    /// Of a business that never said.
    pub fn off() -> Self {
        Self { enabled: false, reward: ReferralReward::Points, referrer_reward: 0, referee_reward: 0, valid_days: None }
    }
}

impl From<referral_settings::Model> for ReferralSettings {
    fn from(row: referral_settings::Model) -> Self {
        Self {
            enabled: row.enabled,
            reward: row.reward.into(),
            referrer_reward: row.referrer_reward,
            referee_reward: row.referee_reward,
            valid_days: row.valid_days,
        }
    }
}

/// Whose code is asked for.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct ReferralCodeAsk {
    pub customer_id: Uuid,
}

/// The code by which a customer brings others along.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct ReferralCode {
    pub code: String,
}

/// Where a referral is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum ReferralStatus {
    /// Somebody made their first booking with the code.
    Claimed,
    /// A booking of theirs was completed, and both got what was promised.
    Rewarded,
}

/// Who brought whom.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct Referral {
    pub id: Uuid,
    /// Who brought somebody along.
    pub referrer_customer_id: Uuid,
    /// Who was brought along.
    pub referee_customer_id: Uuid,
    /// The first booking.
    pub booking_id: Uuid,
    pub status: ReferralStatus,
    /// What was given.
    #[oai(nullable)]
    pub reward: Option<ReferralReward>,
    /// To whoever brought somebody along.
    #[oai(nullable)]
    pub referrer_reward: Option<i64>,
    /// To whoever was brought along.
    #[oai(nullable)]
    pub referee_reward: Option<i64>,
    /// When it was given.
    #[oai(nullable)]
    pub rewarded_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

impl From<referrals::Model> for Referral {
    fn from(row: referrals::Model) -> Self {
        Self {
            id: row.id.0,
            referrer_customer_id: row.referrer_customer_id.0,
            referee_customer_id: row.referee_customer_id.0,
            booking_id: row.booking_id.0,
            status: match row.status {
                enums::ReferralStatus::Claimed => ReferralStatus::Claimed,
                enums::ReferralStatus::Rewarded => ReferralStatus::Rewarded,
            },
            reward: row.reward.map(Into::into),
            referrer_reward: row.referrer_reward,
            referee_reward: row.referee_reward,
            rewarded_at: row.rewarded_at.map(Timestamp::new),
            created_at: row.created_at.into(),
        }
    }
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0000 + number)
}

impl Example for ReferralSettings {
    fn example() -> Self {
        Self {
            enabled: true,
            reward: ReferralReward::Credits,
            referrer_reward: 5,
            referee_reward: 3,
            valid_days: Some(180),
        }
    }
}

impl Example for ReferralCodeAsk {
    fn example() -> Self {
        Self { customer_id: id(4) }
    }
}

impl Example for ReferralCode {
    fn example() -> Self {
        Self { code: "7K2MQ4XT9BZC".into() }
    }
}

impl Example for Referral {
    fn example() -> Self {
        Self {
            id: id(0x16),
            referrer_customer_id: id(4),
            referee_customer_id: id(0x17),
            booking_id: id(5),
            status: ReferralStatus::Rewarded,
            reward: Some(ReferralReward::Credits),
            referrer_reward: Some(5),
            referee_reward: Some(3),
            rewarded_at: Some(Timestamp::example()),
            created_at: Timestamp::example(),
        }
    }
}
