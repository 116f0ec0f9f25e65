//! What a gift card can pay. Pure.

use ::entity::enums::GiftCardStatus;
use chrono::{DateTime, Utc};

use crate::kernel::money::Money;

/// A card as it is.
#[derive(Clone, Copy, Debug)]
pub struct Card {
    pub status: GiftCardStatus,
    pub balance: Money,
    pub expires_at: Option<DateTime<Utc>>,
}

/// Why a card cannot be used; the word on the wire, and a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    Unknown,
    NotPaid,
    Void,
    Expired,
    Empty,
    OtherCurrency,
}

impl Reason {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::NotPaid => "not_paid",
            Self::Void => "void",
            Self::Expired => "expired",
            Self::Empty => "empty",
            Self::OtherCurrency => "other_currency",
        }
    }

    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Unknown => "There is no gift card with this code.",
            Self::NotPaid => "This gift card has not been paid for yet.",
            Self::Void => "This gift card is not valid any more.",
            Self::Expired => "This gift card has expired.",
            Self::Empty => "There is nothing left on this gift card.",
            Self::OtherCurrency => "This gift card is for another currency.",
        }
    }
}

/// Whether the card can be used at an instant, whatever for.
///
/// # Errors
/// Why not.
pub fn usable(card: &Card, now: DateTime<Utc>) -> Result<(), Reason> {
    match card.status {
        GiftCardStatus::Pending => return Err(Reason::NotPaid),
        GiftCardStatus::Void => return Err(Reason::Void),
        GiftCardStatus::Active => {}
    }
    if card.expires_at.is_some_and(|expires| now >= expires) {
        return Err(Reason::Expired);
    }
    if card.balance.minor <= 0 { Err(Reason::Empty) } else { Ok(()) }
}

/// How much of an amount the card pays: as much as is on it, and no more than was asked for.
///
/// # Errors
/// Why it pays nothing.
pub fn pays(card: &Card, up_to: Money, now: DateTime<Utc>) -> Result<Money, Reason> {
    usable(card, now)?;
    if card.balance.currency != up_to.currency {
        return Err(Reason::OtherCurrency);
    }
    Ok(Money::new(card.balance.minor.min(up_to.minor).max(0), up_to.currency))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;
    use crate::kernel::money::Currency;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn of(minor: i64, code: &str) -> Money {
        Money::new(minor, Currency::new(code).unwrap())
    }

    fn card(minor: i64) -> Card {
        Card { status: GiftCardStatus::Active, balance: of(minor, "KWD"), expires_at: None }
    }

    #[test]
    fn each_reason_is_told_apart() {
        let cases = [
            (Card { status: GiftCardStatus::Pending, ..card(0) }, Reason::NotPaid),
            (Card { status: GiftCardStatus::Void, ..card(5) }, Reason::Void),
            (Card { expires_at: Some(NOW), ..card(5) }, Reason::Expired),
            (card(0), Reason::Empty),
        ];
        for (card, reason) in cases {
            assert_eq!(pays(&card, of(1, "KWD"), NOW), Err(reason));
        }
        assert_eq!(pays(&card(5), of(1, "JPY"), NOW), Err(Reason::OtherCurrency));
        let soon = Card { expires_at: Some(NOW + TimeDelta::seconds(1)), ..card(1_250) };
        assert_eq!(pays(&soon, of(2_000, "KWD"), NOW), Ok(of(1_250, "KWD")));
    }

    proptest! {
        #[test]
        fn a_card_pays_what_it_has_and_what_is_asked(has in 1_i64..1_000_000_000, asked in 0_i64..1_000_000_000) {
            let paid = pays(&card(has), of(asked, "KWD"), NOW).unwrap().minor;
            prop_assert!(paid <= has && paid <= asked && (paid == has || paid == asked));
        }
    }
}
