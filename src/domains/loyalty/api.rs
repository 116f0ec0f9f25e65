//! The operations on points.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::dto::{LoyaltyAccount, LoyaltyPoints, LoyaltyTransaction, LoyaltyTransactionSort};
use super::service;
use crate::app::App;
use crate::db::keyset::Walk;
use crate::domains::identity::permission::{LoyaltyRead, LoyaltyWrite};
use crate::error::ApiError;
use crate::guard::{Body, Can, ETag, Listing, Page, Reply, RequiredKey, Tag};

/// `/api/v1/loyalty/accounts/{customer_id}`
pub struct LoyaltyApi {
    app: Arc<App>,
}

impl LoyaltyApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

/// Every movement makes one of the two sums larger: together they name a state of the points.
fn shown(account: LoyaltyAccount) -> Reply<LoyaltyAccount> {
    let sums = [account.total_earned, account.total_redeemed].map(i64::to_be_bytes);
    let etag = ETag::of(sums.as_flattened());
    Reply::new(account).tagged(etag)
}

#[OpenApi(tag = "Tag::Loyalty")]
impl LoyaltyApi {
    /// Read a customer's points
    ///
    /// As they are now; zeros for a customer who never had any. A completed booking earns what the business
    /// says: one point for each whole unit of its currency where it never said.
    #[oai(path = "/api/v1/loyalty/accounts/:customer_id", method = "get", operation_id = "loyalty_account_get")]
    async fn get(
        &self,
        guard: Can<LoyaltyRead>,
        /// The customer's id.
        customer_id: Path<Uuid>,
    ) -> Result<Reply<LoyaltyAccount>, ApiError> {
        Ok(shown(service::account(&guard.scope, customer_id.0).await?))
    }

    /// Give points
    ///
    /// The tier follows. Emits `LOYALTY_POINTS_EARNED`.
    #[oai(path = "/api/v1/loyalty/accounts/:customer_id/earn", method = "post", operation_id = "loyalty_points_earn")]
    async fn earn(
        &self,
        guard: Can<LoyaltyWrite>,
        /// Names this attempt, so that a repeat gives nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The customer's id.
        customer_id: Path<Uuid>,
        new: Body<LoyaltyPoints>,
    ) -> Result<Reply<LoyaltyAccount>, ApiError> {
        Ok(shown(service::earn(&guard.scope, customer_id.0, new.0).await?))
    }

    /// Redeem points
    ///
    /// 409 with `points_balance` when there are not so many. The tier stays. Emits `LOYALTY_POINTS_REDEEMED`.
    #[oai(
        path = "/api/v1/loyalty/accounts/:customer_id/redeem",
        method = "post",
        operation_id = "loyalty_points_redeem"
    )]
    async fn redeem(
        &self,
        guard: Can<LoyaltyWrite>,
        /// Names this attempt, so that a repeat redeems nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The customer's id.
        customer_id: Path<Uuid>,
        spent: Body<LoyaltyPoints>,
    ) -> Result<Reply<LoyaltyAccount>, ApiError> {
        Ok(shown(service::redeem(&guard.scope, customer_id.0, spent.0).await?))
    }

    /// List the movements of points
    ///
    /// The newest first, unless the other order is asked for. Their sum is the balance.
    #[oai(
        path = "/api/v1/loyalty/accounts/:customer_id/transactions",
        method = "get",
        operation_id = "loyalty_transaction_list"
    )]
    async fn transactions(
        &self,
        guard: Can<LoyaltyRead>,
        /// The customer's id.
        customer_id: Path<Uuid>,
        page: Page,
        /// The order.
        sort: Query<Option<LoyaltyTransactionSort>>,
    ) -> Result<Reply<Listing<LoyaltyTransaction>>, ApiError> {
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(service::transactions(&guard.scope, walk, customer_id.0).await?.into())
    }
}
