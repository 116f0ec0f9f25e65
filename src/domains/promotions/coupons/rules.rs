//! What a coupon takes off, and why it takes nothing. Pure.

use ::entity::ids::{CustomerId, ServiceId};
use chrono::{DateTime, Utc};

use crate::kernel::money::Money;

/// How much of an amount a coupon takes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// Basis points.
    Percent(u32),
    /// Minor units.
    Amount(i64),
}

/// What a coupon asks for.
#[derive(Clone, Debug)]
pub struct Terms {
    pub worth: Worth,
    /// ISO 4217 code.
    pub currency: String,
    pub active: bool,
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
    pub min_amount_cents: i64,
    pub first_visit_only: bool,
    pub max_per_customer: Option<i32>,
    pub max_redemptions: Option<i32>,
    /// How many redemptions stand.
    pub redeemed: i32,
    /// Whose it is; `None` is whoever has the code.
    pub owner: Option<CustomerId>,
    /// What it is good for; none is everything.
    pub services: Vec<ServiceId>,
}

/// Who wants to use it, as far as they are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    pub id: CustomerId,
    /// Redemptions of theirs that stand.
    pub used: u64,
    /// Whether they ever came to an appointment.
    pub has_come: bool,
}

/// Why a coupon cannot be used; the word on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    Unknown,
    Inactive,
    NotYet,
    Over,
    UsedUp,
    UsedBefore,
    FirstVisitOnly,
    NotForThisCustomer,
    NotForThisService,
    BelowMinimum,
    OtherCurrency,
}

impl Reason {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Inactive => "inactive",
            Self::NotYet => "not_yet",
            Self::Over => "over",
            Self::UsedUp => "used_up",
            Self::UsedBefore => "used_before",
            Self::FirstVisitOnly => "first_visit_only",
            Self::NotForThisCustomer => "not_for_this_customer",
            Self::NotForThisService => "not_for_this_service",
            Self::BelowMinimum => "below_minimum",
            Self::OtherCurrency => "other_currency",
        }
    }

    /// A sentence for people.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Unknown => "There is no coupon with this code.",
            Self::Inactive => "This coupon is not valid any more.",
            Self::NotYet => "This coupon is not valid yet.",
            Self::Over => "This coupon has expired.",
            Self::UsedUp => "This coupon has been used as often as it may be.",
            Self::UsedBefore => "You have used this coupon as often as you may.",
            Self::FirstVisitOnly => "This coupon is for the first visit only.",
            Self::NotForThisCustomer => "This coupon is for somebody else.",
            Self::NotForThisService => "This coupon is not for this service.",
            Self::BelowMinimum => "The amount is too small for this coupon.",
            Self::OtherCurrency => "This coupon is for another currency.",
        }
    }
}

/// The code as it is compared.
#[must_use]
pub fn normal(code: &str) -> String {
    code.trim().to_uppercase()
}

/// What the coupon takes off an amount at an instant: more than nothing, and never more than the amount. Whoever is
/// not known is judged by what does not depend on them.
///
/// # Errors
/// Why it takes off nothing.
pub fn judge(
    terms: &Terms,
    holder: Option<Holder>,
    service: Option<ServiceId>,
    amount: Money,
    at: DateTime<Utc>,
) -> Result<Money, Reason> {
    refuse(!terms.active, Reason::Inactive)?;
    refuse(terms.starts_at.is_some_and(|starts| at < starts), Reason::NotYet)?;
    refuse(terms.ends_at.is_some_and(|ends| at >= ends), Reason::Over)?;
    may(terms, holder)?;
    let fits = terms.services.is_empty() || service.is_some_and(|service| terms.services.contains(&service));
    refuse(!fits, Reason::NotForThisService)?;
    refuse(terms.currency != amount.currency.code(), Reason::OtherCurrency)?;
    refuse(amount.minor < terms.min_amount_cents, Reason::BelowMinimum)?;
    let off = discount(terms.worth, amount);
    refuse(off.minor <= 0, Reason::BelowMinimum)?;
    Ok(off)
}

/// Who may use it and how often: what can change between a quote and its redemption.
///
/// # Errors
/// Why they may not.
pub fn may(terms: &Terms, holder: Option<Holder>) -> Result<(), Reason> {
    refuse(!terms.active, Reason::Inactive)?;
    refuse(terms.owner.is_some() && terms.owner != holder.map(|holder| holder.id), Reason::NotForThisCustomer)?;
    refuse(terms.max_redemptions.is_some_and(|most| terms.redeemed >= most), Reason::UsedUp)?;
    let Some(holder) = holder else { return Ok(()) };
    // several first visits may be booked, but only one of them with the coupon
    refuse(terms.first_visit_only && (holder.has_come || holder.used > 0), Reason::FirstVisitOnly)?;
    let most = terms.max_per_customer.and_then(|most| u64::try_from(most).ok());
    refuse(most.is_some_and(|most| holder.used >= most), Reason::UsedBefore)
}

