//! Somebody comes along, and both are rewarded.

use ::entity::enums::{ReferralReward, ReferralStatus};
use ::entity::ids::{BookingId, CustomerId, ReferralId};
use ::entity::referral_codes;
use ::entity::referrals::{ActiveModel, Column, Entity, Model};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{events, service};
use crate::db::Scope;
use crate::domains::promotions::coupons::{GivenCoupon, Worth, give_coupon};
use crate::domains::{loyalty, packages};
use crate::error::{ApiError, Code};

/// A booking that was made with a code.
#[derive(Clone, Copy, Debug)]
pub struct Claimed {
    pub customer: CustomerId,
    pub booking: BookingId,
    /// Whether it is the customer's first one.
    pub first: bool,
}

/// Notes who brought a customer along. A code that is somebody's own, or comes with a later booking, does nothing: to
/// refuse it would tell a stranger whose address is known here.
///
/// # Errors
/// 422 for a code that is nobody's.
pub async fn referral_claim(scope: &Scope, code: &str, claimed: Claimed) -> Result<(), ApiError> {
    let find = referral_codes::Entity::find()
        .filter(referral_codes::Column::TenantId.eq(scope.tenant()?))
        .filter(referral_codes::Column::Code.eq(code.trim().to_uppercase()));
    let Some(code) = find.one(scope).await? else {
        let detail = "Nobody has this code.";
        return Err(ApiError::new(Code::RuleViolation, detail).with_field("#/referral_code", "unknown", detail));
    };
    let settings = service::settings(scope).await?;
    if !claimed.first || code.customer_id == claimed.customer || !settings.is_some_and(|settings| settings.enabled) {
        return Ok(());
    }
    let referral = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(ReferralId(scope.new_id())),
        referrer_customer_id: Set(code.customer_id),
        referee_customer_id: Set(claimed.customer),
        booking_id: Set(claimed.booking),
        status: Set(ReferralStatus::Claimed),
        reward: Set(None),
        referrer_reward: Set(None),
        referee_reward: Set(None),
        rewarded_at: Set(None),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    };
    let once = OnConflict::columns([Column::TenantId, Column::RefereeCustomerId]).do_nothing().to_owned();
    match Entity::insert(referral).on_conflict(once).exec_with_returning(scope).await {
        Ok(referral) => scope.emit(events::claimed(&referral)),
        // somebody brought them along already
        Err(DbErr::RecordNotFound(_)) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// A booking of a customer took place: whoever brought them along is rewarded, and so are they, once.
///
/// # Errors
/// When the database cannot answer.
pub async fn booking_completed(scope: &Scope, customer: CustomerId, currency: &str) -> Result<(), ApiError> {
    let find = Entity::find()
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::RefereeCustomerId.eq(customer))
        .filter(Column::Status.eq(ReferralStatus::Claimed));
    let Some(referral) = find.lock_exclusive().one(scope).await? else { return Ok(()) };
    let Some(settings) = service::settings(scope).await?.filter(|settings| settings.enabled) else { return Ok(()) };
    let days = settings.valid_days.map(|days| TimeDelta::days(days.into()));
    let expires_at = days.and_then(|days| scope.now().checked_add_signed(days));
    let mut coupons = Vec::new();
    for (customer, amount) in [
        (referral.referrer_customer_id, settings.referrer_reward),
        (referral.referee_customer_id, settings.referee_reward),
    ] {
        coupons.extend(reward(scope, customer, settings.reward, amount, (currency, expires_at)).await?);
    }
    let mut referral: ActiveModel = referral.into_active_model();
    referral.status = Set(ReferralStatus::Rewarded);
    referral.reward = Set(Some(settings.reward));
    referral.referrer_reward = Set(Some(settings.referrer_reward));
    referral.referee_reward = Set(Some(settings.referee_reward));
    referral.rewarded_at = Set(Some(scope.now()));
    referral.updated_at = Set(scope.now());
    let referral: Model = referral.update(scope).await?;
    scope.emit(events::rewarded(&referral, &coupons));
    Ok(())
}

/// What the staff and the ledger read of it.
const REASON: &str = "Brought somebody along";

/// Rewards one of the two; answers the coupon that was made for it.
async fn reward(
    scope: &Scope,
    customer: CustomerId,
    what: ReferralReward,
    amount: i64,
    (currency, expires_at): (&str, Option<DateTime<Utc>>),
) -> Result<Option<Uuid>, ApiError> {
    if amount <= 0 {
        return Ok(None);
    }
    let worth = match what {
        ReferralReward::Credits => {
            packages::grant_credits(scope, customer, amount, expires_at, REASON).await?;
            return Ok(None);
        }
        ReferralReward::Points => {
            loyalty::give(scope, customer, amount, REASON).await?;
            return Ok(None);
        }
        ReferralReward::CouponAmount => Worth::Amount(amount),
        ReferralReward::CouponPercent => Worth::Percent(u32::try_from(amount).unwrap_or(10_000)),
    };
    let given = GivenCoupon { customer, worth, currency: currency.to_owned(), name: REASON, expires_at };
    Ok(Some(give_coupon(scope, given).await?.id.0))
}
