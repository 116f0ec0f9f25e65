//! What a service asks of whoever books it: money before it is confirmed, tax, a fee for not coming.

use ::entity::{enums, services};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};

use crate::error::{ApiError, FieldError};

/// What the public pays before a booking is confirmed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum PaymentMode {
    /// Nothing.
    #[default]
    None,
    /// A part of it.
    Deposit,
    /// All of it.
    Full,
}

impl From<PaymentMode> for enums::PaymentMode {
    fn from(mode: PaymentMode) -> Self {
        match mode {
            PaymentMode::None => Self::None,
            PaymentMode::Deposit => Self::Deposit,
            PaymentMode::Full => Self::Full,
        }
    }
}

impl From<enums::PaymentMode> for PaymentMode {
    fn from(mode: enums::PaymentMode) -> Self {
        match mode {
            enums::PaymentMode::None => Self::None,
            enums::PaymentMode::Deposit => Self::Deposit,
            enums::PaymentMode::Full => Self::Full,
        }
    }
}

/// How a service is paid for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Object)]
#[oai(example, deny_unknown_fields)]
pub struct ServicePayment {
    /// What the public pays before a booking is confirmed.
    #[oai(default)]
    pub mode: PaymentMode,
    /// The deposit as a share of the price, in hundredths of a percent.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "10000")))]
    pub deposit_bps: Option<i32>,
    /// The deposit in the currency's minor unit, instead of `deposit_bps`.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "100000000000")))]
    pub deposit_cents: Option<i64>,
    /// Tax in hundredths of a percent; null is the business's own.
    #[oai(nullable, validator(minimum(value = "0"), maximum(value = "10000")))]
    pub tax_bps: Option<i32>,
    /// What not coming costs, as a share of the price in hundredths of a percent; null is the business's own.
    #[oai(nullable, validator(minimum(value = "0"), maximum(value = "10000")))]
    pub no_show_fee_bps: Option<i32>,
    /// What not coming costs in the currency's minor unit, instead of `no_show_fee_bps`.
    #[oai(nullable, validator(minimum(value = "0"), maximum(value = "100000000000")))]
    pub no_show_fee_cents: Option<i64>,
}

/// Of a stored service.
pub fn read(row: &services::Model) -> ServicePayment {
    ServicePayment {
        mode: row.payment_mode.into(),
        deposit_bps: row.deposit_bps,
        deposit_cents: row.deposit_cents,
        tax_bps: row.tax_bps,
        no_show_fee_bps: row.no_show_fee_bps,
        no_show_fee_cents: row.no_show_fee_cents,
    }
}

/// Whether it says one thing only.
///
/// # Errors
/// 400 for a deposit without an amount, for an amount without a deposit, and for two amounts of one thing.
pub fn check(payment: &ServicePayment) -> Result<(), ApiError> {
    let deposits = usize::from(payment.deposit_bps.is_some()) + usize::from(payment.deposit_cents.is_some());
    let fault = match (payment.mode, deposits) {
        (PaymentMode::Deposit, 0) => {
            Some(("deposit_bps", "required", "Give deposit_bps or deposit_cents with a deposit."))
        }
        (PaymentMode::Deposit, 1) | (PaymentMode::None | PaymentMode::Full, 0) => None,
        (PaymentMode::Deposit, _) => {
            Some(("deposit_cents", "conflict", "Give deposit_bps or deposit_cents, not both."))
        }
        _ => Some(("mode", "conflict", "Only a deposit has an amount.")),
    };
    let fees = payment.no_show_fee_bps.is_some() && payment.no_show_fee_cents.is_some();
    let fee = fees.then_some(("no_show_fee_cents", "conflict", "Give no_show_fee_bps or no_show_fee_cents, not both."));
    let faults: Vec<_> = [fault, fee]
        .into_iter()
        .flatten()
        .map(|(name, code, detail)| FieldError::new(format!("#/payment/{name}"), code, detail))
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(ApiError::validation(faults)) }
}

impl Example for ServicePayment {
    fn example() -> Self {
        Self { mode: PaymentMode::Deposit, deposit_bps: Some(2_000), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deposit_has_one_amount_and_nothing_else_has() {
        let of =
            |mode, bps, cents| ServicePayment { mode, deposit_bps: bps, deposit_cents: cents, ..Default::default() };
        assert!(check(&ServicePayment::default()).is_ok() && check(&ServicePayment::example()).is_ok());
        assert!(check(&of(PaymentMode::Deposit, None, Some(500))).is_ok());
        for wrong in [
            of(PaymentMode::Deposit, None, None),
            of(PaymentMode::Deposit, Some(1), Some(1)),
            of(PaymentMode::Full, Some(1), None),
            of(PaymentMode::None, None, Some(1)),
        ] {
            assert!(check(&wrong).is_err(), "{wrong:?}");
        }
        let two = ServicePayment { no_show_fee_bps: Some(1), no_show_fee_cents: Some(1), ..Default::default() };
        assert_eq!(check(&two).unwrap_err().errors()[0].pointer, "#/payment/no_show_fee_cents");
    }
}
