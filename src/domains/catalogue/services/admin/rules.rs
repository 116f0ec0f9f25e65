//! A price that changes by some per cent: counted in hundredths of one, in whole numbers.

use crate::error::FieldError;

/// The highest price of a service.
const MOST: i64 = 100_000_000_000;

/// Hundredths of a per cent, if the number has no more decimals than that.
///
/// # Errors
/// For a third decimal, and for what is no number.
pub fn hundredths(percent: f64) -> Result<i32, FieldError> {
    let hundredths = (percent * 100.0).round();
    // 2.55 * 100 is 254.99999999999997
    if (percent * 100.0 - hundredths).abs() > 1e-6 || hundredths.abs() > 1_000_000.0 {
        let at = "#/update_fields/price_change_percent";
        return Err(FieldError::new(at, "multiple_of", "Use at most two decimals."));
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole, and at most a million")]
    Ok(hundredths as i32)
}

/// The price after the change; `None` above the highest.
pub fn changed(price_cents: i64, hundredths: i32) -> Option<i64> {
    let scaled = i128::from(price_cents) * i128::from(10_000 + i64::from(hundredths));
    let rounded = (scaled + 5_000).div_euclid(10_000);
    i64::try_from(rounded).ok().filter(|price| (0..=MOST).contains(price))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_decimals_and_no_more() {
        for (percent, expected) in [(2.55, 255), (-100.0, -10_000), (0.01, 1), (7.0, 700), (-0.35, -35)] {
            assert_eq!(hundredths(percent), Ok(expected), "{percent}");
        }
        assert!(hundredths(2.555).is_err() && hundredths(1e12).is_err());
    }

    #[test]
    fn halves_go_up_and_prices_stay_prices() {
        assert_eq!(changed(4_500, 250), Some(4_613), "4612.5");
        assert_eq!(changed(4_500, -1_000), Some(4_050));
        assert_eq!(changed(1, -5_000), Some(1), "0.5");
        assert_eq!(changed(4_500, -10_000), Some(0));
        assert_eq!(changed(0, 100_000), Some(0));
        assert_eq!(changed(MOST, 1), None);
    }
}
