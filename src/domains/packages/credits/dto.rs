//! Credits on the wire.

use ::entity::{credit_transactions, credits, enums};
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::domains::packages::purchases::PaidWith;
use crate::guard::{Sort, Text, Timestamp};

/// The orders of a list of entries.
pub type CreditEntrySort = Sort<credit_transactions::Entity>;

/// Credits or sessions that expire together.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct CreditLot {
    pub id: Uuid,
    /// The package that these are sessions of; null for credits.
    #[oai(nullable)]
    pub package_id: Option<Uuid>,
    /// What bought them; null when they were given.
    #[oai(nullable)]
    pub purchase_id: Option<Uuid>,
    /// How many are left.
    pub balance: i64,
    /// Until before when they can be used.
    #[oai(nullable)]
    pub expires_at: Option<Timestamp>,
}

impl From<(credits::Model, i64)> for CreditLot {
    fn from((row, balance): (credits::Model, i64)) -> Self {
        Self {
            id: row.id.0,
            package_id: row.package_id.map(Into::into),
            purchase_id: row.purchase_id.map(Into::into),
            balance,
            expires_at: row.expires_at.map(Timestamp::new),
        }
    }
}

/// What a customer can use now.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct Credits {
    pub customer_id: Uuid,
    /// All credits together, without sessions of packages.
    pub balance: i64,
    /// Credits and sessions, those first that expire first.
    #[oai(validator(max_items = 10000))]
    pub lots: Vec<CreditLot>,
}

/// What moved them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum CreditMove {
    /// They were bought.
    Purchase,
    /// They were given.
    Grant,
    /// They were used.
    Consume,
    /// What used them was called off.
    GiveBack,
    /// Their time was over.
    Expire,
    /// What bought them was undone.
    Undo,
}

/// One entry of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct CreditEntry {
    pub id: Uuid,
    /// What belongs together: a movement may take from several lots.
    pub movement_id: Uuid,
    /// The lot.
    pub lot_id: Uuid,
    pub kind: CreditMove,
    /// Above zero into the lot, below out of it.
    pub amount: i64,
    /// The booking that used them.
    #[oai(nullable)]
    pub booking_id: Option<Uuid>,
    /// The purchase that they came with.
    #[oai(nullable)]
    pub purchase_id: Option<Uuid>,
    /// What for.
    #[oai(nullable)]
    pub reason: Option<String>,
    pub created_at: Timestamp,
}

impl From<credit_transactions::Model> for CreditEntry {
    fn from(row: credit_transactions::Model) -> Self {
        Self {
            id: row.id.0,
            movement_id: row.movement_id,
            lot_id: row.account_id.0,
            kind: match row.kind {
                enums::CreditMove::Purchase => CreditMove::Purchase,
                enums::CreditMove::Grant => CreditMove::Grant,
                enums::CreditMove::Consume => CreditMove::Consume,
                enums::CreditMove::GiveBack => CreditMove::GiveBack,
                enums::CreditMove::Expire => CreditMove::Expire,
                enums::CreditMove::Undo => CreditMove::Undo,
            },
            amount: row.amount,
            booking_id: row.booking_id.map(Into::into),
            purchase_id: row.purchase_id.map(Into::into),
            reason: row.reason,
            created_at: row.created_at.into(),
        }
    }
}

/// Credits to be given.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct CreditGrant {
    pub customer_id: Uuid,
    /// How many.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
    pub credits: i64,
    /// Until before when they can be used; for ever when absent.
    #[oai(nullable)]
    pub expires_at: Option<Timestamp>,
    /// What for. It stays with them for good: nothing personal belongs in it.
    pub reason: Text<1, 255>,
}

/// Credits to be used.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct CreditSpend {
    pub customer_id: Uuid,
    /// How many.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
    pub credits: i64,
    /// What for. It stays with them for good: nothing personal belongs in it.
    pub reason: Text<1, 255>,
}

/// Credits to be sold.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct CreditPurchase {
    pub customer_id: Uuid,
    /// How many.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
    pub credits: i64,
    /// What they cost together, in the currency's minor unit.
    #[oai(validator(minimum(value = "1"), maximum(value = "100000000000")))]
    pub amount_cents: i64,
    /// ISO 4217 code; the business's own when absent.
    #[oai(nullable, validator(pattern = "^[A-Z]{3}$", max_length = 3))]
    pub currency: Option<String>,
    /// How many days they are good from when they are paid; for ever when absent.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "3650")))]
    pub valid_days: Option<i32>,
    /// How they are paid: to give them there is another way.
    #[oai(default = "payment")]
    pub paid_with: PaidWith,
}

fn payment() -> PaidWith {
    PaidWith::Payment
}

/// What a seat of a service costs.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example, deny_unknown_fields)]
pub struct CreditPrice {
    pub service_id: Uuid,
    /// Credits for each who comes.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
    pub credits: i32,
}

/// What services cost in credits; those that are not named cannot be had for credits.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example, deny_unknown_fields)]
pub struct CreditPrices {
    #[oai(validator(max_items = 1000))]
    pub prices: Vec<CreditPrice>,
}
