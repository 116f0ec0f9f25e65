//! What the owner sees of it all.

use std::sync::Arc;

use poem_openapi::OpenApi;

use crate::app::App;
use crate::domains::billing::dto::{BillingOverview, BillingPortal, BillingPortalLink};
use crate::domains::billing::held::Subject;
use crate::domains::billing::service;
use crate::domains::identity::permission::{BillingRead, BillingWrite};
use crate::error::ApiError;
use crate::guard::{Body, Can, OptionalKey, Reply, Tag};

/// `/api/v1/billing`
pub struct BillingApi {
    app: Arc<App>,
}

impl BillingApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Billing")]
impl BillingApi {
    /// Read what the business has of the platform
    ///
    /// Its plan, what of it is used, and where bills and cards are looked after.
    #[oai(path = "/api/v1/billing", method = "get", operation_id = "billing_get")]
    async fn get(&self, guard: Can<BillingRead>) -> Result<Reply<BillingOverview>, ApiError> {
        let shown = service::show(&guard.scope, Subject::Business).await?;
        let has_payment_method = shown.held.as_ref().is_some_and(|held| held.provider_method_id.is_some());
        Ok(Reply::new(BillingOverview {
            subscription: shown.into(),
            has_payment_method,
            portal: "/api/v1/billing/portal".to_owned(),
            invoices: format!("/api/v1/organizations/{}/invoices", guard.tenant.id),
        }))
    }

    /// Get a link to the provider's page
    ///
    /// Where bills are seen and cards are changed. It is good for minutes.
    #[oai(path = "/api/v1/billing/portal", method = "post", operation_id = "billing_portal_create")]
    async fn portal(
        &self,
        guard: Can<BillingWrite>,
        /// Names this attempt.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        wanted: Body<BillingPortal>,
    ) -> Result<Reply<BillingPortalLink>, ApiError> {
        let path = wanted.0.return_path.unwrap_or_else(|| "/".to_owned());
        let back = format!("{}{path}", self.app.settings.server.tenant_url(&guard.tenant.slug).trim_end_matches('/'));
        let provider = &*self.app.payments;
        let url = service::portal(&guard.scope, provider, Subject::Business, &back).await?;
        Ok(Reply::new(BillingPortalLink { url }))
    }
}
