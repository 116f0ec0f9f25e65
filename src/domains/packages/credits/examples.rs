//! Examples of credits on the wire.

use poem_openapi::types::Example;
use uuid::Uuid;

use super::dto::{
    CreditEntry, CreditGrant, CreditLot, CreditMove, CreditPrice, CreditPrices, CreditPurchase, CreditSpend, Credits,
};
use crate::domains::packages::purchases::PaidWith;
use crate::guard::{Text, Timestamp};

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0000 + number)
}

impl Example for CreditLot {
    fn example() -> Self {
        Self {
            id: id(0x23),
            package_id: None,
            purchase_id: Some(id(0x22)),
            balance: 12,
            expires_at: Some(Timestamp::example()),
        }
    }
}

impl Example for Credits {
    fn example() -> Self {
        Self { customer_id: id(4), balance: 12, lots: vec![CreditLot::example()] }
    }
}

impl Example for CreditEntry {
    fn example() -> Self {
        Self {
            id: id(0x24),
            movement_id: id(0x25),
            lot_id: id(0x23),
            kind: CreditMove::Consume,
            amount: -3,
            booking_id: Some(id(5)),
            purchase_id: None,
            reason: None,
            created_at: Timestamp::example(),
        }
    }
}

impl Example for CreditGrant {
    fn example() -> Self {
        Self { customer_id: id(4), credits: 5, expires_at: None, reason: Text::of("For the long wait") }
    }
}

impl Example for CreditSpend {
    fn example() -> Self {
        Self { customer_id: id(4), credits: 3, reason: Text::of("A drink at the bar") }
    }
}

impl Example for CreditPurchase {
    fn example() -> Self {
        Self {
            customer_id: id(4),
            credits: 20,
            amount_cents: 10_000,
            currency: None,
            valid_days: Some(365),
            paid_with: PaidWith::Cash,
        }
    }
}

impl Example for CreditPrice {
    fn example() -> Self {
        Self { service_id: id(1), credits: 3 }
    }
}

impl Example for CreditPrices {
    fn example() -> Self {
        Self { prices: vec![CreditPrice::example()] }
    }
}
