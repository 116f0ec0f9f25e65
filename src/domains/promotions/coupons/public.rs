//! What a visitor asks of a coupon.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::dto::{CouponVerdict, PublicCouponTrial};
use super::trial;
use crate::app::App;
use crate::error::ApiError;
use crate::guard::{Body, OptionalKey, Reply, Tag, Visitor};

/// `/v1/b/{slug}/coupons`
pub struct PublicCouponsApi;

impl PublicCouponsApi {
    pub fn new(_: &Arc<App>) -> Self {
        Self
    }
}

#[OpenApi(tag = "Tag::Public")]
impl PublicCouponsApi {
    /// Try a coupon as a visitor
    ///
    /// What a code would take off an amount, or why it would take off nothing. What depends on who uses it is decided
    /// when it is paid. Counted strictly, so that nobody guesses codes.
    #[oai(path = "/v1/b/:slug/coupons/validate", method = "post", operation_id = "public_coupon_validate")]
    async fn validate(
        &self,
        guard: Visitor,
        /// Names this attempt, so that a repeat gets the same answer.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        asked: Body<PublicCouponTrial>,
    ) -> Result<Reply<CouponVerdict>, ApiError> {
        Ok(trial::judge(&guard.scope, &guard.tenant.currency, asked.0.into()).await?.into())
    }
}
