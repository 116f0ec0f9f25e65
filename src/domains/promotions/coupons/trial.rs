//! What a code would take off, told without using it.

use ::entity::ids::ServiceId;

use super::dto::{CouponTrial, CouponVerdict};
use super::redeem::{holder, money};
use super::rules::{self, Reason};
use super::service;
use crate::db::Scope;
use crate::domains::catalogue;
use crate::error::ApiError;

/// Judges a code for an amount. Whoever is not named is judged by what does not depend on them.
///
/// # Errors
/// 404 for a customer, 422 for a service that is not there.
pub async fn judge(scope: &Scope, currency: &str, asked: CouponTrial) -> Result<CouponVerdict, ApiError> {
    let amount = money(asked.amount_cents, asked.currency.as_deref().unwrap_or(currency))?;
    if let Some(service) = asked.service_id {
        catalogue::service_exists(scope, service, "#/service_id").await?;
    }
    let customer = service::customer(scope, asked.customer_id).await?;
    let verdict = match service::by_code(scope, &asked.code).await? {
        None => Err(Reason::Unknown),
        Some(coupon) => {
            let holder = match customer {
                Some(customer) => Some(holder(scope, coupon.id, customer).await?),
                None => None,
            };
            let terms = service::terms(scope, &coupon).await?;
            rules::judge(&terms, holder, asked.service_id.map(ServiceId), amount, scope.now())
        }
    };
    let off = verdict.map_or(0, |off| off.minor);
    Ok(CouponVerdict {
        valid: verdict.is_ok(),
        reason: verdict.err().map(|reason| reason.as_str().to_owned()),
        detail: verdict.err().map(|reason| reason.sentence().to_owned()),
        discount_cents: off,
        total_cents: amount.minor - off,
        currency: amount.currency.code().to_owned(),
    })
}
