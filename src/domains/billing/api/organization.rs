//! The organization's side: an organization is a business under another name.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use crate::app::App;
use crate::db::keyset::Walk;
use crate::domains::billing::dto::{
    BillingSetup, BillingSetupCreate, Subscription, SubscriptionBill, SubscriptionBillSort, SubscriptionBillsPaid,
    SubscriptionPreview, SubscriptionWrite,
};
use crate::domains::billing::held::Subject;
use crate::domains::billing::service;
use crate::domains::identity::permission::{BillingWrite, SubscriptionRead};
use crate::error::ApiError;
use crate::guard::{Body, Can, Listing, OptionalKey, Page, Reply, RequiredKey, Tag};

/// `/api/v1/organizations/{tenant_id}`
pub struct OrganizationsApi {
    app: Arc<App>,
}

impl OrganizationsApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Billing")]
impl OrganizationsApi {
    /// Read an organization's subscription
    ///
    /// The plan, what it is worth now, and what of it is used.
    #[oai(
        path = "/api/v1/organizations/:tenant_id/subscription",
        method = "get",
        operation_id = "organization_subscription_get"
    )]
    async fn get(
        &self,
        guard: Can<SubscriptionRead>,
        /// The organization's id.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        tenant_id: Path<Uuid>,
    ) -> Result<Reply<Subscription>, ApiError> {
        Ok(Reply::new(service::show(&guard.scope, Subject::Business).await?.into()))
    }

    /// Choose an organization's plan
    ///
    /// What is left of the trial stays free. Refused with 422 and `excess` while what is there does not fit, with 409
    /// `TITHI_BILLING_SETUP_REQUIRED` when there is nothing to pay with. Emits `SUBSCRIPTION_CHANGED`.
    #[oai(
        path = "/api/v1/organizations/:tenant_id/subscription",
        method = "put",
        operation_id = "organization_subscription_replace"
    )]
    async fn replace(
        &self,
        guard: Can<BillingWrite>,
        /// Names this attempt, so that a repeat buys nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The organization's id.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        tenant_id: Path<Uuid>,
        wanted: Body<SubscriptionWrite>,
    ) -> Result<Reply<Subscription>, ApiError> {
        let (scope, provider) = (&guard.scope, &*self.app.payments);
        service::change(scope, provider, Subject::Business, wanted.0.into()).await?;
        Ok(Reply::new(service::show(scope, Subject::Business).await?.into()))
    }

    /// End an organization's subscription
    ///
    /// With what is paid for; at once where nothing is. Emits `SUBSCRIPTION_CHANGED`.
    #[oai(
        path = "/api/v1/organizations/:tenant_id/subscription/cancel",
        method = "post",
        operation_id = "organization_subscription_cancel"
    )]
    async fn cancel(
        &self,
        guard: Can<BillingWrite>,
        /// Names this attempt.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        /// The organization's id.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        tenant_id: Path<Uuid>,
    ) -> Result<Reply<Subscription>, ApiError> {
        service::cancel(&guard.scope, &*self.app.payments, Subject::Business).await?;
        Ok(Reply::new(service::show(&guard.scope, Subject::Business).await?.into()))
    }

    /// See what a plan would mean
    ///
    /// What would be paid at once, and what does not fit. Changes nothing.
    #[oai(
        path = "/api/v1/organizations/:tenant_id/subscription/preview",
        method = "post",
        operation_id = "organization_subscription_preview"
    )]
    async fn preview(
        &self,
        guard: Can<BillingWrite>,
        /// Names this attempt.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        /// The organization's id.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        tenant_id: Path<Uuid>,
        wanted: Body<SubscriptionWrite>,
    ) -> Result<Reply<SubscriptionPreview>, ApiError> {
        let (scope, provider) = (&guard.scope, &*self.app.payments);
        let preview = service::preview(scope, provider, Subject::Business, wanted.0.plan.into()).await?;
        Ok(Reply::new(preview.into()))
    }

    /// Set up with what an organization pays
    ///
    /// Begins a setup, which the payer's browser goes through with the provider by `client_secret`; then call it again
    /// with its `setup_id`. No card number ever comes here.
    #[oai(
        path = "/api/v1/organizations/:tenant_id/billing/setup",
        method = "post",
        operation_id = "organization_billing_setup"
    )]
    async fn setup(
        &self,
        guard: Can<BillingWrite>,
        /// Names this attempt.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The organization's id.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        tenant_id: Path<Uuid>,
        given: Body<BillingSetupCreate>,
    ) -> Result<Reply<BillingSetup>, ApiError> {
        let (scope, provider) = (&guard.scope, &*self.app.payments);
        let done = given.0.setup_id.as_deref();
        Ok(Reply::new(service::setup(scope, provider, Subject::Business, done).await?.into()))
    }

    /// List what an organization was billed
    ///
    /// By the platform, for its subscription; the newest first unless the other order is asked for.
    #[oai(
        path = "/api/v1/organizations/:tenant_id/invoices",
        method = "get",
        operation_id = "organization_invoice_list"
    )]
    async fn bills(
        &self,
        guard: Can<SubscriptionRead>,
        /// The organization's id.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        tenant_id: Path<Uuid>,
        page: Page,
        /// The order.
        sort: Query<Option<SubscriptionBillSort>>,
    ) -> Result<Reply<Listing<SubscriptionBill>>, ApiError> {
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(service::list_bills(&guard.scope, walk).await?.into())
    }

    /// Pay what an organization owes
    ///
    /// All open bills, the oldest first, with what was set up; answers those that were paid. 402 at the first one that
    /// is declined.
    #[oai(
        path = "/api/v1/organizations/:tenant_id/payments",
        method = "post",
        operation_id = "organization_payment_create"
    )]
    async fn pay(
        &self,
        guard: Can<BillingWrite>,
        /// Names this attempt, so that a repeat pays nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The organization's id.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        tenant_id: Path<Uuid>,
    ) -> Result<Reply<SubscriptionBillsPaid>, ApiError> {
        let paid = service::pay_bills(&guard.scope, &*self.app.payments).await?;
        Ok(SubscriptionBillsPaid { data: paid.into_iter().map(SubscriptionBill::from).collect() }.into())
    }
}
