//! Money: whole minor units of an ISO 4217 currency. No floats anywhere.

use std::fmt;

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
}

impl fmt::Display for Money {
    /// `12.50 EUR`, `1250 JPY`, `1.250 KWD`: for people and for tables that people read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", decimal(self.minor, self.currency), self.currency)
    }
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
    fn a_code_is_three_capitals() {
        for wrong in ["", "eur", "EURO", "E1R", "EÜ"] {
            assert_eq!(Currency::new(wrong), None, "{wrong}");
        }
    }
}
