//! Gift cards on the wire.

use ::entity::{enums, gift_card_transactions, gift_cards};
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::guard::{Email, Prose, Sort, Text, Timestamp};

/// The orders of a list of gift cards.
pub type GiftCardSort = Sort<gift_cards::Entity>;
/// The orders of a list of movements.
pub type GiftCardTransactionSort = Sort<gift_card_transactions::Entity>;

/// Where a card is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum GiftCardStatus {
    /// Bought and not paid for: worth nothing yet.
    Pending,
    /// It can be used until it expires.
    Active,
    /// Worth nothing any more.
    Void,
}

impl From<enums::GiftCardStatus> for GiftCardStatus {
    fn from(status: enums::GiftCardStatus) -> Self {
        match status {
            enums::GiftCardStatus::Pending => Self::Pending,
            enums::GiftCardStatus::Active => Self::Active,
            enums::GiftCardStatus::Void => Self::Void,
        }
    }
}

impl From<GiftCardStatus> for enums::GiftCardStatus {
    fn from(status: GiftCardStatus) -> Self {
        match status {
            GiftCardStatus::Pending => Self::Pending,
            GiftCardStatus::Active => Self::Active,
            GiftCardStatus::Void => Self::Void,
        }
    }
}

/// Who gives or gets a card.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct GiftCardContact {
    /// The name.
    pub display_name: Text<1, 255>,
    /// The e-mail address, by which a customer is known again.
    pub email: Email,
}

/// A card to be issued: paid for at the counter, or given away.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct GiftCardCreate {
    /// What is on it, in the currency's minor unit.
    #[oai(validator(minimum(value = "1"), maximum(value = "100000000000")))]
    pub amount_cents: i64,
    /// ISO 4217 code; the business's own when absent.
    #[oai(nullable, validator(pattern = "^[A-Z]{3}$", max_length = 3))]
    pub currency: Option<String>,
    /// The customer who gives it.
    #[oai(nullable)]
    pub customer_id: Option<Uuid>,
    /// Who gets it: the card is told to them at once.
    #[oai(nullable)]
    pub recipient: Option<GiftCardContact>,
    /// What is written on it.
    #[oai(nullable)]
    pub message: Option<Prose<0, 1000>>,
    /// Until before when it can be used; for ever when absent.
    #[oai(nullable)]
    pub expires_at: Option<Timestamp>,
}

/// A card that is bought.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct GiftCardPurchase {
    /// What is on it, in the business's currency's minor unit.
    #[oai(validator(minimum(value = "1"), maximum(value = "100000000")))]
    pub amount_cents: i64,
    /// Who buys it.
    pub purchaser: GiftCardContact,
    /// Who gets it: the card is told to them as soon as it is paid. Whoever buys it, when absent.
    #[oai(nullable)]
    pub recipient: Option<GiftCardContact>,
    /// What is written on it.
    #[oai(nullable)]
    pub message: Option<Prose<0, 1000>>,
}

/// Whom a card is to be told to.
#[derive(Debug, Clone, Default, Object)]
#[oai(example, deny_unknown_fields)]
pub struct GiftCardSend {
    /// Who gets it; whom it was sent to before, when absent.
    #[oai(nullable)]
    pub recipient: Option<GiftCardContact>,
    /// What is written on it; what was written before, when absent.
    #[oai(nullable)]
    pub message: Option<Prose<1, 1000>>,
}

/// A code that somebody shows.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct GiftCardCode {
    /// In any case, with dashes or without.
    pub code: Text<1, 40>,
}

/// So much is to be paid with a card.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct GiftCardSpend {
    /// In any case, with dashes or without.
    pub code: Text<1, 40>,
    /// In the card's currency's minor unit; at most what is on it.
    #[oai(validator(minimum(value = "1"), maximum(value = "100000000000")))]
    pub amount_cents: i64,
}

