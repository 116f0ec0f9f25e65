//! A coupon that goes with a payment. The coupon's row is locked while its redemptions are counted, so that of many who
//! redeem at once each finds what the one before it left.

use ::entity::coupon_redemptions::{self as redemptions, Entity as Redemptions};
use ::entity::coupons::{Column, Entity};
use ::entity::enums::RedemptionStatus;
use ::entity::ids::{BookingId, CouponId, CouponRedemptionId, CustomerId, ServiceId};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::rules::{self, Holder, Reason};
use super::{events, service};
use crate::db::{Scope, row};
use crate::domains::crm;
use crate::error::{ApiError, Code};
use crate::kernel::money::{Currency, Money};

/// What a coupon is to be used for.
#[derive(Clone, Copy, Debug)]
pub struct CouponUse {
    pub customer: CustomerId,
    /// `None` for what is no service, such as a package: a coupon for certain services is refused then.
    pub service: Option<ServiceId>,
    /// What is to be paid before the coupon.
    pub amount: Money,
    /// When it is used: now.
    pub at: DateTime<Utc>,
}

/// What a coupon takes off an amount: more than nothing, at most all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discount {
    pub coupon: CouponId,
    pub customer: CustomerId,
    pub amount: Money,
}

/// What a code takes off, without using it.
///
/// # Errors
/// 422 `COUPON_INVALID` with the reason.
pub async fn coupon_quote(scope: &Scope, code: &str, wanted: &CouponUse) -> Result<Discount, ApiError> {
    let coupon = service::by_code(scope, code).await?.ok_or_else(|| refusal(Reason::Unknown))?;
    let holder = holder(scope, coupon.id, wanted.customer).await?;
    let terms = service::terms(scope, &coupon).await?;
    let amount = rules::judge(&terms, Some(holder), wanted.service, wanted.amount, wanted.at).map_err(refusal)?;
    Ok(Discount { coupon: coupon.id, customer: wanted.customer, amount })
}

/// Uses what was quoted for a payment, in the payment's own transaction. Done once for a payment; what the coupon says
/// of who may use it and how often is asked again, with nobody else at it.
///
/// # Errors
/// 422 `COUPON_INVALID` when somebody else was faster; 409 when the payment has another coupon.
pub async fn coupon_redeem(
    scope: &Scope,
    discount: &Discount,
    payment: Uuid,
    booking: Option<BookingId>,
) -> Result<(), ApiError> {
    let find = row::live::<Entity>(scope)?.filter(Column::Id.eq(discount.coupon)).lock_exclusive();
    let coupon = find.one(scope).await?.ok_or_else(|| refusal(Reason::Unknown))?;
    if let Some(standing) = standing(scope, payment).await? {
        let same = standing.coupon_id == discount.coupon;
        return if same { Ok(()) } else { Err(ApiError::new(Code::Conflict, "The payment has another coupon.")) };
    }
    let holder = holder(scope, coupon.id, discount.customer).await?;
    // what it is worth, when and for what was decided by the quote: who and how often can have changed
    rules::may(&service::terms_of(&coupon, Vec::new()), Some(holder)).map_err(refusal)?;
    let redemption = redemptions::ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(CouponRedemptionId(scope.new_id())),
        coupon_id: Set(discount.coupon),
        customer_id: Set(discount.customer),
        payment_id: Set(payment),
        booking_id: Set(booking),
        amount_cents: Set(discount.amount.minor),
        currency: Set(discount.amount.currency.code().to_owned()),
        status: Set(RedemptionStatus::Redeemed),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    };
    let redemption = redemption.insert(scope).await?;
    count(scope, discount.coupon, 1).await?;
    scope.emit(events::redeemed(&redemption));
    Ok(())
}

/// Gives back the coupon of a payment that failed; nothing when it has none, or had it given back.
///
/// # Errors
/// When the database cannot answer.
pub async fn coupon_release(scope: &Scope, payment: Uuid) -> Result<(), ApiError> {
    let Some(standing) = standing(scope, payment).await? else { return Ok(()) };
    // in the order of those who redeem: the coupon first
    let coupon = Entity::find().filter(Column::TenantId.eq(scope.tenant()?)).filter(Column::Id.eq(standing.coupon_id));
    coupon.lock_exclusive().one(scope).await?;
    let released = Redemptions::update_many()
        .col_expr(redemptions::Column::Status, Expr::value(RedemptionStatus::Released.as_str()))
        .col_expr(redemptions::Column::UpdatedAt, Expr::value(scope.now()))
        .filter(redemptions::Column::TenantId.eq(scope.tenant()?))
        .filter(redemptions::Column::Id.eq(standing.id))
        .filter(redemptions::Column::Status.eq(RedemptionStatus::Redeemed))
        .exec_with_returning(scope)
        .await?;
    for redemption in released {
        count(scope, redemption.coupon_id, -1).await?;
        scope.emit(events::released(&redemption));
    }
    Ok(())
}

/// The 422 of a reason.
pub(super) fn refusal(reason: Reason) -> ApiError {
    ApiError::new(Code::CouponInvalid, reason.sentence()).with("reason", reason.as_str())
}

/// An amount on the wire as money.
pub(super) fn money(cents: i64, currency: &str) -> Result<Money, ApiError> {
    let currency = Currency::new(currency).ok_or_else(|| ApiError::internal("a currency without a code"))?;
    Ok(Money::new(cents, currency))
}

/// What is known of somebody who wants to use a coupon.
pub(super) async fn holder(scope: &Scope, coupon: CouponId, customer: CustomerId) -> Result<Holder, ApiError> {
    let used = Redemptions::find()
        .filter(redemptions::Column::TenantId.eq(scope.tenant()?))
        .filter(redemptions::Column::CustomerId.eq(customer))
        .filter(redemptions::Column::CouponId.eq(coupon))
        .filter(redemptions::Column::Status.eq(RedemptionStatus::Redeemed))
        .count(scope)
        .await?;
    Ok(Holder { id: customer, used, has_come: crm::has_come(scope, customer).await? })
}

async fn standing(scope: &Scope, payment: Uuid) -> Result<Option<redemptions::Model>, ApiError> {
    let find = Redemptions::find()
        .filter(redemptions::Column::TenantId.eq(scope.tenant()?))
        .filter(redemptions::Column::PaymentId.eq(payment))
        .filter(redemptions::Column::Status.eq(RedemptionStatus::Redeemed));
    Ok(find.one(scope).await?)
}

/// The counter moves under the coupon's lock; a constraint holds it to the limit.
async fn count(scope: &Scope, coupon: CouponId, by: i32) -> Result<(), ApiError> {
    Entity::update_many()
        .col_expr(Column::Redeemed, Expr::col(Column::Redeemed).add(by))
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::Id.eq(coupon))
        .exec(scope)
        .await?;
    Ok(())
}
