//! Coupons on the wire.

mod trial;

pub use trial::{CouponTrial, CouponVerdict, PublicCouponTrial};

use ::entity::{coupon_redemptions, coupons, enums};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::error::ApiError;
use crate::guard::{Patch, Sort, Text, Timestamp};

/// The orders of a list of coupons.
pub type CouponSort = Sort<coupons::Entity>;
/// The orders of a list of redemptions.
pub type CouponRedemptionSort = Sort<coupon_redemptions::Entity>;

/// What a coupon takes off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum CouponKind {
    /// A share of the amount.
    Percent,
    /// So much, and at most all of it.
    Amount,
}

/// A coupon to be made: `percent_bps` or `amount_cents`.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct CouponCreate {
    /// What customers type. Unique in the business, in capitals or not.
    #[oai(validator(pattern = "^[A-Za-z0-9][A-Za-z0-9_-]{2,39}$"))]
    pub code: Text<3, 40>,
    /// What the staff call it.
    #[oai(nullable)]
    pub name: Option<Text<1, 255>>,
    /// Basis points: 1000 is ten per cent.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "10000")))]
    pub percent_bps: Option<i32>,
    /// In the currency's minor unit.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "100000000000")))]
    pub amount_cents: Option<i64>,
    /// ISO 4217 code of what it is good for; the business's own when absent.
    #[oai(nullable, validator(pattern = "^[A-Z]{3}$", max_length = 3))]
    pub currency: Option<String>,
    /// The least amount for which it can be used.
    #[oai(default, validator(minimum(value = "0"), maximum(value = "100000000000")))]
    pub min_amount_cents: i64,
    /// Only for those who never came before, and once.
    #[oai(default)]
    pub first_visit_only: bool,
    /// How often each customer may use it; null is any number.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "1000000")))]
    pub max_per_customer: Option<i32>,
    /// How often it may be used in all; null is any number.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "1000000000")))]
    pub max_redemptions: Option<i32>,
    /// From when on; at once when absent.
    #[oai(nullable)]
    pub starts_at: Option<Timestamp>,
    /// Until before when; for ever when absent.
    #[oai(nullable)]
    pub ends_at: Option<Timestamp>,
    /// Whether it can be used.
    #[oai(default = "yes")]
    pub active: bool,
    /// The only customer who may use it.
    #[oai(nullable)]
    pub customer_id: Option<Uuid>,
    /// The services that it is good for; none is everything.
    #[oai(default, validator(max_items = 100))]
    pub service_ids: Vec<Uuid>,
}

fn yes() -> bool {
    true
}

/// The columns of what a coupon is worth.
type Worth = (enums::CouponKind, Option<i32>, Option<i64>);

impl CouponCreate {
    /// What it is worth.
    ///
    /// # Errors
    /// 400 unless it is one thing.
    pub fn worth(&self) -> Result<Worth, ApiError> {
        match (self.percent_bps, self.amount_cents) {
            (Some(bps), None) => Ok((enums::CouponKind::Percent, Some(bps), None)),
            (None, Some(cents)) => Ok((enums::CouponKind::Amount, None, Some(cents))),
            (None, None) => Err(ApiError::field("#/percent_bps", "required", "Give percent_bps or amount_cents.")),
            (Some(_), Some(_)) => {
                Err(ApiError::field("#/amount_cents", "conflict", "Give percent_bps or amount_cents, not both."))
            }
        }
    }
}

/// What a PATCH changes: absent keeps, null clears. The code and what it is worth stay: make another coupon.
#[derive(Debug, Clone, Default, Object)]
#[oai(example, deny_unknown_fields)]
pub struct CouponUpdate {
    /// What the staff call it.
    pub name: Patch<Text<1, 255>>,
    /// The least amount for which it can be used.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0"), maximum(value = "100000000000")))]
    pub min_amount_cents: Option<i64>,
    /// Only for those who never came before, and once.
    #[oai(skip_serializing_if_is_none)]
    pub first_visit_only: Option<bool>,
    /// How often each customer may use it.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
    pub max_per_customer: Patch<i32>,
    /// How often it may be used in all; not less than it was.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000000")))]
    pub max_redemptions: Patch<i32>,
    /// From when on.
    pub starts_at: Patch<Timestamp>,
    /// Until before when.
    pub ends_at: Patch<Timestamp>,
    /// Whether it can be used.
    #[oai(skip_serializing_if_is_none)]
    pub active: Option<bool>,
    /// The services that it is good for, all of them; none is everything.
    #[oai(skip_serializing_if_is_none, validator(max_items = 100))]
    pub service_ids: Option<Vec<Uuid>>,
}