fn refuse(when: bool, reason: Reason) -> Result<(), Reason> {
    if when { Err(reason) } else { Ok(()) }
}

/// Rounded half away from zero, and at most all of it.
fn discount(worth: Worth, amount: Money) -> Money {
    let off = match worth {
        Worth::Percent(bps) => amount.share(bps).minor,
        Worth::Amount(cents) => cents,
    };
    Money::new(off.min(amount.minor), amount.currency)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::kernel::money::Currency;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn terms() -> Terms {
        Terms {
            worth: Worth::Percent(1_000),
            currency: "EUR".into(),
            active: true,
            starts_at: None,
            ends_at: None,
            min_amount_cents: 0,
            first_visit_only: false,
            max_per_customer: None,
            max_redemptions: None,
            redeemed: 0,
            owner: None,
            services: Vec::new(),
        }
    }

    fn of(minor: i64, code: &str) -> Money {
        Money::new(minor, Currency::new(code).unwrap())
    }

    fn holder(used: u64, has_come: bool) -> Option<Holder> {
        Some(Holder { id: CustomerId(Uuid::from_u128(1)), used, has_come })
    }

    fn off(terms: &Terms) -> Result<i64, Reason> {
        judge(terms, holder(1, true), None, of(1_000, "EUR"), NOW).map(|money| money.minor)
    }

    #[test]
    fn each_reason_is_told_apart() {
        let hour = TimeDelta::hours(1);
        assert_eq!(off(&terms()), Ok(100));
        let cases = [
            (Terms { active: false, ..terms() }, Reason::Inactive),
            (Terms { starts_at: Some(NOW + hour), ..terms() }, Reason::NotYet),
            (Terms { ends_at: Some(NOW), ..terms() }, Reason::Over),
            (Terms { owner: Some(CustomerId(Uuid::from_u128(2))), ..terms() }, Reason::NotForThisCustomer),
            (Terms { services: vec![ServiceId(Uuid::from_u128(3))], ..terms() }, Reason::NotForThisService),
            (Terms { currency: "USD".into(), ..terms() }, Reason::OtherCurrency),
            (Terms { max_redemptions: Some(5), redeemed: 5, ..terms() }, Reason::UsedUp),
            (Terms { first_visit_only: true, ..terms() }, Reason::FirstVisitOnly),
            (Terms { max_per_customer: Some(1), ..terms() }, Reason::UsedBefore),
            (Terms { min_amount_cents: 1_001, ..terms() }, Reason::BelowMinimum),
        ];
        for (terms, reason) in cases {
            assert_eq!(off(&terms), Err(reason));
        }
        let first = Terms { first_visit_only: true, ..terms() };
        assert!(judge(&first, holder(0, false), None, of(1_000, "EUR"), NOW).is_ok());
        assert!(judge(&first, None, None, of(1_000, "EUR"), NOW).is_ok(), "nobody is known yet");
        let mine = Terms { owner: Some(CustomerId(Uuid::from_u128(1))), ..terms() };
        assert!(judge(&mine, holder(0, false), None, of(1_000, "EUR"), NOW).is_ok());
        assert_eq!(judge(&mine, None, None, of(1_000, "EUR"), NOW), Err(Reason::NotForThisCustomer));
    }

    #[test]
    fn each_currency_is_counted_in_its_own_minor_unit() {
        let yen = Terms { currency: "JPY".into(), ..terms() };
        assert_eq!(judge(&yen, None, None, of(1_255, "JPY"), NOW), Ok(of(126, "JPY")));
        let dinar = Terms { currency: "KWD".into(), worth: Worth::Amount(1_500), ..terms() };
        assert_eq!(judge(&dinar, None, None, of(12_345, "KWD"), NOW), Ok(of(1_500, "KWD")));
        assert_eq!(judge(&dinar, None, None, of(1_000, "KWD"), NOW), Ok(of(1_000, "KWD")), "never more than all of it");
    }

    #[test]
    fn a_code_is_one_code_however_it_is_spelt() {
        assert_eq!(normal(" Spring-ß "), normal("SPRING-SS"));
    }

    proptest! {
        #[test]
        fn nobody_is_paid_for_buying(minor in 0_i64..10_000_000_000, bps in 1_u32..=10_000, cents in 1_i64..10_000_000_000) {
            for worth in [Worth::Percent(bps), Worth::Amount(cents)] {
                let amount = of(minor, "EUR");
                match judge(&Terms { worth, ..terms() }, None, None, amount, NOW) {
                    Ok(off) => prop_assert!(0 < off.minor && off.minor <= minor && off.currency == amount.currency),
                    Err(reason) => prop_assert_eq!(reason, Reason::BelowMinimum),
                }
            }
        }

        #[test]
        fn more_per_cent_is_never_less(minor in 0_i64..10_000_000_000, bps in 1_u32..10_000) {
            let off = |bps| discount(Worth::Percent(bps), of(minor, "JPY")).minor;
            prop_assert!(off(bps) <= off(bps + 1));
            prop_assert_eq!(off(10_000), minor);
        }
    }
}
