//! A coupon that is tried, on the wire.

use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use crate::guard::Text;

/// What a coupon is tried for.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct CouponTrial {
    /// The code.
    pub code: Text<1, 40>,
    /// What is to be paid before the coupon, in the currency's minor unit.
    #[oai(validator(minimum(value = "0"), maximum(value = "100000000000")))]
    pub amount_cents: i64,
    /// ISO 4217 code; the business's own when absent.
    #[oai(nullable, validator(pattern = "^[A-Z]{3}$", max_length = 3))]
    pub currency: Option<String>,
    /// The service that is to be paid for.
    #[oai(nullable)]
    pub service_id: Option<Uuid>,
    /// Who wants to use it. Without, what depends on them is not asked.
    #[oai(nullable)]
    pub customer_id: Option<Uuid>,
}

/// The same as a visitor asks.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct PublicCouponTrial {
    /// The code.
    pub code: Text<1, 40>,
    /// What is to be paid before the coupon, in the currency's minor unit.
    #[oai(validator(minimum(value = "0"), maximum(value = "100000000000")))]
    pub amount_cents: i64,
    /// ISO 4217 code; the business's own when absent.
    #[oai(nullable, validator(pattern = "^[A-Z]{3}$", max_length = 3))]
    pub currency: Option<String>,
    /// The service that is to be paid for.
    #[oai(nullable)]
    pub service_id: Option<Uuid>,
}

impl From<PublicCouponTrial> for CouponTrial {
    fn from(asked: PublicCouponTrial) -> Self {
        let PublicCouponTrial { code, amount_cents, currency, service_id } = asked;
        Self { code, amount_cents, currency, service_id, customer_id: None }
    }
}

/// What a coupon would take off.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct CouponVerdict {
    /// Whether it can be used.
    pub valid: bool,
    /// Why not: `unknown`, `inactive`, `not_yet`, `over`, `used_up`, `used_before`, `first_visit_only`,
    /// `not_for_this_customer`, `not_for_this_service`, `below_minimum` or `other_currency`.
    #[oai(nullable)]
    pub reason: Option<String>,
    /// The same in a sentence.
    #[oai(nullable)]
    pub detail: Option<String>,
    /// What it takes off.
    pub discount_cents: i64,
    /// What is left to pay.
    pub total_cents: i64,
    /// ISO 4217 code.
    pub currency: String,
}

impl Example for CouponTrial {
    fn example() -> Self {
        Self {
            code: Text::of("SPRING10"),
            amount_cents: 4_500,
            currency: None,
            service_id: Some(Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0001)),
            customer_id: Some(Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0004)),
        }
    }
}

impl Example for PublicCouponTrial {
    fn example() -> Self {
        let CouponTrial { code, amount_cents, currency, service_id, .. } = CouponTrial::example();
        Self { code, amount_cents, currency, service_id }
    }
}

impl Example for CouponVerdict {
    fn example() -> Self {
        Self {
            valid: true,
            reason: None,
            detail: None,
            discount_cents: 450,
            total_cents: 4_050,
            currency: "EUR".into(),
        }
    }
}
