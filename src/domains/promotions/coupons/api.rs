//! The operations on coupons; `public` is the visitor's side.

use std::sync::Arc;

use ::entity::coupons::{Entity, Model};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::dto::{
    Coupon, CouponCreate, CouponRedemption, CouponRedemptionSort, CouponSort, CouponTrial, CouponUpdate, CouponVerdict,
};
use super::service::{self, CouponFilter};
use super::trial;
use crate::app::App;
use crate::db::keyset::Walk;
use crate::db::row;
use crate::domains::identity::permission::{CouponRead, CouponWrite};
use crate::error::ApiError;
use crate::guard::{Body, Can, Created, IfMatch, Listing, NoContent, OptionalKey, Page, Reply, Tag, Text};

/// `/api/v1/promotions/coupons`
pub struct CouponsApi {
    app: Arc<App>,
}

impl CouponsApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

fn shown((row, services): (Model, Vec<Uuid>)) -> Reply<Coupon> {
    let etag = row::tag::<Entity>(&row);
    Reply::new(Coupon::of(row, services)).tagged(etag)
}

#[OpenApi(tag = "Tag::Promotions")]
impl CouponsApi {
    /// List coupons
    ///
    /// The newest first, unless another order is asked for.
    #[oai(path = "/api/v1/promotions/coupons", method = "get", operation_id = "coupon_list")]
    async fn list(
        &self,
        guard: Can<CouponRead>,
        page: Page,
        /// Only those that can or cannot be used.
        active: Query<Option<bool>>,
        /// Only those of this customer alone.
        customer_id: Query<Option<Uuid>>,
        /// Only those whose code or name contains this text.
        q: Query<Option<Text<1, 100>>>,
        /// The order.
        sort: Query<Option<CouponSort>>,
    ) -> Result<Reply<Listing<Coupon>>, ApiError> {
        let filter = CouponFilter { active: active.0, customer_id: customer_id.0, q: q.0.map(Into::into) };
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(service::list(&guard.scope, walk, &filter).await?.into())
    }

    /// Make a coupon
    ///
    /// 409 when another coupon has the code, however it is spelt. Emits `COUPON_CREATED`.
    #[oai(path = "/api/v1/promotions/coupons", method = "post", operation_id = "coupon_create")]
    async fn create(
        &self,
        guard: Can<CouponWrite>,
        /// Names this attempt, so that a repeat makes nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        new: Body<CouponCreate>,
    ) -> Result<Created<Coupon>, ApiError> {
        let (made, services) = service::create(&guard.scope, &guard.tenant.currency, new.0).await?;
        let etag = row::tag::<Entity>(&made);
        let location = format!("/api/v1/promotions/coupons/{}", made.id);
        Ok(Created::at(location, Coupon::of(made, services)).tagged(etag))
    }

    /// Try a coupon
    ///
    /// What a code would take off an amount, or why it would take off nothing. Nothing is used.
    #[oai(path = "/api/v1/promotions/coupons/validate", method = "post", operation_id = "coupon_validate")]
    async fn validate(
        &self,
        guard: Can<CouponRead>,
        /// Names this attempt, so that a repeat gets the same answer.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        asked: Body<CouponTrial>,
    ) -> Result<Reply<CouponVerdict>, ApiError> {
        Ok(trial::judge(&guard.scope, &guard.tenant.currency, asked.0).await?.into())
    }

    /// Read a coupon
    ///
    /// One that was not deleted.
    #[oai(path = "/api/v1/promotions/coupons/:coupon_id", method = "get", operation_id = "coupon_get")]
    async fn get(
        &self,
        guard: Can<CouponRead>,
        /// The coupon's id.
        coupon_id: Path<Uuid>,
    ) -> Result<Reply<Coupon>, ApiError> {
        Ok(shown(service::get(&guard.scope, coupon_id.0).await?))
    }

    /// Change a coupon
    ///
    /// What is absent stays, null clears. The code and what it is worth stay: whoever was promised something gets it.
    /// 422 for a limit below what is used already. Emits `COUPON_UPDATED`.
    #[oai(path = "/api/v1/promotions/coupons/:coupon_id", method = "patch", operation_id = "coupon_update")]
    async fn update(
        &self,
        guard: Can<CouponWrite>,
        /// The coupon's id.
        coupon_id: Path<Uuid>,
        /// The tag of the state that the change was made from.
        if_match: IfMatch,
        change: Body<CouponUpdate>,
    ) -> Result<Reply<Coupon>, ApiError> {
        Ok(shown(service::update(&guard.scope, coupon_id.0, &if_match, change.0).await?))
    }

    /// Delete a coupon
    ///
    /// Its code is free again; what it was used for stays. Emits `COUPON_DELETED`.
    #[oai(path = "/api/v1/promotions/coupons/:coupon_id", method = "delete", operation_id = "coupon_delete")]
    async fn delete(
        &self,
        guard: Can<CouponWrite>,
        /// The coupon's id.
        coupon_id: Path<Uuid>,
        /// The tag of the state that the decision was made from.
        if_match: IfMatch,
    ) -> Result<NoContent, ApiError> {
        service::delete(&guard.scope, coupon_id.0, &if_match).await?;
        Ok(NoContent)
    }

    /// List what a coupon was used for
    ///
    /// The newest first, unless the other order is asked for. What was released counts against no limit.
    #[oai(
        path = "/api/v1/promotions/coupons/:coupon_id/redemptions",
        method = "get",
        operation_id = "coupon_redemption_list"
    )]
    async fn redemptions(
        &self,
        guard: Can<CouponRead>,
        /// The coupon's id.
        coupon_id: Path<Uuid>,
        page: Page,
        /// The order.
        sort: Query<Option<CouponRedemptionSort>>,
    ) -> Result<Reply<Listing<CouponRedemption>>, ApiError> {
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(service::redemptions(&guard.scope, walk, coupon_id.0).await?.into())
    }
}
