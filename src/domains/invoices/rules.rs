//! What a line costs, how a credit is spread over what it takes from, how a number is written. Pure.

use ::entity::enums::InvoiceKind;

use crate::kernel::money::Currency;

/// An amount in its parts; `total` is `net` and `tax`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    pub net: i64,
    pub tax: i64,
    pub total: i64,
}

/// Takes the tax out of an amount that has it: rounded half away from zero, on the line where it arises.
#[must_use]
pub fn split(total: i64, tax_bps: u32) -> Parts {
    let whole = 10_000 + i128::from(tax_bps);
    let doubled = i128::from(total) * 20_000;
    let half = if total < 0 { -whole } else { whole };
    let net = i64::try_from((doubled + half) / (2 * whole)).unwrap_or(total);
    Parts { net, tax: total - net, total }
}

/// What a line costs; none when its discount is larger than it, or when it does not fit.
#[must_use]
pub fn price(quantity: u32, unit: i64, discount: i64, tax_bps: u32) -> Option<Parts> {
    let total = unit.checked_mul(i64::from(quantity))?.checked_sub(discount)?;
    (unit >= 0 && discount >= 0 && total >= 0).then(|| split(total, tax_bps))
}

/// What is left of an invoice at one rate of tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    pub tax_bps: u32,
    pub tax: i64,
    pub total: i64,
}

/// Spreads a credit over what is left, in proportion. Whatever is credited in how many steps: no rate ever gives more
/// than it had, and when nothing is left nothing of the tax is left either. None when the amount is not above zero or
/// more than is left.
#[must_use]
pub fn credit(left: &[Left], amount: i64) -> Option<Vec<(u32, Parts)>> {
    let all: i128 = left.iter().map(|rate| i128::from(rate.total)).sum();
    if amount <= 0 || i128::from(amount) > all {
        return None;
    }
    let (mut before, mut given) = (0_i128, 0_i128);
    let mut parts = Vec::with_capacity(left.len());
    for rate in left {
        before += i128::from(rate.total);
        // the share of all rates so far, less what they got: no cent is lost between two rates
        let until = i128::from(amount) * before / all;
        let total = i64::try_from(until - given).ok()?;
        given = until;
        if total > 0 {
            let tax = proportion(rate.tax, total, rate.total);
            parts.push((rate.tax_bps, Parts { net: total - tax, tax, total }));
        }
    }
    Some(parts)
}

/// `of * part / whole`, rounded half up; all of them not below zero.
fn proportion(of: i64, part: i64, whole: i64) -> i64 {
    let whole = i128::from(whole.max(1));
    i64::try_from((i128::from(of) * i128::from(part) * 2 + whole) / (2 * whole)).unwrap_or(of)
}

/// `INV-2026-000001`, `CN-2026-000001`
#[must_use]
pub fn reference(kind: InvoiceKind, year: i32, number: i64) -> String {
    let series = match kind {
        InvoiceKind::Invoice => "INV",
        InvoiceKind::CreditNote => "CN",
    };
    format!("{series}-{year:04}-{number:06}")
}

/// `19 %`, `7.5 %`, `0 %`
#[must_use]
pub fn percent(bps: u32) -> String {
    let text = format!("{}.{:02}", bps / 100, bps % 100);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// An amount for people, without its currency.
#[must_use]
pub fn amount(minor: i64, currency: Currency) -> String {
    crate::kernel::money::decimal(minor, currency)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tax_is_taken_out_of_the_price() {
        assert_eq!(split(4_500, 1_900), Parts { net: 3_782, tax: 718, total: 4_500 });
        assert_eq!(split(100, 0), Parts { net: 100, tax: 0, total: 100 });
        assert_eq!(split(1, 10_000), Parts { net: 1, tax: 0, total: 1 }, "half a cent is rounded away from zero");
        assert_eq!(price(3, 1_000, 500, 700).map(|parts| parts.total), Some(2_500));
        assert_eq!(price(1, 100, 101, 0), None);
        assert_eq!(price(2, i64::MAX, 0, 0), None);
    }

    #[test]
    fn a_credit_of_everything_takes_everything() {
        let left = [Left { tax_bps: 1_900, tax: 718, total: 4_500 }, Left { tax_bps: 700, tax: 33, total: 500 }];
        let parts = credit(&left, 5_000).unwrap();
        assert_eq!(parts.iter().map(|(_, part)| (part.tax, part.total)).collect::<Vec<_>>(), [(718, 4_500), (33, 500)]);
        assert_eq!(credit(&left, 5_001), None);
        assert_eq!(credit(&left, 0), None);
    }

    #[test]
    fn numbers_and_rates_are_written_in_one_way() {
        assert_eq!(reference(InvoiceKind::Invoice, 2026, 7), "INV-2026-000007");
        assert_eq!(reference(InvoiceKind::CreditNote, 2026, 1_234_567), "CN-2026-1234567");
        assert_eq!([0, 700, 750, 1_925, 10_000].map(percent), ["0 %", "7 %", "7.5 %", "19.25 %", "100 %"]);
    }

    proptest! {
        #[test]
        fn net_and_tax_are_the_price(total in 0_i64..1_000_000_000_000, bps in 0_u32..=10_000) {
            let parts = split(total, bps);
            prop_assert_eq!(parts.net + parts.tax, total);
            prop_assert!(parts.net >= 0 && parts.tax >= 0);
            prop_assert!((crate::kernel::money::share(parts.net, bps) - parts.tax).abs() <= 1);
        }

        #[test]
        fn credits_in_steps_add_up_to_the_invoice(
            rates in prop::collection::vec((0_u32..=2_500, 1_i64..1_000_000), 1..5),
            steps in prop::collection::vec(1_u32..=10_000, 1..8),
        ) {
            let mut left: Vec<Left> = rates.iter().map(|(bps, total)| Left { tax_bps: *bps, tax: split(*total, *bps).tax, total: *total }).collect();
            // a rate is one group
            left.sort_by_key(|rate| rate.tax_bps);
            left.dedup_by_key(|rate| rate.tax_bps);
            for step in steps.into_iter().chain([10_000]) {
                let all: i64 = left.iter().map(|rate| rate.total).sum();
                let amount = (all * i64::from(step) / 10_000).max(1);
                if all == 0 { break; }
                let parts = credit(&left, amount).unwrap();
                prop_assert_eq!(parts.iter().map(|(_, part)| part.total).sum::<i64>(), amount);
                for (bps, part) in parts {
                    let rate = left.iter_mut().find(|rate| rate.tax_bps == bps).unwrap();
                    prop_assert!(part.net >= 0 && part.tax >= 0 && part.tax + part.net == part.total);
                    rate.tax -= part.tax;
                    rate.total -= part.total;
                    prop_assert!(rate.tax >= 0 && rate.total >= rate.tax);
                }
            }
            prop_assert!(left.iter().all(|rate| rate.total == 0 && rate.tax == 0));
        }
    }
}
