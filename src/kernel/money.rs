//! Money: whole minor units of an ISO 4217 currency. No floats anywhere; a product is rounded once, half away from
//! zero, on the line where it arises, and sums are sums of rounded lines.

use std::fmt;

use ::entity::ids::CustomerId;

/// Currencies whose minor unit is not a hundredth (ISO 4217, table A.1), as the card networks count them too.
const EXPONENTS: &[(&str, u32)] = &[
    ("BIF", 0),
    ("CLP", 0),
    ("DJF", 0),
    ("GNF", 0),
    ("ISK", 0),
    ("JPY", 0),
    ("KMF", 0),
    ("KRW", 0),
    ("PYG", 0),
    ("RWF", 0),
    ("UGX", 0),
    ("UYI", 0),
    ("VND", 0),
    ("VUV", 0),
    ("XAF", 0),
    ("XOF", 0),
    ("XPF", 0),
    ("BHD", 3),
    ("IQD", 3),
    ("JOD", 3),
    ("KWD", 3),
    ("LYD", 3),
    ("OMR", 3),
    ("TND", 3),
];

/// An ISO 4217 code: three capital letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Reads a code in capitals, as tables and the wire hold it.
    #[must_use]
    pub fn new(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }

    /// The code in capitals.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Decimal places of the minor unit.
    #[must_use]
    pub fn exponent(&self) -> u32 {
        EXPONENTS.iter().find(|(code, _)| *code == self.code()).map_or(2, |(_, places)| *places)
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount: minor units of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

impl Money {
    #[must_use]
    pub fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    #[must_use]
    pub fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// The sum; none for two currencies, and beyond what fits.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        self.minor.checked_add(other.minor).map(|minor| Self { minor, ..self })
    }

    /// What is left; none for two currencies, and beyond what fits.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        other.minor.checked_neg().and_then(|minor| self.plus(Self { minor, ..other }))
    }

    /// A share in basis points (hundredths of a per cent), rounded half away from zero.
    #[must_use]
    pub fn share(self, bps: u32) -> Self {
        Self { minor: share(self.minor, bps), ..self }
    }
}

impl fmt::Display for Money {
    /// `12.50 EUR`, `1250 JPY`, `1.250 KWD`: for people and for tables that people read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", decimal(self.minor, self.currency), self.currency)
    }
}

/// What is to be paid for something that waits for its payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Who pays.
    pub customer: CustomerId,
    pub amount: Money,
    /// A line for people, in English, without anything personal.
    pub description: String,
}

/// `bps` ten-thousandths of an amount in minor units, rounded half away from zero.
#[must_use]
pub fn share(minor: i64, bps: u32) -> i64 {
    let product = i128::from(minor) * i128::from(bps);
    let half = if product < 0 { -5_000 } else { 5_000 };
    i64::try_from((product + half) / 10_000).unwrap_or(if product < 0 { i64::MIN } else { i64::MAX })
}

/// The amount in major units with all its decimal places and without the currency: `12.50`, `1250`, `1.250`.
#[must_use]
pub fn decimal(minor: i64, currency: Currency) -> String {
    let places = currency.exponent() as usize;
    let sign = if minor < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", minor.unsigned_abs(), width = places + 1);
    let (whole, rest) = digits.split_at(digits.len() - places);
    if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(minor: i64, code: &str) -> Money {
        Money::new(minor, Currency::new(code).unwrap())
    }

    #[test]
    fn each_currency_has_its_own_places() {
        assert_eq!(of(1250, "EUR").to_string(), "12.50 EUR");
        assert_eq!(of(1250, "JPY").to_string(), "1250 JPY");
        assert_eq!(of(1250, "KWD").to_string(), "1.250 KWD");
        assert_eq!(of(-5, "USD").to_string(), "-0.05 USD");
        assert_eq!(of(0, "KWD").to_string(), "0.000 KWD");
    }

    #[test]
    fn two_currencies_have_no_sum() {
        assert_eq!(of(1, "EUR").plus(of(1, "USD")), None);
        assert_eq!(of(i64::MAX, "EUR").plus(of(1, "EUR")), None);
        assert_eq!(of(5, "EUR").minus(of(7, "EUR")), Some(of(-2, "EUR")));
    }

    #[test]
    fn a_share_is_rounded_half_away_from_zero() {
        assert_eq!(share(10_050, 50), 50);
        assert_eq!(share(10_100, 50), 51);
        assert_eq!(share(-10_100, 50), -51);
        assert_eq!(share(999, 10_000), 999);
        assert_eq!(share(i64::MAX, 20_000), i64::MAX);
    }

    #[test]
    fn a_code_is_three_capitals() {
        for wrong in ["", "eur", "EURO", "E1R", "EÜ"] {
            assert_eq!(Currency::new(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn two_shares_that_make_the_whole_are_off_by_at_most_one(minor in 0_i64..1_000_000_000, bps in 0_u32..=10_000) {
            let both = share(minor, bps) + share(minor, 10_000 - bps);
            prop_assert!((both - minor).abs() <= 1);
        }
    }
}
