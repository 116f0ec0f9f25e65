//! The operations on the program.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::dto::{LoyaltyExchange, LoyaltyExchanged, LoyaltyProgram};
use super::{exchange, service};
use crate::app::App;
use crate::domains::identity::permission::{LoyaltyManage, LoyaltyRead, LoyaltyWrite};
use crate::error::ApiError;
use crate::guard::{Body, Can, Reply, RequiredKey, Tag};

/// `/api/v1/loyalty/program`, `/api/v1/loyalty/accounts/{customer_id}/exchange`
pub struct LoyaltyProgramApi;

impl LoyaltyProgramApi {
    pub fn new(_: &Arc<App>) -> Self {
        Self
    }
}

#[OpenApi(tag = "Tag::Loyalty")]
impl LoyaltyProgramApi {
    /// Read how points are earned
    ///
    /// And where tiers begin, and what points can be exchanged for.
    #[oai(path = "/api/v1/loyalty/program", method = "get", operation_id = "loyalty_program_get")]
    async fn get(&self, guard: Can<LoyaltyRead>) -> Result<Reply<LoyaltyProgram>, ApiError> {
        Ok(service::shown(&guard.scope).await?.into())
    }

    /// Say how points are earned
    ///
    /// From now on; what was earned stays. Accounts move to the tiers that their points lead to by the new ones. 422 for
    /// tiers out of order.
    #[oai(path = "/api/v1/loyalty/program", method = "put", operation_id = "loyalty_program_replace")]
    async fn replace(
        &self,
        guard: Can<LoyaltyManage>,
        new: Body<LoyaltyProgram>,
    ) -> Result<Reply<LoyaltyProgram>, ApiError> {
        Ok(service::replace(&guard.scope, new.0).await?.into())
    }

    /// Exchange points
    ///
    /// For credits, or for a coupon over an amount that only this customer can use, and once. 409 with `points_balance`
    /// when there are not so many, 422 when they do not come out even. Emits `LOYALTY_POINTS_REDEEMED`, and
    /// `CREDITS_GRANTED` or `COUPON_CREATED`.
    #[oai(
        path = "/api/v1/loyalty/accounts/:customer_id/exchange",
        method = "post",
        operation_id = "loyalty_points_exchange"
    )]
    async fn exchange(
        &self,
        guard: Can<LoyaltyWrite>,
        /// Names this attempt, so that a repeat exchanges nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The customer's id.
        customer_id: Path<Uuid>,
        wanted: Body<LoyaltyExchange>,
    ) -> Result<Reply<LoyaltyExchanged>, ApiError> {
        let currency = &guard.tenant.currency;
        Ok(exchange::exchange(&guard.scope, currency, customer_id.0, wanted.0).await?.into())
    }
}
