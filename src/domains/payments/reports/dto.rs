//! Reports on the wire.

use poem_openapi::Object;
use poem_openapi::types::Example;
use serde::Deserialize;

use crate::guard::Date;

/// What came in and went back, in minor units of one currency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Object, Deserialize)]
#[oai(example)]
pub struct PayoutSums {
    /// Payments that came in.
    pub payments: i64,
    /// What they brought, tips and taxes in it.
    pub captured_cents: i64,
    /// Of it in cash, which the provider never sees.
    pub cash_cents: i64,
    /// Of it tips.
    pub tips_cents: i64,
    /// What went back.
    pub refunded_cents: i64,
    /// Of it in cash.
    pub cash_refunded_cents: i64,
    /// The platform's share of what came in.
    pub application_fees_cents: i64,
    /// What came back of it with what went back.
    pub application_fees_refunded_cents: i64,
    /// What is left for the provider to pay out, before its own charges: what came in by other ways than cash, less
    /// what went back on them, less the platform's share.
    pub payout_cents: i64,
}

impl PayoutSums {
    /// Adds what another line has.
    pub fn add(&mut self, other: &Self) {
        self.payments += other.payments;
        self.captured_cents += other.captured_cents;
        self.cash_cents += other.cash_cents;
        self.tips_cents += other.tips_cents;
        self.refunded_cents += other.refunded_cents;
        self.cash_refunded_cents += other.cash_refunded_cents;
        self.application_fees_cents += other.application_fees_cents;
        self.application_fees_refunded_cents += other.application_fees_refunded_cents;
        self.payout_cents += other.payout_cents;
    }
}

/// One day in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct PayoutDay {
    /// The day, in the business's zone.
    pub date: Date,
    /// ISO 4217 code.
    #[oai(validator(max_length = 3))]
    pub currency: String,
    pub sums: PayoutSums,
}

/// All days in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct PayoutTotal {
    /// ISO 4217 code.
    #[oai(validator(max_length = 3))]
    pub currency: String,
    pub sums: PayoutSums,
}

/// What came in and went back, day by day.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct PayoutReport {
    /// The first day, in the business's zone.
    pub start_date: Date,
    /// The last day, in the business's zone.
    pub end_date: Date,
    /// The business's zone.
    #[oai(validator(max_length = 50))]
    pub timezone: String,
    /// The days on which money moved, the earliest first.
    #[oai(validator(max_items = 20000))]
    pub days: Vec<PayoutDay>,
    /// The sum of the days.
    #[oai(validator(max_items = 200))]
    pub totals: Vec<PayoutTotal>,
}

/// What was taxed, in minor units of one currency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Object, Deserialize)]
#[oai(example)]
pub struct TaxSums {
    /// Payments that came in.
    pub payments: i64,
    /// What was sold for them, the tax in it. Tips are not taxed; what a gift card paid is.
    pub taxed_cents: i64,
    /// Of it tax.
    pub tax_cents: i64,
    /// What went back of it, the tax in it.
    pub refunded_cents: i64,
    /// Of it tax.
    pub tax_refunded_cents: i64,
    /// The tax that is owed: what came in less what went back.
    pub tax_due_cents: i64,
}

impl TaxSums {
    /// Adds what another line has.
    pub fn add(&mut self, other: &Self) {
        self.payments += other.payments;
        self.taxed_cents += other.taxed_cents;
        self.tax_cents += other.tax_cents;
        self.refunded_cents += other.refunded_cents;
        self.tax_refunded_cents += other.tax_refunded_cents;
        self.tax_due_cents += other.tax_due_cents;
    }
}

/// One day, in one currency, at one rate.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct TaxDay {
    /// The day, in the business's zone.
    pub date: Date,
    /// ISO 4217 code.
    #[oai(validator(max_length = 3))]
    pub currency: String,
    /// The rate in hundredths of a percent.
    #[oai(validator(minimum(value = "0"), maximum(value = "10000")))]
    pub rate_bps: i32,
    pub sums: TaxSums,
}

/// All days, in one currency, at one rate.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct TaxTotal {
    /// ISO 4217 code.
    #[oai(validator(max_length = 3))]
    pub currency: String,
    /// The rate in hundredths of a percent.
    #[oai(validator(minimum(value = "0"), maximum(value = "10000")))]
    pub rate_bps: i32,
    pub sums: TaxSums,
}

/// What was taxed at which rate, day by day.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct TaxReport {
    /// The first day, in the business's zone.
    pub start_date: Date,
    /// The last day, in the business's zone.
    pub end_date: Date,
    /// The business's zone.
    #[oai(validator(max_length = 50))]
    pub timezone: String,
    /// The days on which money moved, the earliest first.
    #[oai(validator(max_items = 20000))]
    pub days: Vec<TaxDay>,
    /// The sum of the days.
    #[oai(validator(max_items = 2000))]
    pub totals: Vec<TaxTotal>,
}

impl Example for PayoutSums {
    fn example() -> Self {
        Self {
            payments: 12,
            captured_cents: 54_000,
            cash_cents: 9_000,
            tips_cents: 2_500,
            refunded_cents: 4_500,
            cash_refunded_cents: 0,
            application_fees_cents: 450,
            application_fees_refunded_cents: 45,
            payout_cents: 40_095,
        }
    }
}

impl Example for PayoutDay {
    fn example() -> Self {
        Self { date: Date::example(), currency: "USD".into(), sums: PayoutSums::example() }
    }
}

impl Example for PayoutTotal {
    fn example() -> Self {
        Self { currency: "USD".into(), sums: PayoutSums::example() }
    }
}

impl Example for PayoutReport {
    fn example() -> Self {
        Self {
            start_date: Date::example(),
            end_date: Date::example(),
            timezone: "America/New_York".into(),
            days: vec![PayoutDay::example()],
            totals: vec![PayoutTotal::example()],
        }
    }
}

impl Example for TaxSums {
    fn example() -> Self {
        Self {
            payments: 12,
            taxed_cents: 54_000,
            tax_cents: 4_000,
            refunded_cents: 4_500,
            tax_refunded_cents: 333,
            tax_due_cents: 3_667,
        }
    }
}

impl Example for TaxDay {
    fn example() -> Self {
        Self { date: Date::example(), currency: "USD".into(), rate_bps: 800, sums: TaxSums::example() }
    }
}

impl Example for TaxTotal {
    fn example() -> Self {
        Self { currency: "USD".into(), rate_bps: 800, sums: TaxSums::example() }
    }
}

impl Example for TaxReport {
    fn example() -> Self {
        Self {
            start_date: Date::example(),
            end_date: Date::example(),
            timezone: "America/New_York".into(),
            days: vec![TaxDay::example()],
            totals: vec![TaxTotal::example()],
        }
    }
}
