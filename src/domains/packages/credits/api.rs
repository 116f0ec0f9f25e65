//! The operations on credits.

use std::sync::Arc;

use ::entity::purchases::Entity as Purchases;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use uuid::Uuid;

use super::dto::{CreditEntry, CreditEntrySort, CreditGrant, CreditPrices, CreditPurchase, CreditSpend, Credits};
use super::{prices, service};
use crate::app::App;
use crate::db::keyset::Walk;
use crate::db::row;
use crate::domains::identity::permission::{CreditRead, CreditUse, CreditWrite, PackageSell};
use crate::domains::packages::purchases::{PaidWith, Purchase};
use crate::error::ApiError;
use crate::guard::{Body, Can, Created, Listing, Page, Reply, RequiredKey, Tag};

/// `/api/v1/credits`
pub struct CreditsApi {
    app: Arc<App>,
}

impl CreditsApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Packages")]
impl CreditsApi {
    /// Read a customer's credits
    ///
    /// What can be used now: credits, and sessions of packages, lot by lot.
    #[oai(path = "/api/v1/credits", method = "get", operation_id = "credit_get")]
    async fn get(
        &self,
        guard: Can<CreditRead>,
        /// The customer.
        customer_id: Query<Uuid>,
    ) -> Result<Reply<Credits>, ApiError> {
        Ok(service::balance(&guard.scope, customer_id.0).await?.into())
    }

    /// List what moved a customer's credits
    ///
    /// Credits and sessions; the newest first, unless the other order is asked for. The sum of a lot's entries is what
    /// it holds.
    #[oai(path = "/api/v1/credits/transactions", method = "get", operation_id = "credit_transaction_list")]
    async fn transactions(
        &self,
        guard: Can<CreditRead>,
        page: Page,
        /// The customer.
        customer_id: Query<Uuid>,
        /// The order.
        sort: Query<Option<CreditEntrySort>>,
    ) -> Result<Reply<Listing<CreditEntry>>, ApiError> {
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(service::entries(&guard.scope, walk, customer_id.0).await?.into())
    }

    /// Sell credits
    ///
    /// They wait to be paid by a payment, or are paid at the counter, which grants them at once. Emits
    /// `PURCHASE_CREATED`, and `PURCHASE_PAID` where they are paid.
    #[oai(path = "/api/v1/credits/purchase", method = "post", operation_id = "credit_purchase")]
    async fn purchase(
        &self,
        guard: Can<PackageSell>,
        /// Names this attempt, so that a repeat sells nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        new: Body<CreditPurchase>,
    ) -> Result<Created<Purchase>, ApiError> {
        if new.0.paid_with == PaidWith::Given {
            return Err(ApiError::field("#/paid_with", "invalid", "To give credits there is another operation."));
        }
        let made = service::purchase(&guard.scope, &guard.tenant.currency, new.0).await?;
        let etag = row::tag::<Purchases>(&made);
        Ok(Created::at(format!("/api/v1/purchases/{}", made.id), made.into()).tagged(etag))
    }

    /// Give credits
    ///
    /// Without being bought. Emits `CREDITS_GRANTED`.
    #[oai(path = "/api/v1/credits/grant", method = "post", operation_id = "credit_grant")]
    async fn grant(
        &self,
        guard: Can<CreditWrite>,
        /// Names this attempt, so that a repeat gives nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        new: Body<CreditGrant>,
    ) -> Result<Reply<Credits>, ApiError> {
        Ok(service::grant(&guard.scope, new.0).await?.into())
    }

    /// Use credits
    ///
    /// For something that is no booking; first what expires first. 409 with `balance` when there are not so many. Emits
    /// `CREDITS_CONSUMED`.
    #[oai(path = "/api/v1/credits/consume", method = "post", operation_id = "credit_consume")]
    async fn consume(
        &self,
        guard: Can<CreditUse>,
        /// Names this attempt, so that a repeat uses nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        spend: Body<CreditSpend>,
    ) -> Result<Reply<Credits>, ApiError> {
        Ok(service::consume(&guard.scope, spend.0).await?.into())
    }

    /// List what services cost in credits
    ///
    /// Those that are not named cannot be had for credits.
    #[oai(path = "/api/v1/credits/prices", method = "get", operation_id = "credit_price_list")]
    async fn prices(&self, guard: Can<CreditRead>) -> Result<Reply<CreditPrices>, ApiError> {
        Ok(prices::list(&guard.scope).await?.into())
    }

    /// Replace what services cost in credits
    ///
    /// The whole set. Bookings that were made keep what they cost.
    #[oai(path = "/api/v1/credits/prices", method = "put", operation_id = "credit_price_replace")]
    async fn replace_prices(
        &self,
        guard: Can<CreditWrite>,
        set: Body<CreditPrices>,
    ) -> Result<Reply<CreditPrices>, ApiError> {
        Ok(prices::replace(&guard.scope, set.0).await?.into())
    }
}
