//! Settings on the wire: how payments work.

use poem_openapi::Object;
use poem_openapi::types::Example;

use crate::domains::tenancy::PaymentDefaults;
use crate::guard::Patch;

/// How payments work where a service says nothing of its own.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields, example)]
pub struct PaymentSettings {
    /// Tax in hundredths of a percent: 1900 is 19 %.
    #[oai(default, validator(minimum(value = "0"), maximum(value = "10000")))]
    pub tax_bps: i32,
    /// Whether prices hold the tax already; otherwise it is added to them.
    #[oai(default = "yes")]
    pub tax_included: bool,
    /// What not coming costs, in the currency's minor unit; null is the share of the price in `no_show_fee_bps`.
    #[oai(nullable, validator(minimum(value = "0"), maximum(value = "100000000000")))]
    pub no_show_fee_cents: Option<i64>,
    /// Minutes for which a time is kept that must be paid to be confirmed.
    #[oai(default = "quarter", validator(minimum(value = "5"), maximum(value = "1440")))]
    pub pay_minutes: i32,
    /// How much of what was paid is given back when a customer cancels in time, in hundredths of a percent.
    #[oai(default = "all", validator(minimum(value = "0"), maximum(value = "10000")))]
    pub refund_in_time_bps: i32,
    /// The same when a customer cancels too late. Whatever the business cancels is given back in full.
    #[oai(default, validator(minimum(value = "0"), maximum(value = "10000")))]
    pub refund_late_bps: i32,
}

fn yes() -> bool {
    true
}

fn quarter() -> i32 {
    15
}

fn all() -> i32 {
    10_000
}

/// Changes to how payments work.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, rename = "PaymentSettingsUpdate", skip_serializing_if_is_none, example)]
pub struct PaymentUpdate {
    #[oai(validator(minimum(value = "0"), maximum(value = "10000")))]
    pub tax_bps: Option<i32>,
    pub tax_included: Option<bool>,
    /// Null is the share of the price.
    #[oai(validator(minimum(value = "0"), maximum(value = "100000000000")))]
    pub no_show_fee_cents: Patch<i64>,
    #[oai(validator(minimum(value = "5"), maximum(value = "1440")))]
    pub pay_minutes: Option<i32>,
    #[oai(validator(minimum(value = "0"), maximum(value = "10000")))]
    pub refund_in_time_bps: Option<i32>,
    #[oai(validator(minimum(value = "0"), maximum(value = "10000")))]
    pub refund_late_bps: Option<i32>,
}

impl PaymentUpdate {
    /// The settings after the change.
    #[must_use]
    pub fn over(self, old: PaymentDefaults) -> PaymentDefaults {
        PaymentDefaults {
            tax_bps: self.tax_bps.unwrap_or(old.tax_bps),
            tax_included: self.tax_included.unwrap_or(old.tax_included),
            no_show_fee_cents: self.no_show_fee_cents.over(old.no_show_fee_cents),
            pay_minutes: self.pay_minutes.unwrap_or(old.pay_minutes),
            refund_in_time_bps: self.refund_in_time_bps.unwrap_or(old.refund_in_time_bps),
            refund_late_bps: self.refund_late_bps.unwrap_or(old.refund_late_bps),
        }
    }
}

impl From<PaymentDefaults> for PaymentSettings {
    fn from(own: PaymentDefaults) -> Self {
        let PaymentDefaults {
            tax_bps,
            tax_included,
            no_show_fee_cents,
            pay_minutes,
            refund_in_time_bps,
            refund_late_bps,
        } = own;
        Self { tax_bps, tax_included, no_show_fee_cents, pay_minutes, refund_in_time_bps, refund_late_bps }
    }
}

impl From<PaymentSettings> for PaymentDefaults {
    fn from(wire: PaymentSettings) -> Self {
        let PaymentSettings {
            tax_bps,
            tax_included,
            no_show_fee_cents,
            pay_minutes,
            refund_in_time_bps,
            refund_late_bps,
        } = wire;
        Self { tax_bps, tax_included, no_show_fee_cents, pay_minutes, refund_in_time_bps, refund_late_bps }
    }
}

impl Example for PaymentSettings {
    fn example() -> Self {
        Self { tax_bps: 800, tax_included: false, no_show_fee_cents: Some(2_000), ..PaymentDefaults::default().into() }
    }
}

impl Example for PaymentUpdate {
    fn example() -> Self {
        Self {
            tax_bps: Some(800),
            tax_included: None,
            no_show_fee_cents: Patch::Clear,
            pay_minutes: Some(30),
            refund_in_time_bps: None,
            refund_late_bps: Some(5_000),
        }
    }
}
