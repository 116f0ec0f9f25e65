//! Points that are exchanged for credits or a coupon: taken and given in one transaction.

use chrono::TimeDelta;
use uuid::Uuid;

use super::dto::{LoyaltyExchange, LoyaltyExchanged, LoyaltyGood};
use super::service::said;
use crate::db::Scope;
use crate::domains::loyalty::{rules, service};
use crate::domains::packages;
use crate::domains::promotions::{self, GivenCoupon, Worth};
use crate::domains::tenancy::rules::exponent;
use crate::error::{ApiError, Code};
use crate::guard::Timestamp;

/// What the ledger, the points and the coupon say of it.
const REASON: &str = "Points exchanged";

/// Exchanges points.
///
/// # Errors
/// 404; 409 when there are not so many; 422 when the business does not exchange them, or they do not come out even.
pub async fn exchange(
    scope: &Scope,
    currency: &str,
    customer: Uuid,
    wanted: LoyaltyExchange,
) -> Result<LoyaltyExchanged, ApiError> {
    let said = said(scope).await?;
    let each = said.as_ref().and_then(|said| match wanted.into {
        LoyaltyGood::Credits => said.points_per_credit,
        LoyaltyGood::Coupon => said.points_per_unit,
    });
    let Some(each) = each else {
        return Err(refused("#/into", "none", "The business does not exchange points for this."));
    };
    let Some(units) = rules::units(wanted.points, each.into()) else {
        return Err(refused("#/points", "multiple", &format!("Exchange a multiple of {each} points.")));
    };
    let days = said.and_then(|said| said.valid_days).map(|days| TimeDelta::days(days.into()));
    let expires_at = days.and_then(|days| scope.now().checked_add_signed(days));
    let (customer, account) = service::spend(scope, customer, wanted.points, REASON).await?;
    let mut exchanged = LoyaltyExchanged {
        account,
        credits: None,
        coupon_id: None,
        coupon_code: None,
        expires_at: expires_at.map(Timestamp::new),
    };
    match wanted.into {
        LoyaltyGood::Credits => {
            packages::grant_credits(scope, customer, units, expires_at, REASON).await?;
            exchanged.credits = Some(units);
        }
        LoyaltyGood::Coupon => {
            let cents = units.saturating_mul(10_i64.saturating_pow(exponent(currency)));
            let worth = Worth::Amount(cents);
            let given = GivenCoupon { customer, worth, currency: currency.to_owned(), name: REASON, expires_at };
            let coupon = promotions::give_coupon(scope, given).await?;
            exchanged.coupon_id = Some(coupon.id.0);
            exchanged.coupon_code = Some(coupon.code);
        }
    }
    Ok(exchanged)
}

fn refused(pointer: &str, code: &str, detail: &str) -> ApiError {
    ApiError::new(Code::RuleViolation, detail).with_field(pointer, code, detail)
}
