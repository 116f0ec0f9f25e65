//! What is to be paid, line by line: pure. One rule of rounding: each line is rounded once, half away from zero, where
//! it arises; a sum is the sum of rounded lines. The tax of a booking that is paid in parts is cut so that the parts
//! make up the whole.

use ::entity::enums::PaymentMode;

use crate::domains::booking::rules::payment::gross;

/// What a line of a bill is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Price,
    Discount,
    /// Added to the price.
    Tax,
    /// Paid before.
    Paid,
    /// Not asked for yet: the rest after a deposit.
    Later,
    Tip,
    GiftCard,
}

impl Kind {
    const ALL: [Self; 7] = [Self::Price, Self::Discount, Self::Tax, Self::Paid, Self::Later, Self::Tip, Self::GiftCard];

    /// The word for it, as it is kept.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::Discount => "discount",
            Self::Tax => "tax",
            Self::Paid => "paid",
            Self::Later => "later",
            Self::Tip => "tip",
            Self::GiftCard => "gift_card",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A line. The sum of all lines is what the payer gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub kind: Kind,
    /// Minor units; below zero where it takes something off.
    pub amount: i64,
}

/// What is known of what is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Before coupons and an added tax.
    pub price: i64,
    /// Taken off by coupons with earlier payments.
    pub discount_before: i64,
    /// Taken off by the coupon of this payment.
    pub discount: i64,
    pub tax_bps: u32,
    pub tax_included: bool,
    pub mode: PaymentMode,
    /// What must be paid first, where that is less than all.
    pub due: i64,
    /// Paid before, gift cards too, tips not.
    pub paid: i64,
    pub tip: i64,
    /// All that is left, although only a part is asked for.
    pub in_full: bool,
}

/// A bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    pub lines: Vec<Line>,
    /// What this payment pays of the thing itself, its part of the tax included.
    pub now: i64,
    /// The part of the tax in it, added or included.
    pub tax: i64,
    pub tip: i64,
    pub gift: i64,
    /// What the payer gives.
    pub amount: i64,
}

/// The tax that a sum holds.
#[must_use]
pub fn tax_within(sum: i64, bps: u32) -> i64 {
    let whole = 10_000 + i128::from(bps);
    let product = i128::from(sum) * i128::from(bps);
    let half = if product < 0 { -whole / 2 } else { whole / 2 };
    i64::try_from((product + half) / whole).unwrap_or(0)
}

impl Ask {
    /// So much and a tip, and nothing else.
    #[must_use]
    pub fn plain(price: i64, tip: i64) -> Self {
        Self {
            price,
            discount_before: 0,
            discount: 0,
            tax_bps: 0,
            tax_included: true,
            mode: PaymentMode::None,
            due: 0,
            paid: 0,
            tip,
            in_full: true,
        }
    }

    /// What it costs, coupons taken off and tax added.
    #[must_use]
    pub fn owed(&self) -> i64 {
        gross(self.net(), self.tax_bps, self.tax_included)
    }

    fn net(&self) -> i64 {
        self.price.saturating_sub(self.discount_before).saturating_sub(self.discount).max(0)
    }

    /// The bill without a gift card; `None` beyond what fits. Nothing may be left to pay: then `now` is zero.
    #[must_use]
    pub fn bill(&self) -> Option<Bill> {
        let (net, owed) = (self.net(), self.owed());
        let rest = owed.checked_sub(self.paid)?.max(0);
        let deposit = self.mode == PaymentMode::Deposit && !self.in_full && self.paid < self.due;
        let now = if deposit { rest.min(self.due.checked_sub(self.paid)?) } else { rest };
        let discount = self.price.checked_sub(net)?;
        let mut lines = vec![Line { kind: Kind::Price, amount: self.price }];
        let taken = [
            (Kind::Discount, -discount),
            (Kind::Tax, owed.checked_sub(net)?),
            (Kind::Paid, -self.paid.min(owed)),
            (Kind::Later, -rest.checked_sub(now)?),
            (Kind::Tip, self.tip),
        ];
        lines.extend(taken.into_iter().filter(|(_, amount)| *amount != 0).map(|(kind, amount)| Line { kind, amount }));
        let tax = self.tax_until(self.paid.checked_add(now)?).checked_sub(self.tax_until(self.paid))?;
        let amount = now.checked_add(self.tip)?;
        Some(Bill { lines, now, tax, tip: self.tip, gift: 0, amount })
    }

    /// The tax in the first `paid` of what is owed.
    fn tax_until(&self, paid: i64) -> i64 {
        let owed = self.owed();
        let tax = if self.tax_included { tax_within(owed, self.tax_bps) } else { owed - self.net() };
        if owed <= 0 || paid >= owed {
            return tax;
        }
        let product = i128::from(tax) * i128::from(paid.max(0));
        i64::try_from((product + i128::from(owed) / 2) / i128::from(owed)).unwrap_or(0)
    }
}

