//! The operations on the account of a business.

use std::sync::Arc;

use poem_openapi::OpenApi;

use super::dto::{ConnectAccount, ConnectOnboarding};
use super::service;
use crate::app::App;
use crate::domains::identity::permission::{BillingRead, BillingWrite};
use crate::error::ApiError;
use crate::guard::{Can, OptionalKey, Reply, Tag};

/// `/api/v1/billing/connect`
pub struct ConnectApi {
    app: Arc<App>,
}

impl ConnectApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Payments")]
impl ConnectApi {
    /// Read the account that is paid
    ///
    /// What the provider said of it last. Cards can be charged while `charges_enabled`; without it only cash is taken.
    #[oai(path = "/api/v1/billing/connect", method = "get", operation_id = "connect_account_get")]
    async fn get(&self, guard: Can<BillingRead>) -> Result<Reply<ConnectAccount>, ApiError> {
        Ok(service::get(&guard.scope).await?.into())
    }

    /// Set up the account that is paid
    ///
    /// Makes the account at the provider when there is none, or when it was closed to us, and answers with a page of
    /// the provider where its questions are answered. To go on later, ask again: each page works once.
    #[oai(path = "/api/v1/billing/connect/onboarding", method = "post", operation_id = "connect_onboarding_create")]
    async fn onboarding(
        &self,
        guard: Can<BillingWrite>,
        /// Names this attempt.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
    ) -> Result<Reply<ConnectOnboarding>, ApiError> {
        Ok(service::onboarding(&self.app, &guard.scope, &guard.tenant, &guard.person.email).await?.into())
    }

    /// Ask the provider about the account now
    ///
    /// For whoever comes back from its page and does not want to wait until it tells us. Emits
    /// `PAYMENT_ACCOUNT_UPDATED` when something has changed.
    #[oai(path = "/api/v1/billing/connect/refresh", method = "post", operation_id = "connect_account_refresh")]
    async fn refresh(
        &self,
        guard: Can<BillingWrite>,
        /// Names this attempt.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
    ) -> Result<Reply<ConnectAccount>, ApiError> {
        Ok(service::refresh(&self.app, &guard.scope).await?.into())
    }
}
