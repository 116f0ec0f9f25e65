//! Coupons that one customer is given: for points, or for somebody whom they brought along.

use ::entity::coupons::{ActiveModel, Model};
use ::entity::enums::CouponKind;
use ::entity::ids::{CouponId, CustomerId};
use chrono::{DateTime, Utc};
use sea_orm::ActiveModelTrait;
use sea_orm::ActiveValue::Set;

use super::events;
use super::rules::Worth;
use crate::db::Scope;
use crate::error::ApiError;

/// No letter is taken for a digit, and no word comes of it.
const LETTERS: &[u8] = b"23456789BCDFGHJKMNPQRSTVWXZ";
const LENGTH: usize = 12;

/// A coupon for one customer, to be used once.
#[derive(Clone, Debug)]
pub struct GivenCoupon {
    pub customer: CustomerId,
    pub worth: Worth,
    /// ISO 4217 code.
    pub currency: String,
    /// What the staff read.
    pub name: &'static str,
    pub expires_at: Option<DateTime<Utc>>,
}

/// Makes a coupon that only this customer can use, and once.
///
/// # Errors
/// When the database cannot answer.
pub async fn give_coupon(scope: &Scope, given: GivenCoupon) -> Result<Model, ApiError> {
    let (kind, percent_bps, amount_cents) = match given.worth {
        Worth::Percent(bps) => (CouponKind::Percent, i32::try_from(bps).ok(), None),
        Worth::Amount(cents) => (CouponKind::Amount, None, Some(cents)),
    };
    let code = code();
    let coupon = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(CouponId(scope.new_id())),
        code_normalized: Set(code.clone()),
        code: Set(code),
        name: Set(Some(given.name.to_owned())),
        kind: Set(kind),
        percent_bps: Set(percent_bps),
        amount_cents: Set(amount_cents),
        currency: Set(given.currency),
        min_amount_cents: Set(0),
        first_visit_only: Set(false),
        max_per_customer: Set(Some(1)),
        max_redemptions: Set(Some(1)),
        redeemed: Set(0),
        starts_at: Set(None),
        ends_at: Set(given.expires_at),
        active: Set(true),
        customer_id: Set(Some(given.customer)),
        deleted_at: Set(None),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    };
    let coupon = coupon.insert(scope).await?;
    scope.emit(events::created(&coupon));
    Ok(coupon)
}

/// Twelve random letters: nobody guesses one, and it is of use to one customer only.
pub(in crate::domains::promotions) fn code() -> String {
    let bytes: [u8; LENGTH] = rand::random();
    let letter = |byte: u8| LETTERS.get(usize::from(byte) % LETTERS.len()).map_or('X', |letter| char::from(*letter));
    bytes.into_iter().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_differ_and_can_be_typed() {
        let (one, other) = (code(), code());
        assert_ne!(one, other);
        assert!(one.len() == LENGTH && one.bytes().all(|letter| LETTERS.contains(&letter)), "{one}");
    }
}