impl Bill {
    /// The same with a part that a gift card pays.
    #[must_use]
    pub fn with_gift(mut self, gift: i64) -> Self {
        let gift = gift.clamp(0, self.amount);
        if gift > 0 {
            self.lines.push(Line { kind: Kind::GiftCard, amount: -gift });
        }
        Self { gift, amount: self.amount - gift, ..self }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::kernel::money::{Currency, Money};

    fn ask(price: i64) -> Ask {
        Ask { in_full: false, ..Ask::plain(price, 0) }
    }

    fn kinds(bill: &Bill) -> Vec<(Kind, i64)> {
        bill.lines.iter().map(|line| (line.kind, line.amount)).collect()
    }

    #[test]
    fn a_bill_is_the_sum_of_its_lines() {
        let all = Ask { discount: 500, tax_bps: 800, tax_included: false, tip: 300, ..ask(4_500) };
        let bill = all.bill().unwrap().with_gift(1_000);
        assert_eq!(
            kinds(&bill),
            [
                (Kind::Price, 4_500),
                (Kind::Discount, -500),
                (Kind::Tax, 320),
                (Kind::Tip, 300),
                (Kind::GiftCard, -1_000)
            ]
        );
        assert_eq!((bill.now, bill.tax, bill.amount), (4_320, 320, 3_620));
    }

    #[test]
    fn a_deposit_comes_first_and_the_rest_later() {
        let first = Ask { mode: PaymentMode::Deposit, due: 900, ..ask(4_500) };
        assert_eq!(kinds(&first.bill().unwrap()), [(Kind::Price, 4_500), (Kind::Later, -3_600)]);
        assert_eq!(Ask { in_full: true, ..first }.bill().unwrap().amount, 4_500);
        let rest = Ask { paid: 900, ..first };
        assert_eq!(kinds(&rest.bill().unwrap()), [(Kind::Price, 4_500), (Kind::Paid, -900)]);
        assert_eq!(rest.bill().unwrap().amount, 3_600);
        assert_eq!(Ask { paid: 4_500, ..first }.bill().unwrap().now, 0);
    }

    #[test]
    fn yen_have_no_hundredths_and_dinars_have_thousandths() {
        let yen = Ask { tax_bps: 1_000, tax_included: false, ..ask(1_255) };
        let bill = yen.bill().unwrap();
        assert_eq!((bill.tax, bill.amount), (126, 1_381), "125.5 is rounded away from zero");
        let shown = |amount, code| Money::new(amount, Currency::new(code).unwrap()).to_string();
        assert_eq!(shown(bill.amount, "JPY"), "1381 JPY");
        let dinar = Ask { tax_bps: 500, tax_included: false, ..ask(12_345) };
        assert_eq!(shown(dinar.bill().unwrap().amount, "KWD"), "12.962 KWD");
    }

    #[test]
    fn an_included_tax_changes_nothing_that_is_paid() {
        let bill = Ask { tax_bps: 1_900, ..ask(11_900) }.bill().unwrap();
        assert_eq!((bill.tax, bill.amount), (1_900, 11_900));
    }

    #[test]
    fn what_does_not_fit_is_no_bill() {
        assert_eq!(Ask { tip: i64::MAX, ..ask(1) }.bill(), None);
    }

    prop_compose! {
        fn any()(
            price in 0_i64..10_000_000_000,
            (discount_before, discount) in (0_i64..1_000_000, 0_i64..1_000_000),
            tax_bps in 0_u32..=10_000,
            tax_included: bool,
            deposit_bps in 1_u32..=10_000,
            tip in 0_i64..1_000_000,
        ) -> Ask {
            let asked = Ask { discount_before, discount, tax_bps, tax_included, tip, mode: PaymentMode::Deposit, ..ask(price) };
            Ask { due: crate::kernel::money::share(asked.owed(), deposit_bps), ..asked }
        }
    }

    proptest! {
        #[test]
        fn lines_make_the_amount(ask in any(), gift in 0_i64..20_000_000_000) {
            let bill = ask.bill().unwrap().with_gift(gift);
            prop_assert_eq!(bill.lines.iter().map(|line| line.amount).sum::<i64>(), bill.amount);
            prop_assert_eq!(bill.now + bill.tip - bill.gift, bill.amount);
            prop_assert!(bill.amount >= 0 && bill.now >= 0 && bill.tax >= 0 && bill.tax <= bill.now);
        }

        /// Deposit and rest make the whole, and so do their parts of the tax.
        #[test]
        fn parts_make_the_whole(ask in any()) {
            let first = ask.bill().unwrap();
            let rest = Ask { paid: first.now, in_full: true, ..ask }.bill().unwrap();
            let whole = Ask { in_full: true, ..ask }.bill().unwrap();
            prop_assert_eq!(first.now + rest.now, ask.owed());
            prop_assert_eq!(first.now + rest.now, whole.now);
            prop_assert_eq!(first.tax + rest.tax, whole.tax);
            prop_assert_eq!(Ask { paid: ask.owed(), ..ask }.bill().unwrap().now, 0);
        }
    }
}
