//! Points on the wire.

use ::entity::ids::CustomerId;
use ::entity::{enums, loyalty_accounts, loyalty_transactions};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::guard::{Sort, Text, Timestamp};

/// The orders of a list of movements.
pub type LoyaltyTransactionSort = Sort<loyalty_transactions::Entity>;

/// How much a customer has earned in all, as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum LoyaltyTier {
    /// From the beginning.
    Bronze,
    /// From 500 points on, unless the business says otherwise.
    Silver,
    /// From 2000 points on, unless the business says otherwise.
    Gold,
    /// From 5000 points on, unless the business says otherwise.
    Platinum,
}

impl From<enums::LoyaltyTier> for LoyaltyTier {
    fn from(tier: enums::LoyaltyTier) -> Self {
        match tier {
            enums::LoyaltyTier::Bronze => Self::Bronze,
            enums::LoyaltyTier::Silver => Self::Silver,
            enums::LoyaltyTier::Gold => Self::Gold,
            enums::LoyaltyTier::Platinum => Self::Platinum,
        }
    }
}

/// Points to be earned or redeemed.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct LoyaltyPoints {
    /// How many.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
    pub points: i64,
    /// What for. It stays with the points for good: nothing personal belongs in it.
    pub reason: Text<1, 255>,
}

/// A customer's points.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct LoyaltyAccount {
    pub customer_id: Uuid,
    /// What can be redeemed.
    pub points_balance: i64,
    /// All that was ever earned.
    pub total_earned: i64,
    /// All that was ever redeemed.
    pub total_redeemed: i64,
    /// Follows from what was ever earned.
    pub tier: LoyaltyTier,
    /// Whether points move at all.
    pub is_active: bool,
    /// When points moved last; null before the first.
    #[oai(nullable)]
    pub updated_at: Option<Timestamp>,
}

impl LoyaltyAccount {
    /// The account of somebody who never had points.
    pub fn unused(customer: CustomerId) -> Self {
        Self {
            customer_id: customer.0,
            points_balance: 0,
            total_earned: 0,
            total_redeemed: 0,
            tier: LoyaltyTier::Bronze,
            is_active: true,
            updated_at: None,
        }
    }
}

impl From<loyalty_accounts::Model> for LoyaltyAccount {
    fn from(row: loyalty_accounts::Model) -> Self {
        Self {
            customer_id: row.customer_id.0,
            points_balance: row.points_balance,
            total_earned: row.total_earned,
            total_redeemed: row.total_redeemed,
            tier: row.tier.into(),
            is_active: row.is_active,
            updated_at: Some(row.updated_at.into()),
        }
    }
}

/// One movement of points.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct LoyaltyTransaction {
    pub id: Uuid,
    /// Above zero when they were earned, below when they were redeemed.
    pub points_change: i64,
    /// What for.
    #[oai(validator(max_length = 255))]
    pub reason: String,
    /// The booking that earned them.
    #[oai(nullable)]
    pub booking_id: Option<Uuid>,
    pub created_at: Timestamp,
}

impl From<loyalty_transactions::Model> for LoyaltyTransaction {
    fn from(row: loyalty_transactions::Model) -> Self {
        Self {
            id: row.id.0,
            points_change: row.points_change,
            reason: row.reason,
            booking_id: row.booking_id.map(Into::into),
            created_at: row.created_at.into(),
        }
    }
}

impl Example for LoyaltyPoints {
    fn example() -> Self {
        Self { points: 50, reason: Text::of("Brought a friend along") }
    }
}

impl Example for LoyaltyAccount {
    fn example() -> Self {
        Self {
            customer_id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0004),
            points_balance: 320,
            total_earned: 620,
            total_redeemed: 300,
            tier: LoyaltyTier::Silver,
            is_active: true,
            updated_at: Some(Timestamp::example()),
        }
    }
}

impl Example for LoyaltyTransaction {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0009),
            points_change: 45,
            reason: "Booking completed".into(),
            booking_id: Some(Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0005)),
            created_at: Timestamp::example(),
        }
    }
}
