//! The code of a gift card: 80 bits, made of the card's id under the service's secret, so that it can be told again to
//! whom the card is sent, and stands in no table. What is stored is its SHA-256; that the bits are as good as random
//! makes one round enough.

use ::entity::gift_cards::Model;
use ::entity::ids::GiftCardId;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::error::{ApiError, Code as ErrorCode};
use crate::guard::{Binding, CursorKey};

/// No letter is taken for a digit (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BYTES: usize = 10;
const LENGTH: usize = 16;

/// A code without its dashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// The code of a card under a key.
    pub fn made(key: &CursorKey, tenant: Uuid, card: GiftCardId) -> Self {
        let sealed = key.seal_bytes(&binding(tenant, "gift card code"), card.0.as_bytes());
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(sealed).unwrap_or_default();
        let mut bits = 0_u128;
        for byte in bytes.iter().take(BYTES) {
            bits = (bits << 8) | u128::from(*byte);
        }
        let letter = |at: usize| {
            let five = usize::try_from((bits >> (5 * (LENGTH - 1 - at))) & 31).unwrap_or_default();
            LETTERS.get(five).map_or('0', |letter| char::from(*letter))
        };
        Self((0..LENGTH).map(letter).collect())
    }

    /// Reads what somebody typed: in any case, with dashes and blanks or without.
    pub fn parse(typed: &str) -> Option<Self> {
        let mut code = String::with_capacity(LENGTH);
        for letter in typed.chars().filter(|letter| !matches!(letter, '-' | ' ')) {
            let letter = match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                letter => letter,
            };
            u8::try_from(letter).ok().filter(|letter| LETTERS.contains(letter))?;
            code.push(letter);
        }
        (code.len() == LENGTH).then_some(Self(code))
    }

    /// As it is told: four groups of four.
    pub fn reveal(&self) -> String {
        let groups: Vec<&str> = (0..LENGTH).step_by(4).filter_map(|at| self.0.get(at..at + 4)).collect();
        groups.join("-")
    }

    /// The last four letters, by which people tell their cards apart.
    pub fn hint(&self) -> &str {
        self.0.get(LENGTH - 4..).unwrap_or_default()
    }

    /// As the table has it.
    pub fn digest(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

/// The code of a card that is there, whichever of the keys it was made with.
pub fn revealed(keys: &[CursorKey], card: &Model) -> Option<String> {
    let codes = keys.iter().map(|key| Code::made(key, card.tenant_id.0, card.id));
    codes.into_iter().find(|code| code.digest() == card.code_hash).map(|code| code.reveal())
}

/// The token by which whoever buys a card pays for it: it proves nothing of what is on the card.
///
/// # Errors
/// 500 when there is no key.
pub fn seal(keys: &[CursorKey], tenant: Uuid, card: GiftCardId) -> Result<String, ApiError> {
    let key = keys.first().ok_or_else(|| ApiError::internal("there is no key for the links of visitors"))?;
    key.seal(&binding(tenant, "gift card"), &card)
}

/// The card of such a token.
///
/// # Errors
/// 404 for a token that is none of this business's.
pub fn open(keys: &[CursorKey], tenant: Uuid, token: &str) -> Result<GiftCardId, ApiError> {
    let opened = keys.iter().find_map(|key| key.open(&binding(tenant, "gift card"), token).ok());
    opened.ok_or_else(|| ApiError::of(ErrorCode::GiftCardNotFound))
}

fn binding(tenant: Uuid, kind: &'static str) -> Binding<'static> {
    Binding { tenant, sort: kind, filter: "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_it_was_told_and_in_sloppy_hands() {
        let (key, tenant) = (CursorKey::new(&[7; 32]), Uuid::from_u128(1));
        let code = |card: u128| Code::made(&key, tenant, GiftCardId(Uuid::from_u128(card)));
        let told = code(1).reveal();
        assert_eq!((told.len(), told.matches('-').count()), (19, 3), "{told}");
        assert_eq!(Code::parse(&told), Some(code(1)));
        assert_eq!(Code::parse(&told.to_lowercase().replace('-', " ")), Some(code(1)));
        assert_ne!(code(1).digest(), code(2).digest());
        assert_ne!(Code::made(&CursorKey::new(&[8; 32]), tenant, GiftCardId(Uuid::from_u128(1))), code(1));
        assert_eq!(Code::parse("OIL0-0000-0000-0000"), Code::parse("0110-0000-0000-0000"));
        assert!(told.ends_with(code(1).hint()));
        for bad in ["", "0000", "U000-0000-0000-0000", "0000-0000-0000-0000-0", "ÄÄÄÄ-0000-0000-0000"] {
            assert_eq!(Code::parse(bad), None, "{bad}");
        }
    }
}