/// A code that makes something cheaper.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct Coupon {
    pub id: Uuid,
    /// What customers type.
    pub code: String,
    /// What the staff call it.
    #[oai(nullable)]
    pub name: Option<String>,
    /// What it takes off.
    pub kind: CouponKind,
    /// Basis points, of a coupon in per cent.
    #[oai(nullable)]
    pub percent_bps: Option<i32>,
    /// In the currency's minor unit, of a coupon over an amount.
    #[oai(nullable)]
    pub amount_cents: Option<i64>,
    /// ISO 4217 code of what it is good for.
    pub currency: String,
    /// The least amount for which it can be used.
    pub min_amount_cents: i64,
    /// Only for those who never came before, and once.
    pub first_visit_only: bool,
    /// How often each customer may use it.
    #[oai(nullable)]
    pub max_per_customer: Option<i32>,
    /// How often it may be used in all.
    #[oai(nullable)]
    pub max_redemptions: Option<i32>,
    /// How often it is used.
    pub redeemed: i32,
    /// From when on.
    #[oai(nullable)]
    pub starts_at: Option<Timestamp>,
    /// Until before when.
    #[oai(nullable)]
    pub ends_at: Option<Timestamp>,
    /// Whether it can be used.
    pub active: bool,
    /// The only customer who may use it.
    #[oai(nullable)]
    pub customer_id: Option<Uuid>,
    /// The services that it is good for; none is everything.
    #[oai(validator(max_items = 100))]
    pub service_ids: Vec<Uuid>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Coupon {
    pub fn of(row: coupons::Model, service_ids: Vec<Uuid>) -> Self {
        Self {
            id: row.id.0,
            code: row.code,
            name: row.name,
            kind: match row.kind {
                enums::CouponKind::Percent => CouponKind::Percent,
                enums::CouponKind::Amount => CouponKind::Amount,
            },
            percent_bps: row.percent_bps,
            amount_cents: row.amount_cents,
            currency: row.currency,
            min_amount_cents: row.min_amount_cents,
            first_visit_only: row.first_visit_only,
            max_per_customer: row.max_per_customer,
            max_redemptions: row.max_redemptions,
            redeemed: row.redeemed,
            starts_at: row.starts_at.map(Timestamp::new),
            ends_at: row.ends_at.map(Timestamp::new),
            active: row.active,
            customer_id: row.customer_id.map(Into::into),
            service_ids,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

/// What became of a redemption.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum CouponRedemptionStatus {
    /// It went with the payment.
    Redeemed,
    /// The payment failed, and the coupon can be used again.
    Released,
}

/// A payment that a coupon went with.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct CouponRedemption {
    pub id: Uuid,
    /// Who used it.
    pub customer_id: Uuid,
    /// The payment.
    pub payment_id: Uuid,
    /// The booking that was paid for.
    #[oai(nullable)]
    pub booking_id: Option<Uuid>,
    /// What it took off.
    pub amount_cents: i64,
    /// ISO 4217 code.
    pub currency: String,
    pub status: CouponRedemptionStatus,
    pub created_at: Timestamp,
}

impl From<coupon_redemptions::Model> for CouponRedemption {
    fn from(row: coupon_redemptions::Model) -> Self {
        Self {
            id: row.id.0,
            customer_id: row.customer_id.0,
            payment_id: row.payment_id,
            booking_id: row.booking_id.map(Into::into),
            amount_cents: row.amount_cents,
            currency: row.currency,
            status: match row.status {
                enums::RedemptionStatus::Redeemed => CouponRedemptionStatus::Redeemed,
                enums::RedemptionStatus::Released => CouponRedemptionStatus::Released,
            },
            created_at: row.created_at.into(),
        }
    }
}

impl Example for CouponCreate {
    fn example() -> Self {
        Self {
            code: Text::of("SPRING10"),
            name: Some(Text::of("Ten per cent in spring")),
            percent_bps: Some(1_000),
            amount_cents: None,
            currency: None,
            min_amount_cents: 2_000,
            first_visit_only: false,
            max_per_customer: Some(1),
            max_redemptions: Some(500),
            starts_at: None,
            ends_at: None,
            active: true,
            customer_id: None,
            service_ids: Vec::new(),
        }
    }
}

impl Example for CouponUpdate {
    fn example() -> Self {
        Self { active: Some(true), max_per_customer: Patch::Clear, ..Self::default() }
    }
}

impl Example for Coupon {
    fn example() -> Self {
        let made = CouponCreate::example();
        Self {
            id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0011),
            code: made.code.into(),
            name: made.name.map(Into::into),
            kind: CouponKind::Percent,
            percent_bps: made.percent_bps,
            amount_cents: None,
            currency: "EUR".into(),
            min_amount_cents: made.min_amount_cents,
            first_visit_only: false,
            max_per_customer: made.max_per_customer,
            max_redemptions: made.max_redemptions,
            redeemed: 17,
            starts_at: None,
            ends_at: None,
            active: true,
            customer_id: None,
            service_ids: Vec::new(),
            created_at: Timestamp::example(),
            updated_at: Timestamp::example(),
        }
    }
}

impl Example for CouponRedemption {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0012),
            customer_id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0004),
            payment_id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0013),
            booking_id: Some(Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0005)),
            amount_cents: 450,
            currency: "EUR".into(),
            status: CouponRedemptionStatus::Redeemed,
            created_at: Timestamp::example(),
        }
    }
}
