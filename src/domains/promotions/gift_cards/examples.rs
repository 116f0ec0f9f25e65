//! Examples of gift cards on the wire.

use poem_openapi::types::Example;
use uuid::Uuid;

use super::dto::{
    GiftCard, GiftCardBalance, GiftCardCode, GiftCardContact, GiftCardCreate, GiftCardIssued, GiftCardMove,
    GiftCardPurchase, GiftCardSend, GiftCardSpend, GiftCardStatus, GiftCardTransaction, PublicGiftCard,
};
use crate::guard::{Email, Prose, Text, Timestamp};

const CODE: &str = "7K2M-Q4XT-90BZ-C5RJ";

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0000 + number)
}

impl Example for GiftCardContact {
    fn example() -> Self {
        Self { display_name: Text::of("Ana Torres"), email: Email::of("ana@example.com") }
    }
}

impl Example for GiftCardCreate {
    fn example() -> Self {
        Self {
            amount_cents: 5_000,
            currency: None,
            customer_id: Some(id(4)),
            recipient: Some(GiftCardContact::example()),
            message: Some(Prose::of("Happy birthday!")),
            expires_at: None,
        }
    }
}

impl Example for GiftCardPurchase {
    fn example() -> Self {
        Self {
            amount_cents: 5_000,
            purchaser: GiftCardContact::example(),
            recipient: None,
            message: Some(Prose::of("Happy birthday!")),
        }
    }
}

impl Example for GiftCardSend {
    fn example() -> Self {
        Self { recipient: Some(GiftCardContact::example()), message: None }
    }
}

impl Example for GiftCardCode {
    fn example() -> Self {
        Self { code: Text::of(CODE) }
    }
}

impl Example for GiftCardSpend {
    fn example() -> Self {
        Self { code: Text::of(CODE), amount_cents: 1_500 }
    }
}

impl Example for GiftCard {
    fn example() -> Self {
        Self {
            id: id(0x14),
            code_hint: "C5RJ".into(),
            status: GiftCardStatus::Active,
            initial_cents: 5_000,
            balance_cents: 3_500,
            currency: "EUR".into(),
            purchaser_customer_id: Some(id(4)),
            recipient_customer_id: None,
            message: Some("Happy birthday!".into()),
            payment_id: Some(id(0x13)),
            expires_at: None,
            activated_at: Some(Timestamp::example()),
            sent_at: None,
            created_at: Timestamp::example(),
            updated_at: Timestamp::example(),
        }
    }
}

impl Example for GiftCardIssued {
    fn example() -> Self {
        Self { code: CODE.into(), gift_card: GiftCard::example() }
    }
}

impl Example for PublicGiftCard {
    fn example() -> Self {
        Self {
            id: id(0x14),
            code: CODE.into(),
            purchase_token: "AZnEkTlqfTCbUjwfCm1-hA.3q2-7wAAAAA".into(),
            status: GiftCardStatus::Pending,
            amount_cents: 5_000,
            currency: "EUR".into(),
            expires_at: Some(Timestamp::example()),
        }
    }
}

impl Example for GiftCardBalance {
    fn example() -> Self {
        Self { balance_cents: 3_500, currency: "EUR".into(), expires_at: None }
    }
}

impl Example for GiftCardTransaction {
    fn example() -> Self {
        Self {
            id: id(0x15),
            kind: GiftCardMove::Redeemed,
            amount_cents: -1_500,
            balance_cents: 3_500,
            payment_id: Some(id(0x13)),
            created_at: Timestamp::example(),
        }
    }
}