/// A gift card.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct GiftCard {
    pub id: Uuid,
    /// The last letters of its code, by which people tell their cards apart.
    pub code_hint: String,
    pub status: GiftCardStatus,
    /// What was on it at first.
    pub initial_cents: i64,
    /// What is on it.
    pub balance_cents: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// Who gave it.
    #[oai(nullable)]
    pub purchaser_customer_id: Option<Uuid>,
    /// Who got it.
    #[oai(nullable)]
    pub recipient_customer_id: Option<Uuid>,
    /// What is written on it.
    #[oai(nullable)]
    pub message: Option<String>,
    /// The payment that bought it.
    #[oai(nullable)]
    pub payment_id: Option<Uuid>,
    /// Until before when it can be used.
    #[oai(nullable)]
    pub expires_at: Option<Timestamp>,
    /// Since when it can be used.
    #[oai(nullable)]
    pub activated_at: Option<Timestamp>,
    /// When it was told to its recipient.
    #[oai(nullable)]
    pub sent_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl From<gift_cards::Model> for GiftCard {
    fn from(row: gift_cards::Model) -> Self {
        Self {
            id: row.id.0,
            code_hint: row.code_hint,
            status: row.status.into(),
            initial_cents: row.initial_cents,
            balance_cents: row.balance_cents,
            currency: row.currency,
            purchaser_customer_id: row.purchaser_customer_id.map(Into::into),
            recipient_customer_id: row.recipient_customer_id.map(Into::into),
            message: row.message,
            payment_id: row.payment_id,
            expires_at: row.expires_at.map(Timestamp::new),
            activated_at: row.activated_at.map(Timestamp::new),
            sent_at: row.sent_at.map(Timestamp::new),
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

/// A card with its code, which is told this once.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct GiftCardIssued {
    /// Whoever has it has the card.
    pub code: String,
    pub gift_card: GiftCard,
}

/// A card that somebody buys, with its code, which is told this once and is worth nothing until the card is paid.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct PublicGiftCard {
    pub id: Uuid,
    /// Whoever has it has the card.
    pub code: String,
    /// By which whoever buys it pays for it.
    pub purchase_token: String,
    pub status: GiftCardStatus,
    /// What will be on it, and what is to be paid.
    pub amount_cents: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// Until before when it can be used.
    #[oai(nullable)]
    pub expires_at: Option<Timestamp>,
}

/// What is on a card.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct GiftCardBalance {
    /// What is on it.
    pub balance_cents: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// Until before when it can be used.
    #[oai(nullable)]
    pub expires_at: Option<Timestamp>,
}

impl From<gift_cards::Model> for GiftCardBalance {
    fn from(row: gift_cards::Model) -> Self {
        let expires_at = row.expires_at.map(Timestamp::new);
        Self { balance_cents: row.balance_cents, currency: row.currency, expires_at }
    }
}

/// What moved a card's money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum GiftCardMove {
    /// The card was issued, or paid.
    Issued,
    /// Something was paid with it.
    Redeemed,
    /// A payment with it failed, or was given back.
    Returned,
    /// The card was made void.
    Voided,
}

/// One movement of a card's money.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct GiftCardTransaction {
    pub id: Uuid,
    pub kind: GiftCardMove,
    /// Above zero into the card, below out of it.
    pub amount_cents: i64,
    /// What was on it after that.
    pub balance_cents: i64,
    /// The payment that it belongs to.
    #[oai(nullable)]
    pub payment_id: Option<Uuid>,
    pub created_at: Timestamp,
}

impl From<gift_card_transactions::Model> for GiftCardTransaction {
    fn from(row: gift_card_transactions::Model) -> Self {
        Self {
            id: row.id.0,
            kind: match row.kind {
                enums::GiftCardMove::Issued => GiftCardMove::Issued,
                enums::GiftCardMove::Redeemed => GiftCardMove::Redeemed,
                enums::GiftCardMove::Returned => GiftCardMove::Returned,
                enums::GiftCardMove::Voided => GiftCardMove::Voided,
            },
            amount_cents: row.amount_cents,
            balance_cents: row.balance_cents,
            payment_id: row.payment_id,
            created_at: row.created_at.into(),
        }
    }
}
