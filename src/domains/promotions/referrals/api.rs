//! The operations on referrals.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use uuid::Uuid;

use super::dto::{Referral, ReferralCode, ReferralCodeAsk, ReferralSettings, ReferralSort};
use super::service::{self, ReferralFilter};
use crate::app::App;
use crate::db::keyset::Walk;
use crate::domains::crm;
use crate::domains::identity::permission::{ReferralRead, ReferralWrite};
use crate::error::ApiError;
use crate::guard::{Body, Can, Listing, OptionalKey, Page, Reply, Tag};

/// `/api/v1/promotions/referrals`
pub struct ReferralsApi {
    app: Arc<App>,
}

impl ReferralsApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Promotions")]
impl ReferralsApi {
    /// List referrals
    ///
    /// Who brought whom; the newest first, unless the other order is asked for.
    #[oai(path = "/api/v1/promotions/referrals", method = "get", operation_id = "referral_list")]
    async fn list(
        &self,
        guard: Can<ReferralRead>,
        page: Page,
        /// Only where this customer brought somebody along, or was brought along.
        customer_id: Query<Option<Uuid>>,
        /// The order.
        sort: Query<Option<ReferralSort>>,
    ) -> Result<Reply<Listing<Referral>>, ApiError> {
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        let filter = ReferralFilter { customer_id: customer_id.0 };
        Ok(service::list(&guard.scope, walk, &filter).await?.into())
    }

    /// Ask for a customer's code
    ///
    /// By which they bring others along; made when they have none yet, and the same for good.
    #[oai(path = "/api/v1/promotions/referrals/codes", method = "post", operation_id = "referral_code_create")]
    async fn code(
        &self,
        guard: Can<ReferralRead>,
        /// Names this attempt, so that a repeat gets the same answer.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        asked: Body<ReferralCodeAsk>,
    ) -> Result<Reply<ReferralCode>, ApiError> {
        let customer = crm::known(&guard.scope, asked.0.customer_id).await?;
        let code = service::referral_code(&guard.scope, customer).await?;
        Ok(ReferralCode { code }.into())
    }

    /// Read what is given for bringing somebody along
    ///
    /// Nothing, until the business says so.
    #[oai(path = "/api/v1/promotions/referrals/settings", method = "get", operation_id = "referral_settings_get")]
    async fn settings(&self, guard: Can<ReferralRead>) -> Result<Reply<ReferralSettings>, ApiError> {
        Ok(service::shown(&guard.scope).await?.into())
    }

    /// Say what is given for bringing somebody along
    ///
    /// Counts for every booking that is completed from now on. 422 for a share above all of it.
    #[oai(path = "/api/v1/promotions/referrals/settings", method = "put", operation_id = "referral_settings_replace")]
    async fn replace_settings(
        &self,
        guard: Can<ReferralWrite>,
        new: Body<ReferralSettings>,
    ) -> Result<Reply<ReferralSettings>, ApiError> {
        Ok(service::replace(&guard.scope, new.0).await?.into())
    }
}
